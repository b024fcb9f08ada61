"""Two to four items side by side: a table of their facts, what matters to this shopper on top. Pure.

"Cheapest" and "best rated" are said only where one item alone is. What all have in common is said once, under the
table's rows that differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.draft import Draft
from bot.errands.items.details import NAME
from bot.errands.items.facts import PRICE, RATING, Fact, facts_of
from bot.errands.items.mattering import order_of, speaks_for
from bot.recall import Before
from bot.reply import Attachment, ErrandAct, Line, Option
from storage.records import Language, Need, Recommendation, Vocabulary

MOST = 4
_ENOUGH_RATINGS = 5
_NONE = Line("item-unsaid")


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of all items; None where the shop does not state it."""

    key: str
    name: Line
    values: tuple[Line | None, ...]

    @property
    def same(self) -> bool:
        return len(set(map(repr, self.values))) == 1


def comparison(cards: Sequence[Recommendation], need: Need, vocabulary: Vocabulary, before: Before) -> Draft:
    """The table with its verdicts and a button to pick each."""
    cards = tuple(cards[:MOST])
    language = need.language
    rows = rows_of(cards, vocabulary, language)
    differing = [row for row in rows if not row.same]
    order = order_of([row.key for row in differing], cards, need, before)
    differing.sort(key=lambda row: order.index(row.key))
    common = tuple(Line("item-common-fact", {"name": r.name, "value": r.values[0]}) for r in rows if r.same)
    lines = [*verdicts(cards, language), *_matters(differing, order, cards, need, before)]
    if common:
        lines.append(Line("item-common", {"facts": common}))
    head = (Line("item-blank"), *(Line("item-column", {"n": c.position or n}) for n, c in enumerate(cards, start=1)))
    titles = tuple(
        Line("item-row-title", {"n": c.position or n, "title": c.product.title_in(language)})
        for n, c in enumerate(cards, start=1)
    )
    cells = (head, *((row.name, *(value or _NONE for value in row.values)) for row in differing))
    options = tuple(
        Option(Line("item-pick", {"n": c.position or n}), does=ErrandAct(NAME, "details", c.id), row=1)
        for n, c in enumerate(cards, start=1)
    )
    table = Attachment("table", {"titles": titles, "cells": cells})
    places = tuple(card.position for card in cards if card.position)
    return Draft(need=need, lines=tuple(lines), options=options, attachments=(table,), points_at=places)


def rows_of(cards: Sequence[Recommendation], vocabulary: Vocabulary, language: Language) -> list[Row]:
    """A row for each fact that any of them has, in the order they are told."""
    of_each = [{fact.key: fact for fact in facts_of(card.product, vocabulary, language)} for card in cards]
    names: dict[str, Fact] = {}
    for facts in of_each:
        for key, fact in facts.items():
            names.setdefault(key, fact)
    rows = [Row(key, fact.name, tuple(_value(facts, key) for facts in of_each)) for key, fact in names.items()]
    least = 2 if len(cards) > 2 else 1
    told = {PRICE, RATING}
    return [row for row in rows if row.key in told or sum(value is not None for value in row.values) >= least]


def _value(facts: dict[str, Fact], key: str) -> Line | None:
    return facts[key].value if key in facts else None


def verdicts(cards: Sequence[Recommendation], language: Language) -> list[Line]:
    """The cheapest and the best rated, where there is one."""
    lines = []
    products = [card.product for card in cards]
    lowest = min(product.price for product in products)
    cheapest = [card for card in cards if card.product.price == lowest]
    if len(cheapest) == 1 and len({product.currency for product in products}) == 1:
        lines.append(Line("compare-cheapest", {"title": cheapest[0].product.title_in(language)}))
    rated = [card for card in cards if card.product.rating is not None and card.product.rating_count >= _ENOUGH_RATINGS]
    best = max((card.product.rating or 0.0 for card in rated), default=0.0)
    highest = [card for card in rated if card.product.rating == best]
    if len(rated) == len(cards) and len(highest) == 1:
        lines.append(Line("compare-best-rated", {"title": highest[0].product.title_in(language)}))
    return lines


def _matters(
    rows: Sequence[Row], order: Sequence[str], cards: Sequence[Recommendation], need: Need, before: Before
) -> list[Line]:
    """What to look at first, where something speaks for one row above the others."""
    top = next(iter(rows), None)
    if top is None or top.key in (PRICE, RATING):
        return []
    return [Line("item-matters", {"name": top.name})] if speaks_for(top.key, cards, need, before) else []
