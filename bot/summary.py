"""A need in words and in chips: what is being looked for, each part ready to be dropped by one tap."""

from __future__ import annotations

from bot.reply import Chip, Line
from storage.records import Language, Need, PriceRange, SlotName, Vocabulary, Wish


def chips_of(need: Need, vocabulary: Vocabulary, language: Language, anchor_title: str = "") -> tuple[Chip, ...]:
    """One chip for each part of the need: the words, the wishes, the price, the anchor."""
    chips = [Chip("query", Line("chip-value", {"value": need.query}))] if need.query else []
    chips += [Chip(f"w{i}", _wish(w, vocabulary, language)) for i, w in enumerate(need.wishes)]
    if need.price:
        chips.append(Chip("price", _price(need.price_said or need.price, need.price)))
    if need.like_product and anchor_title:
        chips.append(Chip("like", Line("chip-like", {"title": anchor_title})))
    return tuple(chips)


def what(chips: tuple[Chip, ...]) -> tuple[Line, ...]:
    """The parts as one enumeration for a sentence."""
    return tuple(chip.label for chip in chips)


def _wish(wish: Wish, vocabulary: Vocabulary, language: Language) -> Line:
    label = wish.text if wish.name in _FREE and wish.text else vocabulary.label(wish.name, wish.value, language)
    return Line("chip-not" if wish.negated else "chip-value", {"value": label})


_FREE = frozenset({SlotName.OCCASION, SlotName.FEATURE, SlotName.BRAND, SlotName.AUDIENCE})


def _price(said: PriceRange, converted: PriceRange) -> Line:
    currency = said.currency or converted.currency
    match said:
        case PriceRange(min=None, max=high) if high is not None:
            return Line("chip-price-max", {"amount": high, "currency": currency})
        case PriceRange(min=low, max=None) if low is not None:
            return Line("chip-price-min", {"amount": low, "currency": currency})
        case _:
            return Line("chip-price-range", {"low": said.min, "high": said.max, "currency": currency})
