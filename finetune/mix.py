"""What a correction is learned from: the shop's own reviewed messages, among many of those the model knows already.

    python -m finetune.mix --own DATA/training/set-1a2b3c4d/train.jsonl --out runs/mix

A model that is shown corrections alone forgets the rest (replay against forgetting: Robins 1995; Rolnick et al. 2019).
So `train.jsonl` of --out holds a draw of the shipped training data, in its own proportions, the shop's messages as
often as gives them a share of it, and beside each that was misread the shipped messages most like it of the intent that
it was taken for (`read` in its line): else that intent loses what merely looks like the correction. `dev.jsonl` holds
the shipped development data, to stop and to calibrate by.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import click

from finetune.examples import BadExample, Example, read_some, split_files
from nlu.whole import write_files

CORPUS = Path(__file__).parent / "data"
_MOST_TIMES = 6
_CONTRAST = 6
"""Shipped messages beside each that was misread."""


def mixed(own: Sequence[Example], shipped: Sequence[Example], share: float, seed: int) -> tuple[list[Example], int]:
    """All shipped examples and the shop's own, each as often as brings them to a share (0..1) of the whole, six times
    at most; in random order, and how often.
    """
    wanted = share / max(1e-9, 1 - share) * len(shipped)
    times = max(1, min(_MOST_TIMES, round(wanted / len(own)))) if own else 0
    found = [*shipped, *(list(own) * times)]
    Random(seed).shuffle(found)
    return found, times


def drawn(examples: Sequence[Example], count: int, seed: int) -> list[Example]:
    """So many examples, every intent of each language in its own proportion and at least once."""
    if count >= len(examples):
        return list(examples)
    rng, groups = Random(seed), defaultdict(list)
    for example in examples:
        groups[example.intent, example.language].append(example)
    found = []
    for _, group in sorted(groups.items()):
        found += rng.sample(group, min(len(group), max(1, round(count * len(group) / len(examples)))))
    return found


def contrasting(own: Sequence[tuple[Example, str]], shipped: Sequence[Example]) -> list[Example]:
    """For each message that was read as another intent the shipped ones of that intent and language most like it, by
    pairs of letters (Dice 1945); each once.
    """
    pairs = {at: _pairs(example.text) for at, example in enumerate(shipped)}
    found: dict[int, Example] = {}
    for example, read in own:
        if read in ("", example.intent):
            continue
        wanted = _pairs(example.text)
        near = [at for at, e in enumerate(shipped) if e.intent == read and e.language == example.language]
        near.sort(key=lambda at: (-len(wanted & pairs[at]) / (len(wanted) + len(pairs[at]) or 1), at))
        found.update((at, shipped[at]) for at in near[:_CONTRAST])
    return [found[at] for at in sorted(found)]


def _pairs(text: str) -> set[str]:
    folded = "".join(text.casefold().split())
    return {folded[at : at + 2] for at in range(len(folded) - 1)}


def plain(example: Example) -> dict[str, Any]:
    """An example as a line has it."""
    row: dict[str, Any] = {"text": example.text, "intent": example.intent, "lang": example.language}
    if example.spans is not None:
        row["slots"] = [
            {"name": str(span.name), "start": span.start, "end": span.end, "negated": span.negated}
            for span in example.spans
        ]
    context = {"asked": example.context.asked, "shown": example.context.shown}
    return row | {"also": list(example.also), "context": context, "source": example.source}


@click.command(epilog="Example: python -m finetune.mix --own DATA/training/set-1a2b3c4d/train.jsonl --out runs/mix")
@click.option("--own", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True, help="JSONL.")
@click.option(
    "--corpus", type=click.Path(path_type=Path, file_okay=False), default=CORPUS, help="The shipped training data."
)
@click.option("--replay", type=click.IntRange(1), default=3000, show_default=True, help="Shipped messages to learn.")
@click.option("--dev", type=click.IntRange(1), default=6000, show_default=True, help="Shipped messages to stop by.")
@click.option(
    "--share", type=click.FloatRange(0, 0.9), default=0.05, show_default=True, help="Share of the shop's own messages."
)
@click.option("--seed", type=int, default=17, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write.")
def main(own: Path, corpus: Path, replay: int, dev: int, share: float, seed: int, out: Path) -> None:
    """Mix a shop's reviewed messages with what the understander was trained on."""
    try:
        reviewed, whole = read_some([own]), read_some(split_files(corpus, "train"))  # the small one tells at once
        shipped = drawn(whole, replay, seed)
        contrast = contrasting(list(zip(reviewed, _read(own), strict=True)), whole)
        judged = drawn(read_some(split_files(corpus, "dev")), dev, seed)
        rows, times = mixed(reviewed, [*shipped, *contrast], share, seed)
        write_files(out, {"train.jsonl": _lines(rows), "dev.jsonl": _lines(judged)})
    except (BadExample, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        json.dumps(
            {
                "train": len(rows),
                "replayed": len(shipped),
                "contrast": len(contrast),
                "times": times,
                "dev": len(judged),
            }
        )
    )


def _read(path: Path) -> list[str]:
    """What each message of a file was read as at the time; empty where its line does not say."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return [str(json.loads(line).get("read") or "") for line in lines if line.strip()]


def _lines(examples: Sequence[Example]) -> bytes:
    return b"".join(json.dumps(plain(each), ensure_ascii=False).encode() + b"\n" for each in examples)


if __name__ == "__main__":
    main()
