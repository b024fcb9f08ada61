"""Whether several can be had in different colours or sizes: what the shop lists of each, and how to order it. Pure.

It is asked before anything is bought, so nothing goes into the cart by it, however much it sounds like an order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.cues import cue
from bot.errands.items.facts import labels_of
from bot.reply import Line
from bot.understanding.shown_items import asks_for_different
from storage.records import Language, Product, SlotName, Vocabulary

_SIZES = re.compile(r"size|尺码|尺寸|(?<!颜色)码", re.IGNORECASE)


def variety_asked(text: str) -> SlotName | None:
    """What the items are to differ in; None for words that ask no such thing."""
    if not asks_for_different(text):
        return None
    found = cue("different-ones").search(text)
    return SlotName.SIZE if found and _SIZES.search(found[0]) else SlotName.COLOR


def varieties(
    slot: SlotName, products: Sequence[Product], vocabulary: Vocabulary, language: Language
) -> tuple[Line, ...]:
    """What each is listed in, and how to choose; that nothing was put into the cart."""
    lines = [_listed(slot, product, vocabulary, language) for product in products]
    choice = any(len(product.values(slot)) > 1 for product in products)
    return (*lines, Line(f"item-variety-{slot.value}" if choice else "item-variety-none"))


def _listed(slot: SlotName, product: Product, vocabulary: Vocabulary, language: Language) -> Line:
    values, title = labels_of(product, slot, vocabulary, language), product.title_in(language)
    if not values:
        return Line(f"item-unlisted-{slot.value}", {"title": title})
    return Line(f"item-listed-{slot.value}", {"title": title, "values": values, "count": len(product.values(slot))})
