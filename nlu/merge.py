"""Which spans hold where the network and the rules have both read a message: pure.

Numbers are the rules' (prices, positions in a list, order numbers, pieces); meaning is the network's (what is
a wish, and whether it is one that is not wanted); known words of the shop that the network passed over in a
wish are added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlu.prices import merge as merge_prices
from nlu.prices import prices_in
from nlu.spans import Reading
from storage.records import Intent, PriceRange, Slot, SlotName

_EXACT = frozenset({SlotName.PRICE, SlotName.ITEM_REF, SlotName.QUANTITY, SlotName.ORDER_ID})
_KNOWN_WORDS = frozenset(
    {SlotName.CATEGORY, SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE, SlotName.AUDIENCE, SlotName.BRAND}
)
_WISHES = frozenset({Intent.SEARCH, Intent.REFINE})


@dataclass(frozen=True, slots=True)
class Merged:
    """Slots in the order of the text, and the numbers that they carry."""

    slots: tuple[Slot, ...]
    price: PriceRange | None
    item_refs: tuple[int, ...]
    quantity: int | None


def merge(intent: Intent, read: Sequence[Slot], ruled: Reading) -> Merged:
    """`read`: the network's slots, in normal form; `ruled`: what the rules made of the same message."""
    exact = [slot for slot in ruled.slots if slot.name in _EXACT and _agreed(slot, read)]
    kept = [slot for slot in read if not _touches(slot, exact)]
    known: list[Slot] = []
    if intent in _WISHES:
        known = [s for s in ruled.slots if s.name in _KNOWN_WORDS and not _touches(s, [*exact, *kept])]
    slots = tuple(sorted([*exact, *kept, *known], key=lambda slot: slot.start))
    named = {slot.name for slot in slots}
    return Merged(
        slots,
        merge_prices(price.range for slot in _of(SlotName.PRICE, slots) for price in prices_in(slot.text, asked=True)),
        ruled.item_refs if SlotName.ITEM_REF in named else (),
        ruled.quantity if SlotName.QUANTITY in named else None,
    )


def _agreed(slot: Slot, read: Iterable[Slot]) -> bool:
    """Whether the network does not see something else in the same words."""
    return all(other.name is slot.name for other in read if _overlap(slot, other))


def _touches(slot: Slot, others: Iterable[Slot]) -> bool:
    return any(_overlap(slot, other) for other in others)


def _overlap(one: Slot, other: Slot) -> bool:
    return one.start < other.end and other.start < one.end


def _of(name: SlotName, slots: Iterable[Slot]) -> list[Slot]:
    return [slot for slot in slots if slot.name is name]
