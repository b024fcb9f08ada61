"""A need in words and in chips: what is being looked for, each part ready to be dropped by one tap."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from bot.naming import wish_line, wish_name
from bot.reply import Chip, Line
from storage.records import Language, Need, PriceRange, SlotName, Vocabulary, Wish

# What stands before the thing, in the order of a noun phrase of either language: "red or blue linen Larkhill ...".
_BEFORE = (SlotName.COLOR, SlotName.MATERIAL, SlotName.BRAND)


def chips_of(need: Need, vocabulary: Vocabulary, language: Language, anchor_title: str = "") -> tuple[Chip, ...]:
    """One chip for each part of the need: the words, the wishes, the price, the rating, the anchor."""
    chips = [Chip("query", Line("chip-value", {"value": need.query}))] if need.query else []
    chips += [Chip(f"w{i}", wish_line(w, vocabulary, language)) for i, w in enumerate(need.wishes)]
    if price := _price_of(need):
        chips.append(Chip("price", price))
    if rating := _rating_of(need):
        chips.append(Chip("rating", rating))
    if need.like_product and anchor_title:
        chips.append(Chip("like", Line("chip-like", {"title": anchor_title})))
    if need.looks:
        chips.append(Chip("look", Line("chip-look")))
    return tuple(chips)


def what(need: Need, vocabulary: Vocabulary, language: Language, anchor_title: str = "") -> tuple[Line, ...]:
    """The same parts for a sentence: "red or blue dresses", "for my mom", "not silk", "up to $60"."""

    def named(name: SlotName) -> list[Line]:
        return [wish_name(w, vocabulary, language) for w in need.wishes if w.name is name and not w.negated]

    words = [Line("chip-value", {"value": need.query})] if need.query else []
    kinds = named(SlotName.CATEGORY)
    said_of_it = [w for w in need.wishes if kinds and _adjective(w, vocabulary)]
    # "蓝牙耳机" names the property that it has: it is not said twice.
    kind_names = " ".join(str(kind.facts.get("value", "")).casefold() for kind in kinds)
    labels = [vocabulary.label(w.name, w.value, language) for w in said_of_it]
    features = [Line("chip-value", {"value": label}) for label in labels if label.casefold() not in kind_names]
    nouns = [*(_either(named(name)) for name in _BEFORE), features, _either(kinds) or words]
    thing = [part for group in nouns for part in group]
    parts = [reduce(_beside, thing)] if thing else []
    parts += words if kinds else []
    rest = [w for w in need.wishes if w not in said_of_it and (w.negated or w.name not in _IN_THING)]
    parts += [wish_line(w, vocabulary, language) for w in rest]
    if price := _price_of(need):
        parts.append(price)
    if rating := _rating_of(need):
        parts.append(rating)
    if need.like_product and anchor_title:
        parts.append(Line("chip-like", {"title": anchor_title}))
    if need.looks:
        parts.append(Line("chip-look"))
    return tuple(parts)


_IN_THING = frozenset({*_BEFORE, SlotName.CATEGORY})


def names_a_thing(need: Need) -> bool:
    """Whether the sentence has something to start with, or limits alone: "for my daughter", "up to $20"."""
    return bool(need.query) or any(w.name in _IN_THING and not w.negated for w in need.wishes)


def _adjective(wish: Wish, vocabulary: Vocabulary) -> bool:
    """A property of the vocabulary's own stands before the thing: "waterproof jackets"; other words stand after it."""
    return wish.name is SlotName.FEATURE and not wish.negated and (wish.name, wish.value) in vocabulary.by_value


def range_line(price: PriceRange, currency: str | None) -> Line:
    """A price limit in words, open or closed."""
    match price:
        case PriceRange(min=None, max=high) if high is not None:
            return Line("chip-price-max", {"amount": high, "currency": currency})
        case PriceRange(min=low, max=None) if low is not None:
            return Line("chip-price-min", {"amount": low, "currency": currency})
        case _:
            return Line("chip-price-range", {"low": price.min, "high": price.max, "currency": currency})


def _price_of(need: Need) -> Line | None:
    if need.price is None:
        return None
    said = need.price_said or need.price
    return range_line(said, said.currency or need.price.currency)


def _rating_of(need: Need) -> Line | None:
    return None if need.least_rating is None else Line("chip-rating", {"rating": need.least_rating})


def _either(lines: Iterable[Line]) -> list[Line]:
    found = list(lines)
    return [reduce(lambda one, other: Line("either", {"one": one, "other": other}), found)] if found else []


def _beside(first: Line, second: Line) -> Line:
    return Line("beside", {"first": first, "second": second})
