"""What another policy would have earned, estimated from the log of the one that served: judged before shoppers meet it.

The log says of each page which candidates there were, which of them were shown, how likely each was to be shown
(the propensity) and what came back. The value of a policy is its expected reward for a page, and the reward of a page
is taken to be the sum of its items' rewards, each the same whatever stands beside it and in whichever place (the
additive slate of Swaminathan et al., "Off-policy evaluation for slate recommendation", NeurIPS 2017, with the item on
the page as the action). With one item to a page this is the ordinary contextual bandit.

    ips     sum of w r over shown items, w = target / logged propensity (Horvitz and Thompson 1952)
    snips   the same, divided by the mean of w (Swaminathan and Joachims, NeurIPS 2015)
    dm      a model of the reward stands for every item (the direct method)
    dr      the model, corrected by w (r - model) where something was shown (Dudik et al., ICML 2011)
    sndr    the same, the correction divided by the mean of w (Thomas and Brunskill, ICML 2016)

Everything is a smooth function of a few sums over each shopper's pages, so that intervals (`recommender.intervals`)
treat a shopper, not a page, as one independent observation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from recommender.prior import Matrix

Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
SUPPORTED = 0.005
"""A candidate that the logged policy showed less often than this has left too little behind to speak for it."""


@dataclass(frozen=True)
class Log:
    """m candidates on n pages. A candidate that was not shown has reward 0.

    Args:
        page: (m,) the page, 0..n-1, that each candidate belongs to.
        shopper: (n,) whose page it was; pages of one shopper are not independent.
        shown: (m,) whether it stood on the page.
        reward: (m,) what came back for it.
        logged: (m,) P(on the page) under the policy that served, above 0 where shown.
        target: (m,) P(on the page) under the policy to be judged.
    """

    page: Rows
    shopper: Rows
    shown: Flags
    reward: Matrix
    logged: Matrix
    target: Matrix

    def __post_init__(self) -> None:
        sizes = {len(part) for part in (self.page, self.shown, self.reward, self.logged, self.target)}
        if len(sizes) != 1:
            raise ValueError(f"The parts of a log must be equally long, not {sorted(sizes)}.")
        if (self.logged[self.shown] <= 0).any():
            raise ValueError("Something was shown with a propensity of 0.")

    def weights(self, clip: float | None = None) -> Matrix:
        """Target over logged propensity where something was shown, at most `clip`; 0 elsewhere, (m,)."""
        w = np.zeros(len(self.page))
        np.divide(self.target, self.logged, out=w, where=self.shown)
        return w if clip is None else np.minimum(w, clip)


@dataclass(frozen=True)
class Sums:
    """Sums over each shopper's pages, (shoppers, 7): the columns are named by the constants below."""

    table: Matrix

    @property
    def total(self) -> Matrix:
        """(7,)"""
        total: Matrix = self.table.sum(axis=0)
        return total


PAGES, MASS, EARNED, WEIGHT, MODELLED, CORRECTED, SERVED = range(7)
"""Pages, target propensity, w r, w, target x model, w (r - model), r."""


def sums_of(log: Log, model: Matrix | None = None, clip: float | None = None) -> Sums:
    """The sums that every estimate is made of.

    Args:
        log: what was logged, with the target's propensities.
        model: (m,) expected reward of each candidate were it shown; None for nothing (then dr is ips).
        clip: the largest weight; None for no limit.
    """
    expected = np.zeros(len(log.page)) if model is None else model
    w = log.weights(clip)
    _, number = np.unique(log.shopper, return_inverse=True)
    shoppers = int(number.max(initial=-1)) + 1
    whose = number[log.page]
    columns: list[Matrix] = [_by(number, np.ones(len(number)), shoppers)]
    residual = np.where(log.shown, log.reward - expected, 0.0)
    for part in (log.target, w * log.reward, w, log.target * expected, w * residual, log.reward):
        columns.append(_by(whose, part, shoppers))
    return Sums(np.column_stack(columns))


Estimator = Callable[[Matrix], Matrix]
"""From totals (..., 7) to values (...), smooth."""


def ips(total: Matrix) -> Matrix:
    """Inverse propensity scoring: unbiased, and loud where weights are large."""
    return _ratio(total[..., EARNED], total[..., PAGES])


