"""In which colours and sizes an item can be had, and in which it is sold out: colour by colour where sizes differ, and
for a question about a colour and a size at once, of the one variant that it means. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from bot.naming import value_name
from bot.reply import Line
from recommender.filters import values_of
from storage.records import Language, Product, Slot, SlotName, Vocabulary, Wish
from storage.variants import Offer, any_there, known, offer_of, sold_out_in, there_in

_CHOSEN = (SlotName.COLOR, SlotName.SIZE)


@dataclass(frozen=True, slots=True)
class AskedKind:
    """What a question asks for of what the variants differ in: whether there is some, and what it is sold as where one
    variant alone is meant.
    """

    slots: tuple[Slot, ...]
    there: bool
    offer: Offer | None = None


def kinds_line(product: Product, slot: SlotName, vocabulary: Vocabulary, language: Language) -> Line | None:
    """What there is of the colours (or sizes), and what of them is sold out; None where the variants do not say."""
    colors = there_in(product, SlotName.COLOR) if slot is SlotName.SIZE and known(product, SlotName.COLOR) else ()
    parts = [
        (there_in(product, slot, color=color), sold_out_in(product, slot, color=color)) for color in colors or [""]
    ]
    if slot not in _CHOSEN or not known(product, slot) or not all(there for there, _ in parts):
        return None

    def told(part: tuple[tuple[str, ...], tuple[str, ...]]) -> Line:
        values, gone = (tuple(value_name(slot, each, vocabulary, language) for each in side) for side in part)
        return (
            Line("item-values-gone", {"values": values, "gone": gone})
            if gone
            else Line("item-values", {"values": values})
        )

    if len(set(parts)) == 1:
        return told(parts[0])
    each = [
        Line("item-values-of", {"name": value_name(SlotName.COLOR, color, vocabulary, language), "value": told(part)})
        for color, part in zip(colors, parts, strict=True)
    ]
    return reduce(lambda first, second: Line("item-values-and", {"first": first, "second": second}), each)


def asked_kind(slots: Sequence[Slot], product: Product, vocabulary: Vocabulary) -> AskedKind | None:
    """The variant that a question is about; None where it is about none that the shop lists."""
    asked = tuple(slot for slot in slots if slot.name in _CHOSEN)
    differing = tuple(slot for slot in asked if known(product, slot.name))
    listed = {slot.name: _listed(slot, product, vocabulary) for slot in asked}
    if not differing or not all(listed.values()):
        return None
    kinds = [
        (color, size)
        for color in _values(SlotName.COLOR, listed, differing)
        for size in _values(SlotName.SIZE, listed, differing)
        if any_there(product, color, size)
    ]
    return AskedKind(differing, bool(kinds), offer_of(product, *kinds[0]) if len(kinds) == 1 else None)


def _values(name: SlotName, listed: dict[SlotName, list[str]], differing: Sequence[Slot]) -> list[str]:
    return listed[name] if name in {slot.name for slot in differing} else [""]


def _listed(slot: Slot, product: Product, vocabulary: Vocabulary) -> list[str]:
    """What the shop lists of a value that is asked for: navy for blue."""
    wanted = {each.casefold() for each in values_of(Wish(slot.name, slot.value), vocabulary)}
    return [each for each in known(product, slot.name) or product.values(slot.name) if each.casefold() in wanted]
