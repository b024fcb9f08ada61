"""What a message says in the end, from the network's spans and the rules' reading of the same words: pure.

The network has seen what the rules noticed, so where a wish stands and whether it is refused is its word; measured on
the development set, nothing that the rules alone would add was worth adding, but for the two kinds that must not be
missed, prices and order numbers. What a number is (a limit, a position in a list, pieces) is the rules' word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nlu.prices import merge as merge_prices
from nlu.prices import prices_in
from nlu.spans import Reading
from storage.records import PriceRange, Slot, SlotName

_NUMBERS = frozenset({SlotName.PRICE, SlotName.ITEM_REF, SlotName.QUANTITY, SlotName.ORDER_ID})
_NOT_TO_MISS = frozenset({SlotName.PRICE, SlotName.ORDER_ID})


@dataclass(frozen=True, slots=True)
class Merged:
    """Slots in the order of the text, and the numbers that they carry."""

    slots: tuple[Slot, ...]
    price: PriceRange | None
    item_refs: tuple[int, ...]
    quantity: int | None


def merge(read: Sequence[Slot], ruled: Reading) -> Merged:
    """`read`: the network's slots, in normal form; `ruled`: what the rules made of the same message."""
    missed = [slot for slot in ruled.slots if slot.name in _NOT_TO_MISS and not _touching(slot, read)]
    parted = [part for slot in read for part in _parted(slot, ruled)]
    slots = sorted([*(_valued(slot, ruled) for slot in parted), *missed], key=lambda slot: slot.start)
    refs = [int(ref) for slot in _of(SlotName.ITEM_REF, slots) for ref in slot.value.split(",") if ref]
    counts = [int(slot.value) for slot in _of(SlotName.QUANTITY, slots) if slot.value.isdecimal()]
    return Merged(tuple(slots), _price(slots, ruled), tuple(dict.fromkeys(refs)), counts[0] if counts else None)


def _parted(slot: Slot, ruled: Reading) -> list[Slot]:
    """One span over several values of its kind ("black, blue") as the values that the rules know, each with its own
    refusal."""
    inside = [o for o in ruled.slots if o.name is slot.name and slot.start <= o.start and o.end <= slot.end]
    return inside if slot.name not in _NUMBERS and len({o.value for o in inside}) > 1 else [slot]


def _valued(slot: Slot, ruled: Reading) -> Slot:
    """The value that the rules gave to the same number: they saw the words around it."""
    same = [other for other in _touching(slot, ruled.slots) if other.name is slot.name and other.value]
    return replace(slot, value=same[0].value) if slot.name in _NUMBERS and same else slot


def _price(slots: Iterable[Slot], ruled: Reading) -> PriceRange | None:
    said = _of(SlotName.PRICE, slots)
    if any(_touching(slot, _of(SlotName.PRICE, ruled.slots)) for slot in said):
        return ruled.price
    return merge_prices(price.range for slot in said for price in prices_in(slot.text, asked=True))


def _touching(slot: Slot, others: Iterable[Slot]) -> list[Slot]:
    return [other for other in others if slot.start < other.end and other.start < slot.end]


def _of(name: SlotName, slots: Iterable[Slot]) -> list[Slot]:
    return [slot for slot in slots if slot.name is name]
