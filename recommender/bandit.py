"""What one shopper likes: Bayesian linear regression of reward on features, forgetting towards the shared prior.

Weights w of a shopper have the posterior N(A^-1 b, A^-1). A reaction with features x and reward r, seen t ago, adds
x x' / s^2 to A and x r / s^2 to b, each times 0.5^(t / half-life), so that old evidence fades and the prior returns
(Russac, Vernade and Cappé, "Weighted linear bandits for non-stationary environments", NeurIPS 2019). A page ranks by
one draw of w (Agrawal and Goyal, "Thompson sampling for contextual bandits with linear payoffs", ICML 2013), by the
upper confidence bound (Li et al., LinUCB, WWW 2010), or greedily by the mean.

Evidence is a sum, so the order of arrival does not matter, and the log alone gives the same taste again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import numpy as np

from recommender.prior import Matrix, prior
from storage.records import Feedback, Reaction, Taste

HALF_LIFE = timedelta(days=45)
NOISE = 0.12  # standard deviation of a reward around its expectation, on the scale of the prior's scores
UCB_WIDTH = 0.5
SPONSORED = "sponsored"
"""A mark among the logged features: reactions to paid places teach nothing."""

_REWARDS: Mapping[Reaction, float] = MappingProxyType(
    {
        Reaction.BUY: 1.0,
        Reaction.CART: 0.85,
        Reaction.SAVE: 0.75,
        Reaction.LIKE: 0.7,
        Reaction.MORE_LIKE: 0.6,
        Reaction.OPEN: 0.5,
        Reaction.LESS_LIKE: -0.3,
        Reaction.DISLIKE: -0.5,
    }
)


def reward(reaction: Reaction) -> float:
    """What a reaction is worth; being shown without one is worth nothing and is not logged as evidence."""
    return _REWARDS[reaction]


def newcomer(user_id: int) -> Taste:
    """The prior itself, as the taste of somebody unknown."""
    shared = prior()
    return _taste(user_id, shared.precision, shared.moment, 0, None)


def update(taste: Taste, features: Mapping[str, float], feedback: Feedback) -> Taste:
    """The taste after one more reaction to something shown with these features. Paid places teach nothing."""
    if features.get(SPONSORED):
        return taste
    shared = prior()
    latest = max(taste.updated_at or feedback.at, feedback.at)
    precision, moment = _evidence(taste, latest)
    x = np.array([features.get(name, 0.0) for name in shared.features])
    weight = _kept(latest - feedback.at) / NOISE**2
    precision = precision + weight * np.outer(x, x)
    moment = moment + weight * reward(feedback.reaction) * x
    return _taste(taste.user_id, shared.precision + precision, shared.moment + moment, taste.version + 1, latest)


def rebuild(
    user_id: int, log: Iterable[tuple[Feedback, Mapping[str, float], float | None]], *, after: int = 0
) -> Taste:
    """The taste that the log alone gives: equal to the one kept up reaction by reaction.

    `after` is the version of the taste it takes the place of, so that versions of one shopper never repeat.
    """
    taste = newcomer(user_id)
    for feedback, features, _ in log:
        taste = update(taste, features, feedback)
    version = max(taste.version, after + 1 if after else 0)
    return Taste(user_id, taste.features, taste.precision, taste.moment, version, taste.updated_at)


@dataclass(frozen=True)
class Posterior:
    """Beliefs about the weights at one instant: `mean` (d,), and `root` (d, d) with root root' = covariance."""

    mean: Matrix
    root: Matrix

    def draws(self, rng: np.random.Generator, count: int) -> Matrix:
        """(count, d) independent weights."""
        drawn: Matrix = self.mean + rng.standard_normal((count, len(self.mean))) @ self.root.T
        return drawn

    def widths(self, x: Matrix) -> Matrix:
        """Standard deviation of each row's expected reward, (n,)."""
        spread: Matrix = np.linalg.norm(x @ self.root, axis=1)
        return spread


def posterior(taste: Taste | None, now: datetime) -> Posterior:
    """What is believed at `now`, evidence faded since the last update; the prior for nobody."""
    shared = prior()
    precision, moment = shared.precision, shared.moment
    if taste is not None:
        evidence, towards = _evidence(taste, now)
        precision, moment = precision + evidence, moment + towards
    try:
        lower = np.linalg.cholesky(precision)
    except np.linalg.LinAlgError:  # evidence gathered under another prior that no longer fits this one
        precision, moment = shared.precision, shared.moment
        lower = np.linalg.cholesky(precision)
    root: Matrix = np.linalg.inv(lower).T
    return Posterior(root @ (root.T @ moment), root)


def _evidence(taste: Taste, now: datetime) -> tuple[Matrix, Matrix]:
    """What the shopper's own reactions added to the prior's precision and moment, faded until `now`.

    A taste over other features (an older program's) gives what it knows of those that still exist.
    """
    shared = prior()
    size = len(taste.features)
    precision = np.array(taste.precision).reshape(size, size)
    moment = np.array(taste.moment)
    if taste.features != shared.features:
        precision, moment = _projected(taste.features, precision, moment)
    kept = _kept(now - taste.updated_at) if taste.updated_at else 0.0
    return kept * (precision - shared.precision), kept * (moment - shared.moment)


def _projected(names: tuple[str, ...], precision: Matrix, moment: Matrix) -> tuple[Matrix, Matrix]:
    shared = prior()
    here = [at for at, name in enumerate(shared.features) if name in names]
    there = [names.index(shared.features[at]) for at in here]
    fitted, towards = shared.precision.copy(), shared.moment.copy()
    fitted[np.ix_(here, here)] = precision[np.ix_(there, there)]
    towards[here] = moment[there]
    return fitted, towards


def _kept(age: timedelta) -> float:
    kept: float = 0.5 ** max(age / HALF_LIFE, 0.0)
    return kept


def _taste(user_id: int, precision: Matrix, moment: Matrix, version: int, at: datetime | None) -> Taste:
    return Taste(
        user_id, prior().features, tuple(map(float, precision.ravel())), tuple(map(float, moment)), version, at
    )
