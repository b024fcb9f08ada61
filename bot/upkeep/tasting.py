"""Everybody's tastes at once: the shared prior learned from the log, and tastes built again and compared.

Runs where nobody else writes the shop's database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from bot.learning import rebuilt_taste
from bot.upkeep.beliefs import NAME, shared_prior
from recommender.attention import Attention
from recommender.bandit import SPONSORED
from recommender.fitting import Sums, fit, log_likelihood, shopper_means, sums_of
from recommender.prior import Matrix, Prior, prior
from recommender.reading import Readings, attention_of
from storage.records import SeenPage
from storage.shop import Shop

MOST_SHOPPERS = 20_000
_HELD_BACK = 5  # every fifth shopper judges the fit
_DRAWS, _SEED = 2_000, 3
Progress = Callable[[Iterable[int]], Iterable[int]]


class TooLittleError(Exception):
    """The log is too short to learn a prior from."""


@dataclass(frozen=True)
class Fit:
    """A fitted prior, and how it did on shoppers whom it was not fitted on.

    `gain` is the log-likelihood of a card's reward under the fit less that under the prior it would take the place of,
    averaged over the cards of the shoppers held back, with its 95 % interval over shoppers.
    """

    prior: Prior
    shoppers: int
    cards: int
    gain: tuple[float, float, float]

    @property
    def figures(self) -> dict[str, float | int]:
        value, low, high = self.gain
        return {"shoppers": self.shoppers, "cards": self.cards, "gain": value, "gain_low": low, "gain_high": high}


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many shoppers have a taste, and of whom the kept one was missing or differed from the log's."""

    shoppers: int
    differing: tuple[int, ...]


def fit_prior(shop: Shop, *, fewest: int = 50, progress: Progress = iter) -> Fit:
    """Learns the prior from the log. Raises TooLittleError below `fewest` shoppers with a page that was ranked."""
    before = shared_prior(shop)
    shoppers = shop.seen.shoppers()[-MOST_SHOPPERS:]
    logs = [pages for user in progress(shoppers) if (pages := _ranked(shop.seen.of(user)))]
    if len(logs) < fewest:
        raise TooLittleError(f"{len(logs)} shoppers have seen ranked pages; a prior needs at least {fewest}.")
    start = replace(prior(), attention=_attention(logs))
    sums = sums_of(logs, start)
    kept = [at for at in range(len(logs)) if at % _HELD_BACK]
    back = [at for at in range(len(logs)) if not at % _HELD_BACK]
    judged = fit(sums.of(kept), start)
    gain = _gain(sums.of(back), judged, replace(before, attention=start.attention))
    return Fit(fit(sums, start), len(logs), int(sums.count.sum()), gain)


def keep_prior(shop: Shop, found: Fit, at: datetime) -> int:
    """Puts a fit to use; tastes follow at each shopper's next turn, or all at once by `rebuild_all`. Its version."""
    return shop.fitted.put(NAME, found.prior.as_json(), figures=found.figures, at=at)


def rebuild_all(shop: Shop, *, write: bool = True, progress: Progress = iter) -> Rebuilt:
    """Builds every taste from the log, and says whose kept one was another."""
    shoppers, differing = shop.seen.shoppers(), []
    for user in progress(shoppers):
        live, built = shop.tastes.get(user), rebuilt_taste(shop, user)
        if live is None or not _same(live.moment, built.moment) or not _same(live.precision, built.precision):
            differing.append(user)
        if write:
            shop.tastes.put(built)
    return Rebuilt(len(shoppers), tuple(differing))


def _same(kept: Sequence[float], built: Sequence[float]) -> bool:
    return len(kept) == len(built) and bool(np.allclose(kept, built, rtol=1e-6, atol=1e-8))


def _ranked(pages: list[SeenPage]) -> list[SeenPage]:
    """Those that a ranking made: a card that a link leads to has no features."""
    return [page for page in pages if any(any(card.features.values()) for card in page.cards)]


def _attention(logs: list[list[SeenPage]]) -> Attention:
    """How pages are read, by what the shopper's own taste expects of each card.

    By what all expect, a shopper who likes little would pass for one who does not read.
    """
    start = replace(prior(), attention=replace(prior().attention, judged=1.0))
    expected = shopper_means(sums_of(logs, start), fit(sums_of(logs, start), start, rounds=20))
    size = max(len(page.cards) for pages in logs for page in pages)
    rows = [(page, means) for pages, means in zip(logs, expected, strict=True) for page in pages]
    score, reacted = np.full((len(rows), size), np.nan), np.zeros((len(rows), size), dtype=np.bool_)
    for at, (page, means) in enumerate(rows):
        for place, card in enumerate(page.cards):
            if not card.features.get(SPONSORED):
                score[at, place] = means @ [card.features.get(name, 0.0) for name in start.features]
                reacted[at, place] = bool(card.reactions)
    return attention_of(Readings(score, reacted), prior().attention)


def _gain(back: Sums, fitted: Prior, before: Prior) -> tuple[float, float, float]:
    """Log-likelihood gained a card, with its bootstrap interval over shoppers."""
    gained: Matrix = log_likelihood(back, fitted) - log_likelihood(back, before)
    rng, size = np.random.default_rng(_SEED), len(gained)
    picks = rng.integers(size, size=(_DRAWS, size))
    drawn = gained[picks].sum(axis=1) / back.count[picks].sum(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(gained.sum() / back.count.sum()), float(low), float(high)
