"""Readers of messages side by side: adapters of the understander and the rules, each against the first.

    python -m finetune.compare nlu/models/understander data/candidate rules --data finetune/data --split test

Every difference comes with a paired bootstrap interval, the change of intents with McNemar's exact test, and the
messages that went from right to wrong and back are listed. Judged on messages that nobody tuned for.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import torch

from finetune.differences import is_clear, side_by_side
from finetune.encoders import open_encoder
from finetune.examples import BadExample
from finetune.figures import HEADLINES
from finetune.judging_options import THREADS, data_option, encoder_option, outside_option, split_option
from finetune.readers import RULES, check_labels, judge_reader, open_understander, read_data
from finetune.render import percent, points, render
from nlu.artifact import ModelBroken, ModelMissing
from nlu.whole import write_whole


@click.command(
    epilog="Example: python -m finetune.compare rules nlu/models/understander --data finetune/data --split challenge"
)
@click.argument("readers", nargs=-1, required=True)
@data_option
@split_option("test")
@encoder_option("The encoder of all.")
@outside_option
@click.option("--bare", is_flag=True, help="The networks alone, without the rules beside them.")
@click.option("--cache", type=click.Path(path_type=Path), help="Where derived ONNX files are kept, if anywhere.")
@click.option("--threads", type=THREADS, default=1, show_default=True, help="Threads of the bare network.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page here.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures for a machine.")
def main(
    readers: tuple[str, ...],
    data: tuple[Path, ...],
    split: str,
    encoder: Path,
    outside: str,
    bare: bool,
    cache: Path | None,
    threads: int,
    html: Path | None,
    as_json: bool,
) -> None:
    """Compare READERS: folders of understanders, or the word rules. The first is what the others are held against."""
    if len(readers) < 2:
        raise click.UsageError("Name two readers or more: folders of understanders, or rules.")
    torch.set_num_threads(threads)
    with TemporaryDirectory() as passing:
        try:
            files, examples = read_data(data, split)
            base = open_encoder(encoder)
            names = names_of(readers)
            for reader in names:  # all are looked at before the first is asked anything
                if reader != RULES:
                    check_labels(open_understander(Path(reader), base), examples, outside)
            read = {
                name: judge_reader(reader, base, encoder, cache or Path(passing), examples, bare=bare, outside=outside)
                for reader, name in names.items()
            }
            figures = side_by_side(examples, read, outside) | {"files": [file.name for file in files]}
            if html:
                values = figures | {"title": " against ".join(read), "made": time.strftime("%Y-%m-%d %H:%M")}
                write_whole(html, render("comparison.html", values).encode())
        except (BadExample, ModelMissing, ModelBroken, OSError) as error:
            raise click.ClickException(str(error)) from error
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else _table(figures))


def names_of(readers: tuple[str, ...]) -> dict[str, str]:
    """A short name for each reader: the last part of its folder where that is enough to tell them apart."""
    given = list(dict.fromkeys(readers))
    if len(given) < len(readers):
        raise BadExample("The same reader is named twice.")
    short = [Path(reader).name for reader in given]
    return dict(zip(given, short if len(set(short)) == len(short) else given, strict=True))


def _table(figures: Mapping[str, Any]) -> str:
    lines: list[str] = []
    for language, part in figures["languages"].items():
        readers, gaps = part["readers"], part["differences"]
        heading = f"{language}, {part['messages']} messages"
        lines += ["", f"{heading:<26}" + "".join(f"{name:>32}" for name in readers)]
        for name, spoken in HEADLINES.items():
            cells = [f"{percent(its[name], 2) + _gap(gaps.get(reader), name):>32}" for reader, its in readers.items()]
            lines.append(f"{spoken:<26}" + "".join(cells))
        for reader, gap in gaps.items():
            lines.append(f"intents of {reader}: {gap['won']} won, {gap['lost']} lost, McNemar p = {gap['p']:.2g}")
    lines += ["", "intents that clearly differ (F1, points [95 %]):", *_clear_intents(figures)]
    return "\n".join(lines[1:])


def _gap(gap: Mapping[str, Any] | None, name: str) -> str:
    its = gap["figures"][name] if gap else None
    if not its:
        return ""
    between = f" [{points(its['interval'][0])}, {points(its['interval'][1])}]" if its["interval"] else ""
    return f" ({points(its['value'])}{between})"


def _clear_intents(figures: Mapping[str, Any]) -> list[str]:
    lines = []
    for language, part in figures["languages"].items():
        for reader, gap in part["differences"].items():
            for intent, its in gap["intents"].items():
                if is_clear(its):
                    low, high = its["interval"]
                    lines.append(
                        f"  {language:<4}{reader:<16}{intent:<20}{percent(its['old']):>6} -> {percent(its['new']):>5}"
                        f"  {points(its['value'])} [{points(low)}, {points(high)}]"
                    )
    return lines or ["  none"]


if __name__ == "__main__":
    main()
