"""Rename, join or drop intents in labelled messages, so that old data serves new labels.

    python -m finetune.relabel old.jsonl --map dislike=deny --map compare=ask_product --drop help --out new.jsonl

Everything else in a line stays as it was. A name that occurs nowhere is an error: a misspelt one would change nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from finetune.examples import BadExample, read_examples
from nlu.whole import write_whole


def relabel(rows: Iterable[dict[str, Any]], names: Mapping[str, str], drop: frozenset[str]) -> list[dict[str, Any]]:
    """The rows under new names, further requests included; those whose intent is to drop are left out."""
    found = []
    for row in rows:
        if row["intent"] in drop:
            continue
        intent = names.get(row["intent"], row["intent"])
        also = [names.get(label, label) for label in row.get("also", ()) if label not in drop]
        new = {**row, "intent": intent}
        if "also" in row:
            new["also"] = [label for label in dict.fromkeys(also) if label != intent]
        found.append(new)
    return found


def labels_in(rows: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How often each label occurs."""
    return Counter(label for row in rows for label in (row["intent"], *row.get("also", ())))


@click.command(epilog="Example: python -m finetune.relabel old.jsonl --map dislike=deny --out new.jsonl")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--map", "pairs", multiple=True, metavar="OLD=NEW", help="Rename an intent, or join it to another.")
@click.option("--drop", multiple=True, metavar="INTENT", help="Leave messages of this intent out.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The new file; it may be SOURCE itself.")
def main(source: Path, pairs: tuple[str, ...], drop: tuple[str, ...], out: Path) -> None:
    """Write the labelled messages of SOURCE (JSON lines) under other intents."""
    names = dict(_pair(text) for text in pairs)
    if not names and not drop:
        raise click.UsageError("Give --map OLD=NEW or --drop INTENT.")
    try:
        read_examples([source])
        rows = [json.loads(line) for line in source.read_text(encoding="utf-8").split("\n") if line.strip()]
        known = labels_in(rows)
        if unknown := [name for name in (*names, *drop) if name not in known]:
            raise BadExample(
                f"No message in {source} has the intent {unknown[0]}; there are {', '.join(sorted(known))}."
            )
        new = relabel(rows, names, frozenset(drop))
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in new)
        write_whole(out, text.encode())
    except (BadExample, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    counts = labels_in(new)
    for name in dict.fromkeys(names.values()):
        click.echo(f"{name}: {counts[name]}")
    click.echo(f"{len(new)} of {len(rows)} messages are in {out}.")


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals or not old.strip() or not new.strip():
        raise click.UsageError(f"--map {text}: expected OLD=NEW.")
    return old.strip(), new.strip()


if __name__ == "__main__":
    main()
