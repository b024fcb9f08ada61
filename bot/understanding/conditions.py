"""What is said beside a purchase: "the second one, but only if it's nickel free" asks first, and "I'll take it, gift
wrapped" asks the shop, too. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from bot.cues import cue
from bot.recall import Before
from bot.understanding.clarifying import certainly
from storage.records import Intent, Understanding

_CHOSEN = frozenset({Intent.REFINE, Intent.LIKE, Intent.SAVE})


def read_conditions(said: Understanding, before: Before) -> Understanding | None:
    """The message as the question that its condition is, or with the question that stands beside it; None where it
    sets no condition.
    """
    chosen = said.intent is Intent.ADD_TO_CART or (said.intent in _CHOSEN and said.item_refs)
    if not chosen or not before.page:
        return None
    if cue("only-if").search(said.text):
        refs = said.item_refs or ((before.focus,) if before.focus else ())
        return certainly(replace(said, item_refs=refs), Intent.ASK_PRODUCT)
    if said.intent is Intent.ADD_TO_CART and not said.also and cue("gift-wrapped").search(said.text):
        return replace(said, also=(Intent.SHIPPING,))
    return None
