"""A blend of several rankings: the conditional logit of what was chosen among the candidates.

McFadden, "Conditional logit analysis of qualitative choice behavior", 1974: the chance of a candidate is the softmax of
w.x over the candidates of its row; w maximises the likelihood of the rows, with a little shrinkage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.optimize

SHRINKAGE = 10.0


@dataclass(frozen=True)
class Choice:
    """One row: its candidates with the score of each part, (n, parts), and where the target stands in each part alone
    (repeats allowed, repeats left out). `bought` marks candidates of the history, `newest` the last of it.
    """

    user: str
    candidates: np.ndarray
    scores: np.ndarray
    bought: np.ndarray
    newest: np.ndarray
    target: int
    alone: dict[str, tuple[float, float]]


def rank_of(scores: np.ndarray, target: int) -> float:
    """The places before the target, equals counted half; infinite where it is left out."""
    if not np.isfinite(scores[target]):
        return float("inf")
    return float((scores > scores[target]).sum() + ((scores == scores[target]).sum() - 1) / 2)


def blend(learned: Sequence[Choice], tried: Sequence[Choice], repeats: bool) -> np.ndarray:
    """The rank of each tried row's target under weights fitted on the learned rows."""
    weights = fitted([_described(choice, repeats) for choice in learned])
    return np.array([_rank(_described(choice, repeats), weights) for choice in tried])


def fitted(rows: Sequence[tuple[np.ndarray, int]]) -> np.ndarray:
    """The weights; rows whose target is no candidate (-1) teach nothing."""
    rows = [row for row in rows if row[1] >= 0]
    x = np.concatenate([features for features, _ in rows])
    starts = np.cumsum([0, *(len(features) for features, _ in rows)])
    chosen = starts[:-1] + [target for _, target in rows]
    row = np.repeat(np.arange(len(rows)), np.diff(starts))

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        top = np.maximum.reduceat(z, starts[:-1])
        e = np.exp(z - top[row])
        total = np.add.reduceat(e, starts[:-1])
        missed = (z[chosen] - top - np.log(total)).sum()
        slope = x.T @ (e / total[row]) - x[chosen].sum(axis=0)
        return float(-missed + SHRINKAGE * w @ w / 2), slope + SHRINKAGE * w

    start = np.zeros(x.shape[1])
    return scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x


def _described(choice: Choice, repeats: bool) -> tuple[np.ndarray, int]:
    """Features of the row's candidates, and the place of the target among them, -1 for none."""
    kept = np.ones(len(choice.candidates), bool) if repeats else ~choice.bought
    shares = np.clip(choice.scores / np.maximum(choice.scores.max(axis=0), 1e-9), 0.0, 1.0)
    features = np.column_stack([shares, np.sqrt(shares), choice.bought, choice.newest])[kept]
    found = np.flatnonzero(choice.candidates[kept] == choice.target)
    return features, int(found[0]) if len(found) else -1


def _rank(row: tuple[np.ndarray, int], weights: np.ndarray) -> float:
    features, target = row
    return rank_of(features @ weights, target) if target >= 0 else float("inf")
