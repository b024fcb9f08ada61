"""The kinds of span that a message can carry, and which of them limit what is shown."""

from __future__ import annotations

from enum import StrEnum


class SlotName(StrEnum):
    """The kinds of span that a message can carry."""

    CATEGORY = "category"
    BRAND = "brand"
    COLOR = "color"
    MATERIAL = "material"
    SIZE = "size"
    AUDIENCE = "audience"
    OCCASION = "occasion"
    FEATURE = "feature"
    PRICE = "price"
    ITEM_REF = "item_ref"
    QUANTITY = "quantity"
    ORDER_ID = "order_id"


class Figure(StrEnum):
    """A limit on a figure of the row that no span of a message is marked as."""

    RATING = "rating"


# Those that a product's row has a value for, and that can therefore be limits.
FILTERED_SLOTS = (
    SlotName.CATEGORY,
    SlotName.BRAND,
    SlotName.COLOR,
    SlotName.MATERIAL,
    SlotName.SIZE,
    SlotName.AUDIENCE,
)
# All that can be wished of a thing; feeds hardly ever state the last two, so they are searched for in words.
WISHED_SLOTS = (*FILTERED_SLOTS, SlotName.OCCASION, SlotName.FEATURE)
