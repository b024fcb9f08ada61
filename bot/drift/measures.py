"""How far recent talk lies from earlier talk, and whether that is more than chance.

Pure. Rows are shoppers, columns what is counted of their messages: what one shopper says hangs together, so chance is
judged by shuffling shoppers, not messages. Two figures for distributions: the Jensen-Shannon divergence (Lin 1991),
which is tested, and the population stability index (Siddiqi 2006), of which credit scoring takes 0.1 for a shift worth
a look. A shift must be both: certain, and large enough to matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]
"""(shoppers, categories): how many messages of each kind each shopper wrote."""
DRAWS = 999
CHANCE = 0.01
"""A quiet week raises one of three flags less often than once in thirty weeks; the size must be there, too."""
WORTH_A_LOOK = 0.1
"""PSI."""
POINTS = 0.02
"""By how much a share (0..1) must move."""
_AT_ONCE = 100
_SEED = 11


@dataclass(frozen=True, slots=True)
class Shift:
    """`value` is the divergence (0..1), or for a share its rise; `size` the PSI, or the rise again. `threshold`: what
    chance alone passes once in a hundred. `moved`: categories with their shares before and after, the most moved first.
    """

    value: float
    size: float
    threshold: float
    chance: float
    flagged: bool
    moved: tuple[tuple[str, float, float], ...]


def shift(before: Counts, after: Counts, names: Sequence[str]) -> Shift:
    """Of a distribution over named categories."""
    value = divergence(before.sum(0), after.sum(0))
    drawn = _shuffled(before, after, divergence_rows)
    threshold, chance = float(np.quantile(drawn, 1 - CHANCE)), _chance(drawn, value)
    size = stability_index(before.sum(0), after.sum(0))
    shares = _share(before.sum(0)), _share(after.sum(0))
    order = np.argsort(-np.abs(shares[1] - shares[0]))
    moved = tuple((names[at], float(shares[0][at]), float(shares[1][at])) for at in order[:5])
    return Shift(value, size, threshold, chance, bool(chance <= CHANCE and size >= WORTH_A_LOOK), moved)


def rise(before: Counts, after: Counts, name: str) -> Shift:
    """Of the share of the second of two columns, upwards."""
    was, now = float(_share(before.sum(0))[1]), float(_share(after.sum(0))[1])
    drawn = _shuffled(before, after, lambda one, other: _share(other)[..., 1] - _share(one)[..., 1])
    threshold, chance = float(np.quantile(drawn, 1 - CHANCE)), _chance(drawn, now - was)
    flagged = bool(chance <= CHANCE and now - was >= POINTS)
    return Shift(now - was, now - was, threshold, chance, flagged, ((name, was, now),))


def divergence(one: Counts, other: Counts) -> float:
    """Jensen-Shannon divergence of two rows of counts in bits: 0 where they are alike, 1 where nothing is common."""
    return float(divergence_rows(one[None], other[None])[0])


def divergence_rows(one: Counts, other: Counts) -> Counts:
    """The same for many pairs, row by row."""
    p, q = _share(one), _share(other)
    middle = (p + q) / 2
    return (_relative(p, middle) + _relative(q, middle)) / 2


def stability_index(before: Counts, after: Counts) -> float:
    """The population stability index of two rows of counts; half a message is added to each, so that none is zero."""
    p, q = _share(before + 0.5), _share(after + 0.5)
    return float(((q - p) * np.log(q / p)).sum())


def _share(counts: Counts) -> Counts:
    found: Counts = counts / np.maximum(counts.sum(-1, keepdims=True), 1e-12)
    return found


def _relative(p: Counts, q: Counts) -> Counts:
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(p > 0, p * np.log2(p / q), 0.0)
    found: Counts = parts.sum(-1)
    return found


def _shuffled(before: Counts, after: Counts, of: Callable[[Counts, Counts], Counts]) -> Counts:
    """A figure of many shuffles of the shoppers over the two times."""
    pooled, rng, size = np.vstack([before, after]), np.random.default_rng(_SEED), len(after)
    total, found = pooled.sum(0), []
    for begin in range(0, DRAWS, _AT_ONCE):
        draws = min(_AT_ONCE, DRAWS - begin)
        order = rng.random((draws, len(pooled))).argpartition(size - 1, axis=1)[:, :size]
        later = pooled[order].sum(1)
        found.append(of(total - later, later))
    return np.concatenate(found)


def _chance(drawn: Counts, value: float) -> float:
    """The share of shuffles that reach the value (North et al. 2002: never zero)."""
    return float((1 + (drawn >= value).sum()) / (1 + len(drawn)))
