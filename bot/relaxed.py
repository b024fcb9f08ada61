"""What is said over a page whose limits gave way: what fits exactly, and what was let out for the rest, and how."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from bot.naming import wish_name
from bot.reply import Chip, Line
from recommender.relaxing import EVERYTHING
from storage.records import Figure, Language, Need, ReasonCode, Relaxation, Slate, SlotName, Vocabulary, Way, Wish

EXACTLY, LOOSELY = "exact", "inexact"  # keys of the chip that asks for exact results, and of the one that takes it back


def relaxed_header(
    need: Need, slate: Slate, parts: tuple[Line, ...], vocabulary: Vocabulary, language: Language
) -> Line:
    """The header of a page with relaxed limits: how many cards fit exactly, and every way that the others take."""
    fitting = sum(all(reason.code is not ReasonCode.OFF_LIMIT for reason in card.reasons) for card in slate.page)
    ways = [_way_line(way, need, vocabulary, language) for way in slate.ways]
    facts = {"what": parts, "ways": reduce(lambda one, other: Line("way-or", {"one": one, "other": other}), ways)}
    return Line("relaxed-some", {"count": fitting, **facts}) if fitting else Line("relaxed-none", facts)


def exact_chips(need: Need, slate: Slate) -> tuple[Chip, ...]:
    """One tap to see only what fits exactly, or to drop that wish again."""
    if EVERYTHING in need.firm:
        return (Chip(LOOSELY, Line("chip-exact")),)
    return (Chip(EXACTLY, Line("chip-exact")),) if slate.ways else ()


def _way_line(way: Way, need: Need, vocabulary: Vocabulary, language: Language) -> Line:
    lines = [_change_line(change, need, vocabulary, language) for change in way]
    return reduce(lambda first, second: Line("way-together", {"first": first, "second": second}), lines)


def _change_line(change: Relaxation, need: Need, vocabulary: Vocabulary, language: Language) -> Line:
    if isinstance(change.slot, Figure):
        return Line("way-rating", {"rating": change.rating, "said": need.least_rating})
    if change.slot is SlotName.PRICE:
        return _price_line(change, need)
    wanted = _names(change.slot, change.wanted, vocabulary, language)
    if not change.instead:
        return Line(f"way-any-{change.slot.value}", {"wanted": wanted})
    return Line("way-value", {"value": _names(change.slot, change.instead, vocabulary, language), "wanted": wanted})


def _price_line(change: Relaxation, need: Need) -> Line:
    """The limit as let out against the limit as it counted, both in the shop's currency."""
    price, said = change.price, need.price
    assert price is not None and said is not None
    end = "max" if price.max != said.max else "min"
    limit, before = (price.max, said.max) if end == "max" else (price.min, said.min)
    return Line(f"way-price-{end}", {"limit": limit, "said": before, "currency": price.currency})


def _names(slot: SlotName, values: Sequence[str], vocabulary: Vocabulary, language: Language) -> Line:
    names = [wish_name(Wish(slot, value), vocabulary, language) for value in values]
    return reduce(lambda one, other: Line("either", {"one": one, "other": other}), names)
