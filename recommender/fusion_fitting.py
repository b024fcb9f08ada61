"""Weights of a match's parts, learned from judged queries, and how they do on queries they were not learned from.

The better of two products should score higher: pairs under the logistic loss (RankNet; Burges et al., "Learning to
rank using gradient descent", ICML 2005), each weighted by what swapping the two would change of the query's nDCG
(Burges, Ragno and Le, "Learning to rank with nonsmooth cost functions", NIPS 2006). Those weights are held while the
loss is brought down and then counted anew, a few times, so that each round has a loss to bring down (Wang et al., "The
LambdaLoss framework", CIKM 2018). `plain` leaves them out. A ridge pulls towards the shipped weights, and none gets
negative: no part of a match speaks against it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from recommender.matching import PARTS
from recommender.prior import Matrix

FEWEST_QUERIES = 50
FEWEST_TEXTS = 10  # different ones in each half: an interval over fewer says nothing
_SCALE = 10.0  # of the scores in the loss: candidates whose match differs by a tenth are told apart
_RIDGE = 0.02
_ROUNDS = 4
_CUT = 10
_DRAWS, _SEED = 2_000, 1


class TooFewQueriesError(Exception):
    """There is too little to fit weights to; the message says how much."""


@dataclass(frozen=True)
class JudgedQuery:
    """One query with its judged candidates.

    Args:
        text: what was asked; says in which half the query is, and queries of one text are resampled together.
        parts: (n, parts) of each candidate's match, in the order of `PARTS`; a row of zeros was not found.
        gains: (n,) what each is worth at the top of a page, 0 or more.
    """

    text: str
    parts: Matrix
    gains: Matrix

    @cached_property
    def telling(self) -> bool:
        """Whether two found candidates differ in worth."""
        gains = self.gains[self.parts.any(axis=1)]
        return bool(len(gains) and gains.max() > gains.min())


@dataclass(frozen=True)
class FusionFit:
    """Fitted weights (parts,) of sum 1, and mean nDCG@10 of the other half of the queries with these and those before.

    `gain` is the mean of the differences with its 95 % interval over resampled query texts.
    """

    weights: Matrix
    learned: int
    judged: int
    before: float
    after: float
    gain: tuple[float, float, float]

    @property
    def certain(self) -> bool:
        """Whether the fit is better beyond the interval."""
        return self.gain[1] > 0


def fit_fusion(queries: Sequence[JudgedQuery], start: Matrix, used: Matrix, *, plain: bool = False) -> FusionFit:
    """Fits on one half of the queries and judges on the other.

    Args:
        start: (parts,) the shipped weights, which the ridge pulls to.
        used: (parts,) the weights that the fit would take the place of.
        plain: all pairs of a query weigh the same.

    Raises:
        TooFewQueriesError: below `FEWEST_QUERIES` telling queries, or `FEWEST_TEXTS` different ones in a half.
    """
    telling = [query for query in queries if query.telling]
    halves = [[query for query in telling if _half(query.text) == half] for half in (0, 1)]
    if len(telling) < FEWEST_QUERIES:
        raise TooFewQueriesError(f"{len(telling)} queries tell good from bad; {FEWEST_QUERIES} are needed")
    fewest = min(len({query.text for query in half}) for half in halves)
    if fewest < FEWEST_TEXTS:
        raise TooFewQueriesError(f"a half has {fewest} different queries; {FEWEST_TEXTS} are needed")
    weights = learned_weights(halves[0], start, plain=plain)
    before, after = (np.array([ndcg(query, w) for query in halves[1]]) for w in (used, weights))
    gain = _interval(after - before, [query.text for query in halves[1]])
    return FusionFit(weights, len(halves[0]), len(halves[1]), float(before.mean()), float(after.mean()), gain)


def learned_weights(queries: Sequence[JudgedQuery], start: Matrix, *, plain: bool = False) -> Matrix:
    """(parts,) of sum 1, from queries of which one is telling at least; `start` where the loss leads nowhere."""
    held = _SCALE * start
    weights = held
    pairs = [_pairs(query) for query in queries]
    apart = np.concatenate([query.parts[b] - query.parts[w] for query, (b, w) in zip(queries, pairs, strict=True)])
    for _ in range(1 if plain else _ROUNDS):
        counts = [_counts(query, pair, None if plain else weights) for query, pair in zip(queries, pairs, strict=True)]
        weights = _descended(apart, np.concatenate(counts), weights, held)
    total = float(weights.sum())
    return weights / total if total > 0 else start


def ndcg(query: JudgedQuery, weights: Matrix) -> float:
    """nDCG@10 of the judged candidates among themselves, 0..1; those not found are last."""
    order = np.argsort(-(query.parts @ weights), kind="stable")
    ideal = _discounted(np.sort(query.gains)[::-1])
    return _discounted(query.gains[order]) / ideal if ideal > 0 else 0.0


def _discounted(gains: Matrix) -> float:
    return float((gains * _discounts(len(gains))).sum())


def _discounts(size: int) -> Matrix:
    places = np.arange(size)
    return np.where(places < _CUT, 1.0 / np.log2(places + 2.0), 0.0)


def _half(text: str) -> int:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[0] & 1


def _pairs(query: JudgedQuery) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of the better and of the worse of each pair of found candidates."""
    found: NDArray[np.bool_] = np.any(query.parts != 0, axis=1)
    first, second = np.nonzero(np.greater.outer(query.gains, query.gains))
    both = found[first] & found[second]
    return first[both], second[both]


def _counts(query: JudgedQuery, pair: tuple[NDArray[np.intp], NDArray[np.intp]], weights: Matrix | None) -> Matrix:
    """What each pair counts, (pairs,): the same within a query, or |change of nDCG| by the ranking as it is."""
    better, worse = pair
    if weights is None:
        return np.full(len(better), 1.0 / max(len(better), 1))
    places = np.empty(len(query.gains), dtype=np.intp)
    places[np.argsort(-(query.parts @ weights), kind="stable")] = np.arange(len(query.gains))
    discounts = _discounts(len(query.gains))[places]
    ideal = _discounted(np.sort(query.gains)[::-1])
    swapped = (query.gains[better] - query.gains[worse]) * (discounts[better] - discounts[worse])
    change: Matrix = np.abs(swapped) / max(ideal, 1e-9)
    return change


def _descended(apart: Matrix, counts: Matrix, weights: Matrix, held: Matrix) -> Matrix:
    """Weights, none negative, of the least mean loss over pairs (p, parts) with `counts` (p,)."""
    total = float(counts.sum())
    if total <= 0:
        return weights

    def loss(w: Matrix) -> tuple[float, Matrix]:
        margins = apart @ w
        away = w - held
        value = counts @ np.logaddexp(0.0, -margins) / total + 0.5 * _RIDGE * (away @ away) / len(PARTS)
        slope = -((counts * expit(-margins)) @ apart) / total + _RIDGE * away / len(PARTS)
        return float(value), slope

    found: Matrix = minimize(loss, weights, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(weights)).x
    return found


def _interval(differences: Matrix, texts: Sequence[str]) -> tuple[float, float, float]:
    """The mean, and its 95 % percentile interval over resampled texts."""
    _, group = np.unique(np.array(texts, dtype=object), return_inverse=True)
    sums, sizes = np.bincount(group, differences), np.bincount(group)
    rng = np.random.default_rng(_SEED)
    means = []
    for _ in range(_DRAWS):
        picked = rng.integers(len(sums), size=len(sums))
        means.append(sums[picked].sum() / sizes[picked].sum())
    low, high = np.percentile(means, [2.5, 97.5])
    return float(differences.mean()), float(low), float(high)
