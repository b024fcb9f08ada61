"""What a shopper told the bot to keep in mind, as the ranking takes it: soft wishes, limits that are never broken, and
about what is usually spent. Pure.

A wish of the moment always wins: who asks for leather today gets leather, and who names a size is served that size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from storage.preferences import Preference, Stance
from storage.records import FILTERED_SLOTS, Need, SlotName, Wish

_LIMITING = frozenset({slot.value for slot in FILTERED_SLOTS})


@dataclass(frozen=True, slots=True)
class Habits:
    """What holds for one request: `soft` moves the ranking up, `avoided` down. `usual` is an amount of the shop's
    currency, None where nothing is known.
    """

    soft: tuple[Wish, ...] = ()
    avoided: tuple[Wish, ...] = ()
    usual: Decimal | None = None


def with_never(need: Need, kept: tuple[Preference, ...]) -> Need:
    """The need with what the shopper never wants, but for what this need asks for itself."""
    asked = {(wish.name, wish.value) for wish in need.wishes}
    never = [_wish(each, negated=True) for each in kept if each.stance is Stance.NEVER and each.slot in _LIMITING]
    fresh = tuple(wish for wish in never if (wish.name, wish.value) not in asked)
    return replace(need, wishes=(*need.wishes, *fresh)) if fresh else need


def habits_for(need: Need, kept: tuple[Preference, ...], currency: str) -> Habits:
    """What the shopper likes in slots of which this need says nothing, what is avoided where it does not ask for that,
    and what is usually spent where it names no price.
    """
    said = {wish.name for wish in need.wishes if not wish.negated}
    liked = [_wish(each) for each in kept if each.stance is Stance.LIKE and each.slot in _LIMITING]
    soft = tuple(wish for wish in liked if wish.name not in said)
    asked = {(wish.name, wish.value) for wish in need.wishes}
    avoided = [_wish(each) for each in kept if each.stance is Stance.AVOID and each.slot in _LIMITING]
    away = tuple(wish for wish in avoided if (wish.name, wish.value) not in asked)
    usual = next((each for each in reversed(kept) if each.stance is Stance.USUAL), None)
    return Habits(soft, away, _amount(usual, currency) if usual and need.price is None else None)


def _wish(kept: Preference, *, negated: bool = False) -> Wish:
    return Wish(SlotName(kept.slot), kept.value, kept.text, negated)


def _amount(kept: Preference, currency: str) -> Decimal | None:
    number, _, code = kept.value.partition(" ")
    try:
        return Decimal(number) if code == currency else None
    except InvalidOperation:
        return None
