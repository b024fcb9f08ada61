"""What is to be chosen of a product before it goes into the cart: a colour and a size, where its row lists several.

A button carries the showing, and beside it the choice as marks of its values, so that it stays good for as long as the
row lists them, in whatever order; where one is gone, it is asked anew rather than read as something else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b

from storage.records import Product, SlotName
from storage.variants import any_there, known, sold_out_in, there_in

MOST_CHOICES = 63
_MOST = 127
_MARK = 5  # bytes: two values of one product share a mark once in 10**12
_SLOTS = (SlotName.COLOR, SlotName.SIZE)


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
    return next((each for each in _listed(product, slot) if each.casefold() == value.casefold()), "")


def _listed(product: Product, slot: SlotName) -> tuple[str, ...]:
    """What there is and what is sold out."""
    return (*product.values(slot), *known(product, slot))


def written(choice: Choice) -> str:
    """The choice but for its showing, for a button: a quantity and two marks, 25 bytes at most."""
    marks = (_mark(choice.value(slot)) for slot in _SLOTS)
    return ".".join((str(min(choice.quantity, _MOST)), *marks))


def read(detail: str, impression_id: int, product: Product) -> Choice | None:
    """The choice that a button carries, also of what is sold out by now; None where the product's row does not list a
    value of it any more, and for what no button of ours says.
    """
    quantity, *marks = detail.split(".")
    if len(marks) != len(_SLOTS) or not quantity.isdecimal():
        return None
    choice = Choice(impression_id, quantity=min(max(int(quantity), 1), _MOST))
    for slot, mark in zip(_SLOTS, marks, strict=True):
        value = next((each for each in ("", *_listed(product, slot)) if _mark(each) == mark), None)
        if value is None:
            return None
        choice = choice.having(slot, value)
    return choice


def _mark(value: str) -> str:
    return blake2b(value.encode(), digest_size=_MARK).hexdigest() if value else ""
