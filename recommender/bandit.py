"""What one shopper likes: Bayesian linear regression of reward on features, forgetting towards the shared prior.

Weights w of a shopper have the prior N(m, S), shared by all and learned from all. A card with features x that earned
the reward r adds c x x' / s^2 to the precision and c x r / s^2 to the moment. The confidence c is 1 for a reaction,
and what `Attention` says for a card that was passed over. One card is one observation, however often it was pressed:
the strongest reaction of the shopper's last mind counts.

Old evidence fades in time (a half-life) and with every page shown since (a factor), so that a change of taste is
followed within a few pages (Russac, Vernade and Cappé, "Weighted linear bandits for non-stationary environments",
NeurIPS 2019). A page ranks by one draw of w (Agrawal and Goyal, "Thompson sampling for contextual bandits with linear
payoffs", ICML 2013), its spread narrowed for short acquaintances (Chapelle and Li, "An empirical evaluation of
Thompson sampling", NIPS 2011), by the upper confidence bound (Li et al., LinUCB, WWW 2010), or greedily by the mean.

A taste holds evidence only, never the prior: a new prior moves every shopper at once and spoils nothing. Evidence is a
sum over pages, so the order of arrival does not matter, and the log alone gives the same taste again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from types import MappingProxyType

import numpy as np

from recommender.prior import Matrix, Prior, prior
from storage.records import Feedback, Reaction, SeenCard, SeenPage, Taste

HALF_LIFE = timedelta(days=45)
PAGE_MEMORY = 0.85  # what a page still counts after one more was shown
UCB_WIDTH = 0.5
SPONSORED, PINNED = "sponsored", "pinned"
"""Marks among the logged features: paid places, and those the owner gave by hand, teach nothing."""

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
    """What a reaction is worth; being shown without one is worth nothing."""
    return _REWARDS[reaction]


def teaches(features: Mapping[str, float]) -> bool:
    """Whether a card with these logged numbers got its place by its score, or was at least drawn for it."""
    return not (features.get(SPONSORED) or features.get(PINNED))


def newcomer(user_id: int, shared: Prior | None = None) -> Taste:
    """The taste of somebody unknown: no evidence."""
    shared = shared or prior()
    size = len(shared.features)
    return Taste(user_id, shared.features, (0.0,) * (size * (size + 1) // 2), (0.0,) * size, prior=shared.version)


def shown(taste: Taste, page: SeenPage, shared: Prior | None = None) -> Taste:
    """The taste after one more page, whatever it has earned until now."""
    return _added(taste, page, page_evidence(page, shared or prior()), shared or prior())


def revised(taste: Taste, before: SeenPage, after: SeenPage, shared: Prior | None = None) -> Taste:
    """The taste after a page that it knows as `before` became `after` by a reaction, now or long after."""
    shared = shared or prior()
    was, became = page_evidence(before, shared), page_evidence(after, shared)
    return _added(taste, after, (became[0] - was[0], became[1] - was[1]), shared)


def update(taste: Taste, features: Mapping[str, float], feedback: Feedback, shared: Prior | None = None) -> Taste:
    """The taste after a page with one card, which got this reaction. A paid or pinned place teaches nothing."""
    if not teaches(features):
        return taste
    card = SeenCard(feedback.recommendation_id, 1, features, ((feedback.reaction, feedback.at),))
    return shown(taste, SeenPage(0, taste.pages + 1, feedback.at, (card,)), shared)


def rebuild(user_id: int, pages: Iterable[SeenPage], shared: Prior | None = None, *, version: int = 0) -> Taste:
    """The taste that the log alone gives, pages in any order: equal to the one kept up reaction by reaction.

    `version` counts the pages and reactions of the log; 0 leaves the number of pages.
    """
    taste = newcomer(user_id, shared)
    for page in pages:
        taste = shown(taste, page, shared)
    return replace(taste, version=version or taste.version)


def page_evidence(page: SeenPage, shared: Prior) -> tuple[Matrix, Matrix]:
    """Sums over the cards of c x x' (d, d) and of c x r (d,), before the noise divides them."""
    cards, earned, confidence = _observed(page, shared)
    x = np.array([[card.features.get(name, 0.0) for name in shared.features] for card in cards])
    x = x.reshape(len(cards), len(shared.features))
    weighted = x * confidence[:, None]
    return weighted.T @ x, weighted.T @ earned


def page_worth(page: SeenPage, shared: Prior) -> tuple[float, int]:
    """Sum over the cards of c r^2, and how many cards that is."""
    cards, earned, confidence = _observed(page, shared)
    return float(confidence @ earned**2), len(cards)