def snips(total: Matrix) -> Matrix:
    """Self-normalised: the mean reward of a shown item, weighted, times the items on a page of the target."""
    return _ratio(total[..., EARNED] * total[..., MASS], total[..., WEIGHT] * total[..., PAGES])


def dm(total: Matrix) -> Matrix:
    """The direct method: as good as the model."""
    return _ratio(total[..., MODELLED], total[..., PAGES])


def dr(total: Matrix) -> Matrix:
    """Doubly robust: right when the propensities or the model are."""
    return _ratio(total[..., MODELLED] + total[..., CORRECTED], total[..., PAGES])


def sndr(total: Matrix) -> Matrix:
    """Doubly robust with a self-normalised correction."""
    return dm(total) + _ratio(total[..., CORRECTED] * total[..., MASS], total[..., WEIGHT] * total[..., PAGES])


ESTIMATORS: Mapping[str, Estimator] = MappingProxyType({"ips": ips, "snips": snips, "dm": dm, "dr": dr, "sndr": sndr})


def gain(estimator: Estimator) -> Estimator:
    """The same less what was earned by the policy that served: paired, page by page."""

    def against_served(total: Matrix) -> Matrix:
        difference: Matrix = estimator(total) - _ratio(total[..., SERVED], total[..., PAGES])
        return difference

    return against_served


def gradient(estimator: Estimator, total: Matrix) -> Matrix:
    """The derivative of an estimate by each total, (..., 7): what makes its influence on single shoppers.

    By complex steps (Squire and Trapp, SIAM Review 1998), exact to the last bits and without a formula to get wrong.
    """
    step, parts = 1e-30, []
    for at in range(total.shape[-1]):
        moved = total.astype(np.complex128)
        moved[..., at] += 1j * step
        parts.append(estimator(moved).imag / step)  # type: ignore[arg-type]
    return np.stack(parts, axis=-1)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Whether the log can speak for the target.

    `effective` is Kish's (sum w)^2 / sum w^2 over shown items; `effective_shoppers` the same over shoppers' sums;
    `mean_weight` is near 1 where the propensities fit what was shown, `mean_weight_error` its standard error;
    `clipped` the share of shown items whose weight was cut; `support` the share of the target's propensity on
    candidates that the logged policy showed at least one time in 200.
    """

    pages: int
    shoppers: int
    shown: int
    rewarded: int
    effective: float
    effective_shoppers: float
    mean_weight: float
    mean_weight_error: float
    largest_weight: float
    clipped: float
    support: float


def diagnose(log: Log, clip: float | None = None) -> Diagnosis:
    """How far the log reaches."""
    raw, w = log.weights(), log.weights(clip)
    table = sums_of(log, clip=clip).table
    total = table.sum(axis=0)
    mean = float(_ratio(total[WEIGHT], total[MASS]))
    spread = table[:, WEIGHT] - mean * table[:, MASS]
    shown = int(log.shown.sum())
    mass = float(log.target.sum())
    return Diagnosis(
        pages=len(log.shopper),
        shoppers=len(table),
        shown=shown,
        rewarded=int((log.reward != 0).sum()),
        effective=effective(w[log.shown]),
        effective_shoppers=effective(table[:, WEIGHT]),
        mean_weight=mean,
        mean_weight_error=float(np.sqrt((spread**2).sum()) / max(total[MASS], 1e-12)),
        largest_weight=float(raw.max(initial=0.0)),
        clipped=0.0 if clip is None or not shown else float((raw > clip).sum() / shown),
        support=float(log.target[log.logged >= SUPPORTED].sum()) / max(mass, 1e-12),
    )


def effective(weights: Matrix) -> float:
    """How many equal weights would say as much (Kish 1965)."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def _by(groups: Rows, values: Matrix, count: int) -> Matrix:
    sums: Matrix = np.bincount(groups, weights=values, minlength=count).astype(np.float64)
    return sums


def _ratio(above: Matrix, below: Matrix) -> Matrix:
    """0 where there is nothing below."""
    safe = np.where(below == 0, 1.0, below)
    quotient: Matrix = np.where(below == 0, 0.0, above / safe)
    return quotient
