"""The shared prior, learned from everybody's log: mean and covariance of the weights across shoppers, and the noise.

A linear mixed model: shopper u has weights w_u ~ N(m, S), a card seen by them earns x.w_u + e, e ~ N(0, s^2 / c) with
the card's confidence c. Expectation-maximisation (Dempster, Laird and Rubin 1977; Laird and Ware, "Random-effects
models for longitudinal data", Biometrics 1982) needs only sums by shopper, so a log of any length fits in memory. The
shipped prior counts as a few shoppers (a normal-inverse-Wishart hyperprior), so that a short log moves it little and
the covariance stays positive definite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.bandit import page_evidence, page_worth
from recommender.prior import EXPLORATION, Matrix, Prior
from storage.records import SeenPage

PSEUDO_SHOPPERS = 5.0


@dataclass(frozen=True)
class Sums:
    """Of n shoppers: `precision` (n, d, d) is sum c x x', `moment` (n, d) sum c x r, `square` (n,) sum c r^2, and
    `count` (n,) the cards.
    """

    precision: Matrix
    moment: Matrix
    square: Matrix
    count: Matrix

    def __len__(self) -> int:
        return len(self.count)

    def of(self, rows: Sequence[int]) -> Sums:
        """Those of some shoppers only."""
        at = list(rows)
        return Sums(self.precision[at], self.moment[at], self.square[at], self.count[at])


def sums_of(shoppers: Iterable[Sequence[SeenPage]], shared: Prior) -> Sums:
    """The sums of each shopper's pages, under the attention of `shared`; who reacted to nothing counts, too."""
    found = []
    for pages in shoppers:
        evidence = [page_evidence(page, shared) for page in pages]
        worth = [page_worth(page, shared) for page in pages]
        size = len(shared.features)
        found.append(
            (
                sum((each[0] for each in evidence), np.zeros((size, size))),
                sum((each[1] for each in evidence), np.zeros(size)),
                *map(sum, zip(*worth, strict=True)),
            )
            if pages
            else (np.zeros((size, size)), np.zeros(size), 0.0, 0)
        )
    columns = list(zip(*found, strict=True)) or [(), (), (), ()]
    return Sums(*(np.array(column, dtype=np.float64) for column in columns))


def fit(
    sums: Sums,
    start: Prior,
    *,
    rounds: int = 60,
    pseudo: float = PSEUDO_SHOPPERS,
    progress: Callable[[int], None] = lambda _: None,
) -> Prior:
    """The prior of largest posterior probability, from `start`, which counts as `pseudo` shoppers.

    Raises:
        ValueError: there is no card to learn from.
    """
    cards = float(sums.count.sum())
    if not cards:
        raise ValueError("There is no card to learn a prior from.")
    mean, spread, noise = start.mean, start.covariance, start.noise**2
    for done in range(rounds):
        means, covariances = _shoppers(sums, mean, spread, noise)
        n = len(sums)
        mean = (pseudo * start.mean + means.sum(axis=0)) / (pseudo + n)
        away, shift = means - mean, mean - start.mean
        spread = pseudo * (start.covariance + np.outer(shift, shift)) + covariances.sum(axis=0) + away.T @ away
        spread = (spread + spread.T) / (2 * (pseudo + n))
        noise = _noise(sums, means, covariances, start.noise**2, pseudo)
        progress(done + 1)
    return replace(start, mean=mean, covariance=spread, noise=float(np.sqrt(noise)), exploration=EXPLORATION)


def shopper_means(sums: Sums, shared: Prior) -> Matrix:
    """What is believed of each shopper's weights, (n, d)."""
    return _shoppers(sums, shared.mean, shared.covariance, shared.noise**2)[0]


def _shoppers(sums: Sums, mean: Matrix, spread: Matrix, noise: float) -> tuple[Matrix, Matrix]:
    """The posterior of every shopper: means (n, d) and covariances (n, d, d)."""
    inverse = np.linalg.inv(spread)
    covariances: Matrix = np.linalg.inv(inverse + sums.precision / noise).astype(np.float64)
    towards = inverse @ mean + sums.moment / noise
    means: Matrix = np.einsum("nij,nj->ni", covariances, towards)
    return means, covariances


def _noise(sums: Sums, means: Matrix, covariances: Matrix, start: float, pseudo: float) -> float:
    """Mean squared residual, the uncertainty of the weights included; `start` counts as `pseudo` cards."""
    residual = (
        sums.square
        - 2 * np.einsum("nd,nd->n", sums.moment, means)
        + np.einsum("nd,nde,ne->n", means, sums.precision, means)
        + np.einsum("nde,ned->n", sums.precision, covariances)
    )
    total: float = (residual.sum() + pseudo * start) / (sums.count.sum() + pseudo)
    return max(total, 1e-6)


def log_likelihood(sums: Sums, shared: Prior) -> Matrix:
    """log p(rewards of a shopper | prior), weights integrated out, (n,); but for the cards' own confidences.

    Compare priors on the same sums only: the confidences drop out then.
    """
    noise = shared.noise**2
    inner = shared.precision + sums.precision / noise
    resid = sums.moment - sums.precision @ shared.mean
    quadratic = (
        sums.square - 2 * sums.moment @ shared.mean + np.einsum("d,nde,e->n", shared.mean, sums.precision, shared.mean)
    ) / noise - np.einsum("nd,nd->n", resid, np.linalg.solve(inner, resid[..., None])[..., 0]) / noise**2
    determinant = np.linalg.slogdet(inner)[1] - np.linalg.slogdet(shared.precision)[1]
    likelihood: Matrix = -(sums.count * np.log(2 * np.pi * noise) + determinant + quadratic) / 2
    return likelihood