def earned(card: SeenCard) -> float | None:
    """The reward of the strongest reaction that agrees with the last one; None where there was none."""
    if not card.reactions:
        return None
    last = reward(max(card.reactions, key=lambda pair: (pair[1], abs(reward(pair[0]))))[0])
    agreeing = [reward(reaction) for reaction, _ in card.reactions if (reward(reaction) > 0) == (last > 0)]
    return max(agreeing, key=abs)


def _observed(page: SeenPage, shared: Prior) -> tuple[list[SeenCard], Matrix, Matrix]:
    """The cards that teach, the reward of each (n,) and the confidence in it (n,)."""
    cards = [card for card in page.cards if teaches(card.features)]
    got = [earned(card) for card in cards]
    last = max((card.position for card, each in zip(cards, got, strict=True) if each is not None), default=0)
    confidence = [
        1.0 if each is not None else shared.attention.passed_over(card.position, last)
        for card, each in zip(cards, got, strict=True)
    ]
    return cards, np.array([each or 0.0 for each in got]), np.array(confidence)


@dataclass(frozen=True)
class Posterior:
    """Beliefs about the weights at one instant: `mean` (d,), and `root` (d, d) with root root' = covariance.

    `exploration` is the share of the deviation that a live draw takes.
    """

    mean: Matrix
    root: Matrix
    exploration: float = 1.0

    def draws(self, rng: np.random.Generator, count: int) -> Matrix:
        """(count, d) independent weights, drawn as a live page draws them."""
        drawn: Matrix = self.mean + self.exploration * rng.standard_normal((count, len(self.mean))) @ self.root.T
        return drawn

    def widths(self, x: Matrix) -> Matrix:
        """Standard deviation of each row's expected reward, (n,)."""
        spread: Matrix = np.linalg.norm(x @ self.root, axis=1)
        return spread


def posterior(taste: Taste | None, now: datetime, shared: Prior | None = None) -> Posterior:
    """What is believed at `now`, evidence faded since the last of it; the prior for nobody."""
    shared = shared or prior()
    if taste is None:
        return _of_nobody(shared)
    evidence, towards = _evidence(taste, shared)
    trust = _kept(taste, now, taste.pages) / shared.noise**2
    return _believed(shared.precision + trust * evidence, shared.moment + trust * towards, shared)


@lru_cache(maxsize=8)
def _of_nobody(shared: Prior) -> Posterior:
    return _believed(shared.precision, shared.moment, shared)


def _believed(precision: Matrix, moment: Matrix, shared: Prior) -> Posterior:
    root: Matrix = np.linalg.inv(np.linalg.cholesky(precision)).T
    return Posterior(root @ (root.T @ moment), root, shared.exploration)


def _added(taste: Taste, page: SeenPage, evidence: tuple[Matrix, Matrix], shared: Prior) -> Taste:
    """Taste and evidence brought to the later of their two instants, and summed."""
    at = max(taste.updated_at or page.shown_at, page.shown_at)
    pages = max(taste.pages, page.number)
    held, towards = _evidence(taste, shared)
    old = _kept(taste, at, pages)
    new = 0.5 ** ((at - page.shown_at) / HALF_LIFE) * PAGE_MEMORY ** (pages - page.number)
    precision, moment = old * held + new * evidence[0], old * towards + new * evidence[1]
    return Taste(
        user_id=taste.user_id,
        features=shared.features,
        precision=tuple(precision[_triangle(len(moment))].tolist()),
        moment=tuple(moment.tolist()),
        version=taste.version + 1,
        updated_at=at,
        pages=pages,
        prior=shared.version,
    )


def _kept(taste: Taste, now: datetime, pages: int) -> float:
    """The share of a taste's evidence that still counts at `now`, after that many pages."""
    if taste.updated_at is None:
        return 0.0
    age = max((now - taste.updated_at) / HALF_LIFE, 0.0)
    faded: float = 0.5**age * PAGE_MEMORY ** (pages - taste.pages)
    return faded


def _evidence(taste: Taste, shared: Prior) -> tuple[Matrix, Matrix]:
    """A taste's sums over the features of the prior; of features it does not know it says nothing."""
    size = len(taste.features)
    upper = np.zeros((size, size))
    upper[_triangle(size)] = taste.precision
    full = upper + np.triu(upper, 1).T
    moment = np.array(taste.moment)
    if taste.features == shared.features:
        return full, moment
    here = [at for at, name in enumerate(shared.features) if name in taste.features]
    there = [taste.features.index(shared.features[at]) for at in here]
    precision, towards = np.zeros(shared.covariance.shape), np.zeros(len(shared.features))
    precision[np.ix_(here, here)], towards[here] = full[np.ix_(there, there)], moment[there]
    return precision, towards


@cache
def _triangle(size: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], ...]:
    return np.triu_indices(size)
