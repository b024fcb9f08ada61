"""What an item would bring if it were shown: ridge regression on the named features, never judged on its own shoppers.

Each fold of shoppers is predicted by a model of the other folds (cross-fitting: Chernozhukov et al., Econometrics
Journal 2018), so that a doubly robust estimate is not flattered by a model that has seen the answers.
"""

from __future__ import annotations

import numpy as np

from recommender.off_policy import Log, Rows
from recommender.prior import Matrix


def cross_fitted(log: Log, x: Matrix, *, folds: int = 5, ridge: float = 1.0, seed: int = 1) -> Matrix:
    """Expected reward of every candidate were it shown, (m,).

    Args:
        log: shown candidates with their rewards are what is learned from.
        x: features of the candidates, (m, d); they are centred and scaled, and an intercept is added.
        folds: of shoppers; with fewer shoppers than folds, each is a fold of its own.
        ridge: penalty of the scaled weights, in observations.
        seed: of the shuffle of shoppers.
    """
    shoppers, number = np.unique(log.shopper, return_inverse=True)
    count = min(folds, len(shoppers))
    if count < 2 or not log.shown.any():
        return np.zeros(len(log.page))
    fold = _folds(len(shoppers), count, seed)[number][log.page]
    expected = np.empty(len(log.page))
    for at in range(count):
        learned, judged = (fold != at) & log.shown, fold == at
        expected[judged] = _predicted(x[learned], log.reward[learned], x[judged], ridge)
    return expected


def _folds(shoppers: int, count: int, seed: int) -> Rows:
    found: Rows = np.random.default_rng(seed).permutation(np.arange(shoppers) % count)
    return found


def _predicted(x: Matrix, reward: Matrix, asked: Matrix, ridge: float) -> Matrix:
    if not len(x):
        return np.zeros(len(asked))
    centre, spread = x.mean(axis=0), x.std(axis=0)
    scale = np.where(spread > 1e-9, spread, np.inf)  # a feature that never varies teaches nothing
    z, mean = (x - centre) / scale, float(reward.mean())
    weights = np.linalg.solve(z.T @ z + ridge * np.eye(z.shape[1]), z.T @ (reward - mean))
    expected: Matrix = mean + (asked - centre) / scale @ weights
    return expected


def model_influence(log: Log, x: Matrix, *, ridge: float = 1.0) -> Matrix:
    """What each shopper's own rewards move the direct method's value by way of the model, (shoppers,) for one page.

    The sandwich of one model fitted on all (White, Econometrica 1980), seen at the items that the target would show.
    """
    shoppers, number = np.unique(log.shopper, return_inverse=True)
    if not log.shown.any():
        return np.zeros(len(shoppers))
    learned = x[log.shown]
    centre, spread = learned.mean(axis=0), learned.std(axis=0)
    scale = np.where(spread > 1e-9, spread, np.inf)
    z = np.column_stack([np.ones(len(learned)), (learned - centre) / scale])
    penalty = ridge * np.diag([0.0, *np.ones(x.shape[1])])
    inverse = np.linalg.inv(z.T @ z + penalty)
    residual = log.reward[log.shown] - z @ (inverse @ (z.T @ log.reward[log.shown]))
    mass = log.target.sum() / max(len(log.shopper), 1)
    aimed = np.concatenate([[mass], log.target @ ((x - centre) / scale) / max(len(log.shopper), 1)])
    moved = np.zeros(len(shoppers))
    np.add.at(moved, number[log.page[log.shown]], residual * (z @ inverse @ aimed))
    return moved
