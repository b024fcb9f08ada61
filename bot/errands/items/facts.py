"""What the shop states of a product, fact by fact, each with its name and its value in the shopper's language. Pure.

Everything is read from the catalogue row; what the feed does not say is no fact, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.attributes import attribute_name
from bot.errands.items.kinds import kinds_line
from bot.naming import value_name
from bot.reply import Line
from storage.records import Language, Product, SlotName, Vocabulary
from storage.variants import Offer, dearest, is_counted_in_part

PRICE, RATING, STOCK, FEATURES = "price", "rating", "stock", "features"
_LOW_STOCK = 5
_SLOTS = (SlotName.BRAND, SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE, SlotName.AUDIENCE)


@dataclass(frozen=True, slots=True)
class Fact:
    """One stated thing. `key` names it over products: a slot, "price", "rating", "stock", or an attribute."""

    key: str
    name: Line
    value: Line


def facts_of(product: Product, vocabulary: Vocabulary, language: Language) -> tuple[Fact, ...]:
    """All of them, in the order they are told."""
    return tuple(_facts(product, vocabulary, language))


def _facts(product: Product, vocabulary: Vocabulary, language: Language) -> Iterator[Fact]:
    yield Fact(PRICE, Line("item-name-price"), price_line(product))
    if product.rating is not None and product.rating_count > 0:
        facts = {"rating": product.rating, "count": product.rating_count}
        yield Fact(RATING, Line("item-name-rating"), Line("rating", facts))
    if stock := stock_line(product):
        yield Fact(STOCK, Line("item-name-stock"), stock)
    for slot in _SLOTS:
        if labels := labels_of(product, slot, vocabulary, language):
            value = kinds_line(product, slot, vocabulary, language) or Line("item-values", {"values": labels})
            yield Fact(slot.value, Line(f"item-name-{slot.value}"), value)
    yield from _others(product, vocabulary, language)


def _others(product: Product, vocabulary: Vocabulary, language: Language) -> Iterator[Fact]:
    for name, value in product.attributes.items():
        if name.casefold() == FEATURES:
            parts = [part.strip() for part in value.split(",") if part.strip()]
            labels = tuple(vocabulary.label(SlotName.FEATURE, part.casefold(), language) for part in parts)
            yield Fact(FEATURES, Line("item-name-features"), Line("item-values", {"values": labels}))
        elif label := attribute_name(name, value, language):
            yield Fact(name.casefold(), Line("item-said", {"text": label}), Line("item-said", {"text": value}))


def price_line(product: Product) -> Line:
    """What it costs, or from how much on."""
    code = "item-money" if dearest(product) == product.price else "item-from"
    return Line(code, {"amount": product.price, "currency": product.currency})


def stock_line(sold: Product | Offer) -> Line | None:
    """Whether it can be had; None where the shop does not count."""
    if sold.stock is None:
        return None
    if sold.stock <= 0:
        return Line("out-of-stock")
    few = sold.stock <= _LOW_STOCK and not (isinstance(sold, Product) and is_counted_in_part(sold))
    return Line("low-stock", {"n": sold.stock}) if few else Line("item-in-stock")


def labels_of(product: Product, slot: SlotName, vocabulary: Vocabulary, language: Language) -> tuple[str, ...]:
    """The product's values of a slot in words; of the brand, its own spelling."""
    if slot is SlotName.BRAND:
        return (product.brand,) if product.brand else ()
    return tuple(value_name(slot, value, vocabulary, language) for value in product.values(slot))
