"""How popular each product is in this shop, and which are wanted more than usual just now.

    heat = heat_of(figures, now, HeatConfig())      # in the thread that has the figures
    recommender.heat = heat                          # a value, swapped whole

Two sources. The shop's own views, carts and orders count by weight, halved with every half-life. Reactions in the chat
count as a rate: what was shown often or high up is reacted to often, so each product's reactions are divided by those
that its places would have given an average product (clicks over expected clicks: Zhang and Jones, "Comparing click
logs and editorial labels for training query rewriting", WWW 2007), pulled to 1 while little is known.

Trending is a surge: what was done with a product lately, against its usual share of all that is done lately, in
standard deviations of a Poisson count. A sale that lifts the whole shop makes nothing trend; a bestseller that sells as
always does not either.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol

import numpy as np

from recommender.bandit import reward
from recommender.prior import Matrix
from storage.records import Deed, Reaction

DEEDS: Mapping[str, float] = MappingProxyType({Deed.ORDER.value: 1.0, Deed.CART.value: 0.4, Deed.VIEW.value: 0.05})
_WEEK = timedelta(days=7)
_REMEMBERED = 8  # half-lives; what is older weighs less than half a percent
_KNOWN = 200.0  # orders' worth of evidence at which a shop's own figures count as much as ratings do
_USUAL = 2.0  # expected reactions' worth of belief that a product is an average one
_TOP = 20.0  # the least that the most popular product is measured against, so that one order is no bestseller
_CHANCE = 1.0  # orders' worth of surge that is put down to chance
_SURGE = 4.0  # standard deviations at which trending is 1 - 1/e
_TRENDING = 0.1  # the least surge that is worth a sentence
_ENOUGH: Mapping[str, int] = MappingProxyType({Deed.ORDER.value: 3, Deed.CART.value: 5, Deed.VIEW.value: 20})


@dataclass(frozen=True, slots=True)
class HeatConfig:
    """Half-lives in days: of popularity, and of what counts as lately."""

    popular_days: float = 60.0
    trending_days: float = 3.0


class Counted(Protocol):
    """Something done with a product on a day (UTC, YYYY-MM-DD)."""

    @property
    def product_id(self) -> str: ...
    @property
    def day(self) -> str: ...
    @property
    def count(self) -> int: ...


class Done(Counted, Protocol):
    """Done in the shop: "view", "cart" or "order"."""

    @property
    def kind(self) -> str: ...


class Shown(Counted, Protocol):
    """Shown in the chat at a place from 1."""

    @property
    def position(self) -> int: ...


class Reacted(Shown, Protocol):
    """Reacted to in the chat; the day is that of the showing."""

    @property
    def reaction(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Figures:
    """What heat is made of. `week` counts (product id, kind) of the last seven days, to be told to shoppers."""

    done: Iterable[Done] = ()
    shown: Iterable[Shown] = ()
    reacted: Iterable[Reacted] = ()
    week: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """How often a product was shown in the chat, and how many of these showings met a good reaction."""

    shown: int = 0
    liked: int = 0


@dataclass(frozen=True)
class Heat:
    """Popularity and trending by product, each 0..1, as they were `at`.

    `known` (0..1) is how far the shop's own figures are to be believed beside the counts of ratings; a product without
    an entry has `usual` popularity and no surge. `week` holds the true counts of the last seven days.
    """

    popular: Mapping[str, float] = field(default_factory=dict)
    trending: Mapping[str, float] = field(default_factory=dict)
    week: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    trials: Mapping[str, Trial] = field(default_factory=dict)
    usual: float = 0.0
    known: float = 0.0
    liked_share: float = 0.05
    at: datetime | None = None

    def popularity(self, product_id: str, by_ratings: float) -> float:
        """Popularity 0..1 where ratings alone say `by_ratings`."""
        return float(self.popularities([product_id], np.array([by_ratings]))[0])

    def popularities(self, ids: Sequence[str], by_ratings: Matrix) -> Matrix:
        """The same of several products, (n,)."""
        if not self.known:
            return by_ratings
        found: Matrix = self.known * np.array([self.popular.get(id, self.usual) for id in ids])
        return found + (1 - self.known) * by_ratings

    def hottest(self, limit: int) -> list[str]:
        """The most popular and the most trending products, taking turns: candidates where nothing was asked."""
        lists = [
            sorted(found, key=lambda id: (-found[id], id))[:limit] for found in (self.popular, self.trending) if found
        ]
        turns = (found[at] for at in range(limit) for found in lists if at < len(found))
        return list(dict.fromkeys(turns))[:limit]

    def told(self, product_id: str) -> tuple[str, int] | None:
        """(kind, count of the last seven days) of a product that trends and whose count is worth telling."""
        if self.trending.get(product_id, 0.0) < _TRENDING:
            return None
        counts = self.week.get(product_id, {})
        return next(((kind, counts[kind]) for kind, least in _ENOUGH.items() if counts.get(kind, 0) >= least), None)


COLD = Heat()
"""Nothing is known: ratings alone say what is popular."""


def since(now: datetime, config: HeatConfig) -> datetime:
    """From when on figures are needed."""
    return now - timedelta(days=_REMEMBERED * max(config.popular_days, config.trending_days))


def heat_of(figures: Figures, now: datetime, config: HeatConfig) -> Heat:
    """The heat of a shop at an aware instant. Pure; the order of the figures does not matter."""
    long, short = config.popular_days, config.trending_days
    done, lately = _done(figures.done, now, long), _done(figures.done, now, short)
    rated = _Rates(figures.shown, figures.reacted, now, long, short)
    raw = {id: done.get(id, 0.0) + rated.usual * rated.lift(id) for id in done.keys() | rated.reactions.keys()}
    top = math.log1p(max(max(raw.values(), default=0.0), _TOP))
    weight = sum(done.values()) + sum(rated.reactions.values())
    popular = {id: math.log1p(value) / top for id, value in raw.items()}
    return Heat(
        popular=popular,
        trending=_surges(done, lately, rated),
        week=_by_product(figures.week),
        trials=rated.trials,
        usual=math.log1p(rated.usual) / top,
        known=weight / (weight + _KNOWN),
        liked_share=rated.liked_share,
        at=now,
    )


def _done(figures: Iterable[Done], now: datetime, half_life: float) -> dict[str, float]:
    sums: defaultdict[str, float] = defaultdict(float)
    for each in figures:
        sums[each.product_id] += DEEDS.get(each.kind, 0.0) * each.count * _kept(each.day, now, half_life)
    return dict(sums)


class _Rates:
    """Reactions in the chat against those that an average product would have got at the same places."""

    def __init__(
        self, shown: Iterable[Shown], reacted: Iterable[Reacted], now: datetime, long: float, short: float
    ) -> None:
        shown, reacted = list(shown), [each for each in reacted if reward(Reaction(each.reaction)) > 0]
        at_place = _rates_by_place(shown, reacted, now, long)
        self.reactions, self.expected = _summed(shown, reacted, at_place, now, long)
        self.lately, self.expected_lately = _summed(shown, reacted, at_place, now, short)
        self.usual = sum(self.reactions.values()) / max(len(self.reactions), 1)
        self.trials = _trials(shown, reacted)
        total = sum(each.shown for each in self.trials.values())
        # A twentieth is believed until there is a log: as much as fifty showings would say.
        self.liked_share = (sum(each.liked for each in self.trials.values()) + 2.5) / (total + 50.0)

    def lift(self, product_id: str) -> float:
        """How many times as well as an average product: 1 where little is known."""
        got, expected = self.reactions.get(product_id, 0.0), self.expected.get(product_id, 0.0)
        return (got + _USUAL) / (expected + _USUAL)


def _rates_by_place(
    shown: Iterable[Shown], reacted: Iterable[Reacted], now: datetime, half_life: float
) -> dict[int, float]:
    """Reward of a showing by its place."""
    showings: defaultdict[int, float] = defaultdict(float)
    rewards: defaultdict[int, float] = defaultdict(float)
    for each in shown:
        showings[each.position] += each.count * _kept(each.day, now, half_life)
    for one in reacted:
        rewards[one.position] += reward(Reaction(one.reaction)) * one.count * _kept(one.day, now, half_life)
    return {place: rewards[place] / number for place, number in showings.items() if number > 0}


def _summed(
    shown: Iterable[Shown], reacted: Iterable[Reacted], at_place: Mapping[int, float], now: datetime, half_life: float
) -> tuple[dict[str, float], dict[str, float]]:
    """Rewards and expected rewards by product; every shown product is in both."""
    expected: defaultdict[str, float] = defaultdict(float)
    rewards: defaultdict[str, float] = defaultdict(float)
    for each in shown:
        expected[each.product_id] += at_place.get(each.position, 0.0) * each.count * _kept(each.day, now, half_life)
        rewards[each.product_id] += 0.0
    for one in reacted:
        rewards[one.product_id] += reward(Reaction(one.reaction)) * one.count * _kept(one.day, now, half_life)
    return dict(rewards), dict(expected)


def _trials(shown: Iterable[Shown], reacted: Iterable[Reacted]) -> dict[str, Trial]:
    """A showing with several good reactions counts as one by the commonest of them: never more than were shown."""
    numbers: defaultdict[str, int] = defaultdict(int)
    liked: defaultdict[tuple[str, str], int] = defaultdict(int)
    for each in shown:
        numbers[each.product_id] += each.count
    for one in reacted:
        liked[one.product_id, one.reaction] += one.count
    most: defaultdict[str, int] = defaultdict(int)
    for (product_id, _), count in liked.items():
        most[product_id] = max(most[product_id], count)
    return {id: Trial(number, min(most[id], number)) for id, number in numbers.items()}


def _surges(done: Mapping[str, float], lately: Mapping[str, float], rated: _Rates) -> dict[str, float]:
    """1 - exp(-z / 4) of each surge z above chance; products without one are left out."""
    all_done, all_lately = sum(done.values()), sum(lately.values())
    share = all_lately / all_done if all_done > 0 else 0.0
    found = {}
    for id in lately.keys() | rated.lately.keys():
        got = lately.get(id, 0.0) + rated.lately.get(id, 0.0)
        expected = done.get(id, 0.0) * share + rated.expected_lately.get(id, 0.0) * rated.lift(id)
        above = (got - expected - _CHANCE) / math.sqrt(expected + 1.0)
        if above > 0:
            found[id] = 1.0 - math.exp(-above / _SURGE)
    return found


def _by_product(week: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (product_id, kind), count in week.items():
        found[product_id][kind] = count
    return dict(found)


@lru_cache(maxsize=4096)
def _kept(day: str, now: datetime, half_life: float) -> float:
    """0.5^(age / half-life), the age from the middle of the day."""
    middle = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(hours=12)
    age = max((now - middle) / timedelta(days=1), 0.0)
    kept: float = 0.5 ** (age / half_life)
    return kept


def week_before(now: datetime) -> datetime:
    """The start of the seven days whose counts are told."""
    return now - _WEEK
