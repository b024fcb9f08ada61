"""The headline figures of an evaluation with their intervals.

Every figure is a function of how often each message counts. All ones give the figure itself, zeros cut out a slice,
and random counts are a bootstrap draw (Efron 1979), so one code serves all three; two readers under the same draws
give a paired interval of their difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finetune.metrics import Judged, slot_counts
from finetune.roc import KEPT, aurocs, keeping
from nlu.outliers import OUTSIDE

Numbers = NDArray[np.float64]
Figures = Callable[[Numbers], Mapping[str, Numbers]]
"""From how often each message counts (draws, messages) to figures by name, a row for each draw."""
SURE = 0.9
"""Confidence above which an error is a scandal."""
DRAWS = 1000
_BINS = 15
_CELLS = 4_000_000  # weights held at once: 32 MB
HEADLINES: Mapping[str, str] = {
    "accuracy": "Intent accuracy",
    "macro_f1": "Intent macro-F1",
    "slot_f1": "Slot F1",
    "also_f1": "Further requests, F1",
    "ece": "Calibration error",
    "auroc": "Out-of-scope AUROC",
    "sure_wrong": "Wrong when sure",
    "sure_wrong_of_all": "Sure and wrong, of all",
    "inside_accuracy": "Accuracy in scope",
    "outside_recall": "Out-of-scope recall",
    "outside_precision": "Out-of-scope precision",
}
"""What the figures are called; all are 0..1. Sure is a confidence above 0.9."""
LOWER_IS_BETTER = frozenset({"ece", "sure_wrong", "sure_wrong_of_all"})


class Table:
    """What was meant and read, as arrays of one row a message."""

    def __init__(self, judged: Sequence[Judged], outside: str = OUTSIDE) -> None:
        """`outside` names the label of everything else."""
        self.intents = tuple(sorted({j.intent for j in judged}))
        self.meant = np.array([[j.intent == name for name in self.intents] for j in judged], dtype=np.float64)
        self.read = np.array([[j.read == name for name in self.intents] for j in judged], dtype=np.float64)
        self.right = np.array([j.intent == j.read for j in judged], dtype=np.bool_)
        self.confidence = np.array([j.confidence for j in judged])
        self.outlier = np.array([j.outlier for j in judged])
        self.outside = np.array([j.intent == outside for j in judged], dtype=np.bool_)
        self.outside_read = np.array([j.read == outside for j in judged], dtype=np.bool_)
        self.slots = np.array([slot_counts(j) for j in judged], dtype=np.float64).reshape(-1, 3)
        self.also = np.array([_also_counts(j) for j in judged], dtype=np.float64).reshape(-1, 3)
        bins = np.clip(np.ceil(self.confidence * _BINS).astype(int) - 1, 0, _BINS - 1)
        gaps = self.confidence - self.right
        self.gaps = np.where(bins[:, None] == np.arange(_BINS), gaps[:, None], 0.0)

    def __len__(self) -> int:
        return len(self.right)

    def figures(self, weights: Numbers) -> dict[str, Numbers]:
        """Each of HEADLINES for each row of weights (draws, messages); nan where there is nothing to divide by."""
        total = weights.sum(1)
        sure, wrong = self.confidence > SURE, ~self.right
        found = {
            "accuracy": _part(weights @ self.right, total),
            "macro_f1": _mean(self.by_intent(weights)),
            "slot_f1": _f1(weights @ self.slots),
            "also_f1": _f1(weights @ self.also),
            "ece": _part(np.abs(weights @ self.gaps).sum(1), total),
            "auroc": aurocs(self.outlier, self.outside, weights),
            "sure_wrong": _part(weights @ (sure & wrong), weights @ sure),
            "sure_wrong_of_all": _part(weights @ (sure & wrong), total),
            "inside_accuracy": _part(weights @ (self.right & ~self.outside), weights @ ~self.outside),
            "outside_recall": _part(weights @ (self.outside & self.outside_read), weights @ self.outside),
            "outside_precision": _part(weights @ (self.outside & self.outside_read), weights @ self.outside_read),
        }
        return {name: found[name] for name in HEADLINES}

    def by_intent(self, weights: Numbers) -> Numbers:
        """F1 of each intent (draws, intents) in the order of `intents`; nan where a draw has none of it."""
        right = weights @ (self.meant * self.right[:, None])
        meant, read = weights @ self.meant, weights @ self.read
        return np.where(meant > 0, _part(2 * right, meant + read), np.nan)

    def recall_kept(self) -> float:
        """Share of the messages outside that are told while 95 % of those inside are kept; nan where none is."""
        return keeping(self.outlier, self.outside, KEPT).recall if self.outside.any() else float("nan")


def ones(count: int) -> Numbers:
    """The weights of the figures themselves (1, messages)."""
    return np.ones((1, count))


def bootstrap(figures: Figures, count: int, draws: int = DRAWS, seed: int = 0) -> dict[str, Numbers]:
    """What `figures` makes of random weights, in as many draws: each draw takes `count` messages with replacement.

    The same count and seed give the same draws, so that figures of two readers made in one call are paired.
    """
    chance = np.random.default_rng(seed)
    size = max(1, min(draws, _CELLS // count))
    blocks = [
        figures(chance.multinomial(count, np.full(count, 1 / count), size=min(size, draws - start)).astype(np.float64))
        for start in range(0, draws, size)
    ]
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def interval(values: Numbers) -> tuple[float, float] | None:
    """The middle 95 % of the draws; None where no draw has a value."""
    known = values[~np.isnan(values)]
    return (float(np.quantile(known, 0.025)), float(np.quantile(known, 0.975))) if len(known) else None


def headline(judged: Sequence[Judged], outside: str = OUTSIDE, draws: int = DRAWS) -> dict[str, Any]:
    """Every figure by name, None where it says nothing, and `intervals` with their 95 % bootstrap intervals."""
    table = Table(judged, outside)
    if not len(table):
        return {name: None for name in HEADLINES} | {"intervals": {}}
    values = {name: _plain(value[0]) for name, value in table.figures(ones(len(table))).items()}
    drawn = bootstrap(table.figures, len(table), draws)
    spans = {name: interval(drawn[name]) for name, value in values.items() if value is not None}
    return values | {"outside_recall_at_95_kept": _plain(table.recall_kept()), "intervals": spans}


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _also_counts(judged: Judged) -> tuple[int, int, int]:
    meant, read = set(judged.also), set(judged.read_also)
    return len(meant & read), len(read - meant), len(meant - read)


def _part(some: Numbers, whole: Numbers) -> Numbers:
    parts: Numbers = np.divide(some, whole, out=np.full(np.shape(whole), np.nan), where=np.asarray(whole) > 0)
    return parts


def _f1(counts: Numbers) -> Numbers:
    """From right, too many and missed (draws, 3)."""
    return _part(2 * counts[:, 0], 2 * counts[:, 0] + counts[:, 1] + counts[:, 2])


def _mean(rows: Numbers) -> Numbers:
    known = ~np.isnan(rows)
    return _part(np.where(known, rows, 0.0).sum(1), known.sum(1).astype(np.float64))
