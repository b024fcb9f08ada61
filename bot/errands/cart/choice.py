"""What is to be chosen of a product before it goes into the cart: a colour and a size, where its row lists several.

A button carries the whole choice in one number, so that it stays good for as long as the row lists the same; where
that has changed, it is asked anew rather than read as something else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from zlib import crc32

from storage.records import Product, SlotName
from storage.variants import any_there, known, sold_out_in, there_in

_PLACES, _QUANTITY, _CHECK = 6, 7, 8  # bits
MOST_CHOICES, _MOST, _CHECKS = 63, 127, 255
_SLOTS = (SlotName.COLOR, SlotName.SIZE)
Lists = Callable[[Product, SlotName], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Choice:
    """So many of a colour and a size; "" is open, or nothing to choose. `impression_id` is the showing it is of."""

    impression_id: int
    color: str = ""
    size: str = ""
    quantity: int = 1

    def value(self, slot: SlotName) -> str:
        return self.color if slot is SlotName.COLOR else self.size

    def having(self, slot: SlotName, value: str) -> Choice:
        return replace(self, color=value) if slot is SlotName.COLOR else replace(self, size=value)


def choices_of(product: Product, slot: SlotName) -> tuple[str, ...]:
    """What there is to choose from; nothing where the row lists one or none."""
    values = product.values(slot)
    return values[:MOST_CHOICES] if len(values) > 1 else ()


def offered(choice: Choice, product: Product, slot: SlotName) -> tuple[str, ...]:
    """Of what there is to choose from, what comes with what is chosen and can be had."""
    there = there_in(product, slot, **_beside(choice, slot))
    return tuple(value for value in choices_of(product, slot) if value in there)


def sold_out(choice: Choice, product: Product, slot: SlotName) -> tuple[str, ...]:
    """What comes with what is chosen and cannot be had now."""
    return sold_out_in(product, slot, **_beside(choice, slot))


def is_gone(choice: Choice, product: Product) -> bool:
    """Whether what is chosen is something that the shop lists, and has none of together."""
    color, size = (value if (value := choice.value(slot)) in known(product, slot) else "" for slot in _SLOTS)
    return bool(color or size) and not any_there(product, color, size)


def _beside(choice: Choice, slot: SlotName) -> dict[str, str]:
    """The choice but for one slot."""
    return {each.value: choice.value(each) for each in _SLOTS if each is not slot}


def open_slot(choice: Choice, product: Product) -> SlotName | None:
    """What is still to be chosen, the colour first."""
    return next((slot for slot in _SLOTS if choices_of(product, slot) and not choice.value(slot)), None)


def settled(choice: Choice, product: Product) -> Choice:
    """Without what the product does not have, and without what nobody needs to choose: where one of several is left,
    that is it.
    """
    for slot in _SLOTS:
        if choice.value(slot) not in choices_of(product, slot):
            left = there_in(product, slot) if len(known(product, slot)) > 1 else ()
            choice = choice.having(slot, left[0] if len(left) == 1 else "")
    return choice


def as_listed(value: str, product: Product, slot: SlotName) -> str:
    """A value as the product's row writes it, whatever the case, also where it is sold out; "" where it has none."""
    listed = (*product.values(slot), *known(product, slot))
    return next((each for each in listed if each.casefold() == value.casefold()), "")


def listed_in(product: Product, slot: SlotName) -> tuple[str, ...]:
    """All that the shop lists, also what is sold out: for who waits for it."""
    return known(product, slot)[:MOST_CHOICES]


def pack(choice: Choice, product: Product, lists: Lists = choices_of) -> int:
    """The choice as a number below 2**63; `lists` are what its values are among."""
    number: int = choice.impression_id << _CHECK | _check(product, lists)
    for slot in _SLOTS:
        values = lists(product, slot)
        place = values.index(choice.value(slot)) + 1 if choice.value(slot) in values else 0
        number = number << _PLACES | place
    packed: int = number << _QUANTITY | min(choice.quantity, _MOST)
    return packed


def impression_in(number: int) -> int:
    """The showing that a packed choice is of."""
    return number >> (_QUANTITY + 2 * _PLACES + _CHECK)


def unpack(number: int, product: Product, lists: Lists = choices_of) -> Choice | None:
    """The choice that a number stands for; None where the product's row lists something else by now."""
    quantity, number = number & _MOST, number >> _QUANTITY
    choice = Choice(0, quantity=max(quantity, 1))
    for slot in reversed(_SLOTS):
        place, number = number & MOST_CHOICES, number >> _PLACES
        values = lists(product, slot)
        if place > len(values):
            return None
        choice = choice.having(slot, values[place - 1] if place else "")
    if number & _CHECKS != _check(product, lists):
        return None
    return replace(choice, impression_id=number >> _CHECK)


def _check(product: Product, lists: Lists) -> int:
    listed = "|".join(",".join(lists(product, slot)) for slot in _SLOTS)
    return crc32(f"{product.id}|{listed}".encode()) & _CHECKS
