"""How a price stands among what is on screen and among its kind in the shop, and what the row says beside it. Pure.

Asked why something is so dear, nobody but the shop could say: a feed states prices and no reasons for them. So the
figures are told, with what the row says of brand, material and rating, and that the shop gives no reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median_low

from bot.cues import cue
from bot.errands.items.facts import RATING, facts_of
from bot.naming import value_name
from bot.reply import Line
from storage.records import Language, Product, Recommendation, SlotName, Vocabulary

ENOUGH = 5
"""Fewer of a kind say nothing of what is usual for it."""
_BESIDE = (SlotName.BRAND.value, SlotName.MATERIAL.value, RATING)


@dataclass(frozen=True, slots=True)
class Kind:
    """What the products of one kind cost that the shop has, all in one currency."""

    value: str = ""
    prices: tuple[Decimal, ...] = ()


def asks_for_its_price(text: str) -> bool:
    """Whether a message asks why something costs what it costs."""
    return bool(cue("why-price").search(text))


def pricing(
    product: Product, page: Sequence[Recommendation], kind: Kind, vocabulary: Vocabulary, language: Language
) -> tuple[Line, ...]:
    """The lines. `kind` is that of the product, in its currency."""
    facts = {fact.key: fact for fact in facts_of(product, vocabulary, language)}
    beside = tuple(facts[key] for key in _BESIDE if key in facts)
    return (
        Line("item-about", {"title": product.title_in(language)}),
        Line("fact-price", {"amount": product.price, "currency": product.currency}),
        *_on_screen(product, page),
        *_in_its_kind(product, kind, vocabulary, language),
        *(Line("item-fact", {"name": fact.name, "value": fact.value}) for fact in beside),
        Line("price-no-reason"),
    )


def _on_screen(product: Product, page: Sequence[Recommendation]) -> tuple[Line, ...]:
    others = [card.product for card in page if card.product.id != product.id]
    prices = sorted(other.price for other in others if other.currency == product.currency)
    if not prices or len(prices) < len(others):
        return ()
    place = "dearest" if product.price > prices[-1] else "cheapest" if product.price < prices[0] else "between"
    ends = {"low": prices[0], "high": prices[-1], "currency": product.currency}
    return (Line("price-on-screen", {"place": place, "others": len(prices), **ends}),)


def _in_its_kind(product: Product, kind: Kind, vocabulary: Vocabulary, language: Language) -> tuple[Line, ...]:
    """Where it stands in the shop; nothing where there are too few of its kind to say."""
    if len(kind.prices) < ENOUGH:
        return ()
    name = value_name(SlotName.CATEGORY, kind.value, vocabulary, language)
    dearer = round(100 * sum(price > product.price for price in kind.prices) / len(kind.prices))
    middle = median_low(kind.prices)
    facts = {"kind": name, "count": len(kind.prices), "middle": middle, "currency": product.currency}
    return (Line("price-in-its-kind", {**facts, "dearer": dearer}),)
