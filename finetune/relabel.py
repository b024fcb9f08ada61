"""Rename, join or drop intents in labelled messages, so that old data serves new labels.

    python -m finetune.relabel --data old.jsonl --map dislike=deny --merge --drop help --out new.jsonl

Everything else in a line stays as it was. A name that occurs nowhere is an error: a misspelt one would change nothing.
Two intents that become one cannot be told apart afterwards, so that takes --merge.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from finetune.examples import BadExample, read_examples
from nlu.artifact import SHIPPED
from nlu.whole import write_whole
from storage.records import Intent

_FEW = 10
"""Fewer examples of an intent than this teach little."""


def relabel(rows: Iterable[dict[str, Any]], names: Mapping[str, str], drop: frozenset[str]) -> list[dict[str, Any]]:
    """The rows under new names, further requests included; those whose intent is to drop are left out."""
    found = []
    for row in rows:
        key = _key(row)
        if row[key] in drop:
            continue
        intent = names.get(row[key], row[key])
        also = [names.get(label, label) for label in row.get("also") or () if label not in drop]
        new = {**row, key: intent}
        if "also" in row:
            new["also"] = [label for label in dict.fromkeys(also) if label != intent]
        found.append(new)
    return found


def labels_in(rows: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How often each label occurs."""
    return Counter(label for row in rows for label in (row[_key(row)], *(row.get("also") or ())))


def joined_by(names: Mapping[str, str], drop: frozenset[str], known: Iterable[str]) -> dict[str, list[str]]:
    """The new names under which two intents or more would be one, each with what they were."""
    found: dict[str, list[str]] = {}
    for old in sorted({*known} - drop):
        found.setdefault(names.get(old, old), []).append(old)
    return {new: olds for new, olds in found.items() if len(olds) > 1}


def _key(row: Mapping[str, Any]) -> str:
    return "intent" if "intent" in row else "label"  # as other collections call it


@click.command(epilog="Example: python -m finetune.relabel --data old.jsonl --map dislike=deny --merge --out new.jsonl")
@click.argument("source", type=click.Path(path_type=Path), required=False)
@click.option("--data", type=click.Path(path_type=Path), help="The old file; the same as SOURCE.")
@click.option("--map", "pairs", multiple=True, metavar="OLD=NEW", help="Rename an intent, or join it to another.")
@click.option("--drop", multiple=True, metavar="INTENT", help="Leave messages of this intent out.")
@click.option("--merge", is_flag=True, help="Let intents become one; they cannot be parted again.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The new file; it may be SOURCE itself.")
def main(
    source: Path | None, data: Path | None, pairs: tuple[str, ...], drop: tuple[str, ...], merge: bool, out: Path
) -> None:
    """Write the labelled messages of SOURCE (JSON lines) under other intents."""
    if (source is None) == (data is None):
        raise click.UsageError("Give SOURCE or --data, one of them.")
    old = source or data
    assert old is not None
    names, gone = _names(pairs, frozenset(drop)), frozenset(drop)
    try:
        rows = _rows(old)
        before = labels_in(rows)
        _check(old, names, gone, before, merge)
        new = relabel(rows, names, gone)
        if not new:
            raise BadExample("No message would be left; nothing is written.")
        write_whole(out, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in new).encode())
    except (BadExample, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(_counts(names, gone, before, labels_in(new)))
    click.echo(f"{len(new)} of {len(rows)} messages are in {out}.\n\n{_next(out, labels_in(new))}")


def _rows(path: Path) -> list[dict[str, Any]]:
    """Raises BadExample where a line is no labelled message."""
    read_examples([path])
    return [json.loads(line) for line in path.read_text(encoding="utf-8-sig").split("\n") if line.strip()]


def _check(path: Path, names: Mapping[str, str], drop: frozenset[str], known: Mapping[str, int], merge: bool) -> None:
    if unknown := [name for name in (*names, *sorted(drop)) if name not in known]:
        raise BadExample(f"No message in {path} has the intent {unknown[0]}; there are {', '.join(sorted(known))}.")
    joined = joined_by(names, drop, known)
    if joined and not merge:
        new, olds = next(iter(joined.items()))
        raise BadExample(f"{' and '.join(olds)} would both be {new}; say --merge if that is meant.")


def _counts(names: Mapping[str, str], drop: frozenset[str], before: Counter[str], after: Counter[str]) -> str:
    """What changed: each old name with its messages, and what they are now."""
    lines = [f"{old} ({before[old]}) is now {new}: {after[new]}" for old, new in names.items()]
    return "\n".join([*lines, *(f"{old} ({before[old]}) is left out" for old in sorted(drop))])


def _next(out: Path, labels: Counter[str]) -> str:
    """The stated path from here to service, with what must be done on it first."""
    known = {str(intent) for intent in Intent}
    few = ", ".join(f"{label} ({n})" for label, n in sorted(labels.items()) if n < _FEW)
    lines = [f"Fewer than {_FEW} messages, write some more: {few}."] if few else []
    lines += [
        f"{label} is no intent of the shop yet: docs/models.md says how to add it before it can be promoted."
        for label in sorted(labels.keys() - known)
    ]
    shipped = SHIPPED / "understander"
    return "\n".join(
        [
            *lines,
            "Next:",
            f"  python -m finetune.train --data {out} --dev-share 0.1 --balanced --out runs/mine",
            f"  python -m finetune.evaluate --model runs/mine --data {out}",
            f"  python -m finetune.compare {shipped} runs/mine --data finetune/data --split test",
            "  python -m finetune.promote runs/mine --data DATA --dry-run",
        ]
    )


def _names(pairs: tuple[str, ...], drop: frozenset[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for old, new in map(_pair, pairs):
        if names.setdefault(old, new) != new or old in drop:
            raise click.UsageError(f"{old} can become one thing only.")
    if not names and not drop:
        raise click.UsageError("Give --map OLD=NEW or --drop INTENT.")
    return names


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals or not old.strip() or not new.strip():
        raise click.UsageError(f"--map {text}: expected OLD=NEW.")
    return old.strip(), new.strip()


if __name__ == "__main__":
    main()
