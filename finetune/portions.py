"""Parts of a collection, drawn by a seed: some examples of each label to learn from, and some held out to judge on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from random import Random

from finetune.examples import Example


def draw_each(examples: Sequence[Example], count: int, seed: int) -> list[Example]:
    """At most `count` examples of every label, in their order; the same seed draws the same."""
    rng = Random(seed)
    kept = [row for rows in _by_label(examples).values() for row in rng.sample(rows, min(count, len(rows)))]
    return [examples[row] for row in sorted(kept)]


def hold_out(examples: Sequence[Example], share: float, seed: int) -> tuple[list[Example], list[Example], list[str]]:
    """What to train on, a share (0..1) of every label to judge on, and the labels that cannot be parted.

    A label of two examples or more gives at least one and keeps at least one; a label of one example keeps it. The
    same sentence said twice stays on one side.
    """
    rng = Random(seed)
    held: set[int] = set()
    whole = []
    for label, rows in sorted(_by_label(examples).items()):
        said = _by_text(examples, rows)
        if len(said) < 2:
            whole.append(label)
            continue
        texts = sorted(said)
        rng.shuffle(texts)
        for text in texts[: min(len(texts) - 1, max(1, round(share * len(texts))))]:
            held.update(said[text])
    train = [example for row, example in enumerate(examples) if row not in held]
    return train, [examples[row] for row in sorted(held)], whole


def _by_label(examples: Sequence[Example]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for row, example in enumerate(examples):
        found[example.intent].append(row)
    return found


def _by_text(examples: Sequence[Example], rows: Sequence[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        found[examples[row].text.casefold().strip()].append(row)
    return found
