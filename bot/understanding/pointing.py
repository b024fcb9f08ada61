"""Which of several products words name: "the mug", "the blue Velmora". Pure."""

from __future__ import annotations

from collections.abc import Sequence

from storage.records import Product, Slot, SlotName, Understanding

_NAMING = frozenset({SlotName.CATEGORY, SlotName.BRAND, SlotName.COLOR, SlotName.MATERIAL, SlotName.FEATURE})


def places_named(said: Understanding, products: Sequence[Product | None]) -> tuple[int, ...]:
    """The places (from 0) of the products that all naming words of a message fit; none where it names nothing."""
    named = [slot for slot in said.slots if slot.name in _NAMING and not slot.negated]
    if not named:
        return ()
    return tuple(
        place for place, product in enumerate(products) if product and all(_fits(slot, product) for slot in named)
    )


def _fits(slot: Slot, product: Product) -> bool:
    words = slot.text.casefold().strip()
    titles = f"{product.title} {product.title_zh}".casefold()
    return slot.value in product.values(slot.name) or bool(words and words in titles)
