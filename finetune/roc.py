"""How well a score tells messages outside every label from those inside: the area under the ROC curve, and thresholds.

Scores rise with strangeness; `outside` says which messages truly are. Fawcett 2006, "An introduction to ROC analysis".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

KEPT = 0.95
"""The share of messages inside that must be kept, where a recall is measured or nothing better fixes a threshold."""


def auroc(scores: NDArray[Any], outside: Flags) -> float:
    """The chance that a message outside scores above one inside, ties counting half; nan where a side is empty."""
    return float(aurocs(scores, outside, np.ones((1, len(scores))))[0])


def aurocs(scores: NDArray[Any], outside: Flags, weights: Numbers) -> Numbers:
    """The same area for each row of weights (draws, messages): how often each message counts."""
    if not len(scores):
        return np.full(len(weights), np.nan)
    order = np.argsort(scores, kind="stable")
    ranked = np.asarray(scores)[order]
    first = np.flatnonzero(np.r_[True, ranked[1:] > ranked[:-1]])  # where each group of ties begins
    strange = np.add.reduceat(weights[:, order] * outside[order], first, axis=1)
    plain = np.add.reduceat(weights[:, order] * ~outside[order], first, axis=1)
    below = np.cumsum(plain, axis=1) - plain / 2
    pairs = strange.sum(1) * plain.sum(1)
    won = (strange * below).sum(1)
    areas: Numbers = np.divide(won, pairs, out=np.full(len(weights), np.nan), where=pairs > 0)
    return areas


@dataclass(frozen=True, slots=True)
class Cut:
    """A threshold: the least score that is taken for outside, and what comes of it, each 0..1."""

    threshold: float
    precision: float
    recall: float
    f1: float
    kept: float


def cut_at(scores: NDArray[Any], outside: Flags, threshold: float) -> Cut:
    """What comes of a threshold; 0 where there is nothing to divide by."""
    told = np.asarray(scores) >= threshold
    right = int((told & outside).sum())
    return Cut(
        float(threshold),
        right / max(1, int(told.sum())),
        right / max(1, int(outside.sum())),
        2 * right / max(1, int(told.sum()) + int(outside.sum())),
        float(1 - told[~outside].mean()) if (~outside).any() else 1.0,
    )


def keeping(scores: NDArray[Any], outside: Flags, kept: float = KEPT) -> Cut:
    """The lowest threshold that keeps at least this share of the messages inside."""
    plain = np.sort(np.asarray(scores, dtype=np.float64)[~outside])
    if not len(plain):
        return cut_at(scores, outside, float(np.min(scores, initial=0.0)))
    last = plain[max(0, int(np.ceil(kept * len(plain))) - 1)]
    return cut_at(scores, outside, float(np.nextafter(last, np.inf)))


def best_cut(scores: NDArray[Any], outside: Flags) -> Cut:
    """The threshold of the best F1, halfway between two scores; where nothing lies outside, the one that keeps KEPT."""
    if not outside.any():
        return keeping(scores, outside)
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
    ranked = np.asarray(scores, dtype=np.float64)[order]
    right = np.cumsum(outside[order])
    f1 = 2 * right / (np.arange(1, len(ranked) + 1) + outside.sum())
    f1[:-1][ranked[:-1] == ranked[1:]] = -1  # a threshold cannot part ties
    at = int(f1.argmax())
    below = ranked[at + 1] if at + 1 < len(ranked) else ranked[at]
    return cut_at(scores, outside, float((ranked[at] + below) / 2))
