"""Intervals for estimates that are smooth functions of sums over shoppers.

Weights of off-policy estimates are skewed, and the usual mean +- 1.96 standard errors then misses too often, always
on the same side. Which of these intervals is used was chosen by how often it covers a known truth (see
`tests/bench/off_policy.py`).

    normal      Student's t with the cluster-robust standard error (Cameron and Miller, J. Human Resources 2015)
    hall        the same with the skewness taken out by Hall's cubic transformation (J. R. Stat. Soc. B 1992)
    bootstrap   the bootstrap of that t statistic over shoppers (Efron 1981; Hall, Ann. Stat. 1988)
    bca         bias-corrected and accelerated percentiles (Efron, JASA 1987)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.off_policy import ESTIMATORS, Estimator, Sums, gain, gradient
from recommender.prior import Matrix

METHODS = ("normal", "hall", "bootstrap", "bca")
_BLOCK = 250  # draws at a time


@dataclass(frozen=True)
class Resampled:
    """Shoppers drawn with replacement, again and again: totals (b, 7) and second moments (b, 7, 7) of each draw."""

    totals: Matrix
    moments: Matrix


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value for one page with its interval and its standard error, in units of reward."""

    value: float
    low: float
    high: float
    error: float


def interval(
    sums: Sums,
    name: str,
    *,
    method: str,
    level: float = 0.95,
    resampled: Resampled | None = None,
    extra: Matrix | None = None,
    against_served: bool = False,
) -> Estimate:
    """The estimate `name` with its interval.

    Args:
        sums: over each shopper's pages; at least two shoppers.
        name: one of `ESTIMATORS`.
        method: one of `METHODS`.
        level: how often the interval shall cover, 0..1.
        resampled: for the bootstraps; drawn by a fixed seed by default, so that a log gives one interval.
        extra: (shoppers,) further influence, such as that of a fitted model. Not seen by the bootstraps.
        against_served: less what the policy that served earned on the same pages.
    """
    table = sums.table
    shoppers = len(table)
    if shoppers < 2:
        raise ValueError("An interval needs two shoppers at least.")
    total = sums.total
    estimator = gain(ESTIMATORS[name]) if against_served else ESTIMATORS[name]
    value = float(estimator(total))
    influence = table @ gradient(estimator, total) + (0.0 if extra is None else extra)
    error = float(np.sqrt((influence**2).sum() * shoppers / (shoppers - 1)))
    if error == 0.0:
        return Estimate(value, value, value, 0.0)
    from scipy import stats  # here: three seconds of a start, for what few commands ask

    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    match method:
        case "normal":
            low, high = value + stats.t.ppf(tails, shoppers - 1) * error
        case "hall":
            low, high = value - _hall(stats.t.ppf(tails[::-1], shoppers - 1), influence) * error
        case "bootstrap":
            pivots = _pivots(len(table), estimator, value, resampled or resample(sums))
            low, high = value - np.quantile(pivots, tails[::-1]) * error
        case "bca":
            low, high = _bca(estimator, value, influence, tails, resampled or resample(sums))
        case _:
            raise ValueError(f"There is no interval {method!r}: take one of {', '.join(METHODS)}.")
    return Estimate(value, float(low), float(high), error)


def _hall(quantiles: Matrix, influence: Matrix) -> Matrix:
    """Quantiles of the t statistic of a skewed mean: the inverse of t + a t^2/3 + a^2 t^3/27 + a/6, a = skew/sqrt n."""
    n = len(influence)
    a = float((influence**3).mean() / (influence**2).mean() ** 1.5) / np.sqrt(n)
    if abs(a) < 1e-9:
        return quantiles
    moved: Matrix = 3.0 / a * (np.cbrt(1.0 + a * (quantiles - a / 6.0)) - 1.0)
    return moved


def resample(sums: Sums, replicates: int = 2_000, seed: int = 1) -> Resampled:
    """The draws that the bootstraps of every estimate of one log share."""
    table, rng = sums.table, np.random.default_rng(seed)
    shoppers, width = table.shape
    both = np.hstack([table, (table[:, :, None] * table[:, None, :]).reshape(shoppers, -1)])
    found = np.empty((replicates, both.shape[1]))
    for start in range(0, replicates, _BLOCK):
        size = min(_BLOCK, replicates - start)
        drawn = rng.integers(0, shoppers, (size, shoppers)) + shoppers * np.arange(size)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=size * shoppers).reshape(size, shoppers)
        found[start : start + size] = counts.astype(np.float64) @ both
    return Resampled(found[:, :width], found[:, width:].reshape(-1, width, width))


def _pivots(shoppers: int, estimator: Estimator, value: float, drawn: Resampled) -> Matrix:
    """(value* - value) / error* of every draw that has an error, (b,)."""
    values, slopes = estimator(drawn.totals), gradient(estimator, drawn.totals)
    variance = np.einsum("bi,bij,bj->b", slopes, drawn.moments, slopes)
    errors = np.sqrt(np.clip(variance, 0.0, None) * shoppers / (shoppers - 1))
    usable = errors > 0
    pivots: Matrix = (values[usable] - value) / errors[usable]
    return pivots if len(pivots) else np.zeros(1)


def _bca(estimator: Estimator, value: float, influence: Matrix, tails: Matrix, drawn: Resampled) -> tuple[float, float]:
    from scipy import stats

    values = estimator(drawn.totals)
    below = np.clip((values < value).mean() + (values == value).mean() / 2, 1e-4, 1 - 1e-4)
    bias = stats.norm.ppf(below)
    acceleration = float((influence**3).sum() / (6.0 * (influence**2).sum() ** 1.5))
    z = bias + stats.norm.ppf(tails)
    low, high = np.quantile(values, stats.norm.cdf(bias + z / (1 - acceleration * z)))
    return float(low), float(high)
