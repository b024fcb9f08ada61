"""Who gets seen: what was shown, first, clicked, carted and ordered, by category, brand, campaign and kind of place.

    report = exposure_report(shop.exposure.showings(since, until), now_days=30)

Pure. Shares are of all cards in the report. A click is any good reaction to a showing; its rate comes with a 95 %
interval (bot/rates.py). How evenly products are seen is Gini's coefficient: 0 for all alike, near 1 where one has
everything.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta

from bot.rates import wilson
from storage.exposure import Showing
from storage.records import Reaction

NEW_DAYS = 30
_GOOD = frozenset(reaction.value for reaction in Reaction if reaction not in (Reaction.LESS_LIKE, Reaction.DISLIKE))
_NOTHING = "(none)"
_LINKED = "(product link)"
PLACES = ("organic", "sponsored", "pinned", "tried", "boosted", "buried")
"""How a card can have got its place; the first that is true counts. "tried": given to a new product on purpose."""


@dataclass
class Line:
    """The figures of one category, brand, campaign or kind of place."""

    shown: int = 0
    first: int = 0
    clicks: int = 0
    carts: int = 0
    orders: int = 0
    refused: int = 0

    def count(self, showing: Showing) -> None:
        self.shown += 1
        self.first += showing.position == 1
        self.clicks += bool(showing.reactions & _GOOD)
        self.carts += Reaction.CART.value in showing.reactions
        self.orders += Reaction.BUY.value in showing.reactions
        self.refused += bool(showing.reactions & {Reaction.DISLIKE.value, Reaction.LESS_LIKE.value})

    @property
    def rate(self) -> tuple[float, float, float]:
        """Clicks of what was shown, with the interval's ends."""
        found = wilson(self.clicks, self.shown)
        return found.value, found.low, found.high


@dataclass
class ExposureReport:
    """Lines by dimension and value; `products` counts the showings of each product."""

    total: Line = field(default_factory=Line)
    lines: dict[str, dict[str, Line]] = field(default_factory=dict)
    products: Counter[str] = field(default_factory=Counter)

    def gini(self, unshown: int = 0) -> float:
        """How unevenly products are seen; `unshown` products of the shop had no showing at all."""
        return gini([*self.products.values(), *([0] * unshown)])

    def top_share(self, share: float = 0.1) -> float:
        """Which part of all showings the most shown products have; `share` is of the products shown."""
        counts = sorted(self.products.values(), reverse=True)
        best = counts[: max(math.ceil(share * len(counts)), 1)]
        return sum(best) / max(sum(counts), 1)


def exposure_report(
    showings: Iterable[Showing], new_days: float = NEW_DAYS, *, place: str | None = None
) -> ExposureReport:
    """Counts every showing in each dimension: category, brand, campaign, place, age; `place` limits it to one kind."""
    report = ExposureReport()
    for showing in showings:
        if place and _place(showing.marks) != place:
            continue
        report.total.count(showing)
        report.products[showing.product_id] += 1
        for dimension, value in _places(showing, new_days):
            report.lines.setdefault(dimension, {}).setdefault(value, Line()).count(showing)
    return report


def _places(showing: Showing, new_days: float) -> Iterator[tuple[str, str]]:
    yield "category", showing.category or _NOTHING
    yield "brand", showing.brand or _NOTHING
    yield "campaign", _campaign(showing.campaign)
    yield "place", _place(showing.marks)
    yield "age", _age(showing, new_days)


def _campaign(payload: str) -> str:
    if payload.startswith("p_"):
        return _LINKED
    return payload or _NOTHING


def _place(marks: frozenset[str]) -> str:
    """How the card got its place; each card counts once."""
    for mark, name in (("sponsored", "sponsored"), ("pinned", "pinned"), ("explored", "tried")):
        if mark in marks:
            return name
    for mark, name in (("rule up", "boosted"), ("rule down", "buried")):
        if mark in marks:
            return name
    return "organic"


def _age(showing: Showing, new_days: float) -> str:
    created = showing.created_at
    if created is None:
        return "unknown"
    created = created if created.tzinfo else created.replace(tzinfo=UTC)
    return "new" if showing.shown_at - created <= timedelta(days=new_days) else "older"


def gini(counts: Sequence[int]) -> float:
    """Gini's coefficient of non-negative counts: 0 for none, or where all are the same; below 1."""
    total, n = sum(counts), len(counts)
    if not total:
        return 0.0
    ranked = sum(rank * count for rank, count in enumerate(sorted(counts), start=1))
    return 2 * ranked / (n * total) - (n + 1) / n
