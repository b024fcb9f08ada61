"""Questions about what is shown that were read for something else: "is it any good on calls?", 大家都吐槽啥. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cues import cue
from bot.recall import Before
from bot.understanding.clarifying import certainly, guessed
from bot.understanding.shown_items import names_another_kind
from storage.records import Intent, SlotName, Understanding, Vocabulary

_ASKS = re.compile(
    r"^(?:(?:and|so|but|ok|hm+),? )*(?:is|are|does|do|can|will|would) (?:it|they|this|that|these|those)\b"
    r"|^(?!.*有).{2,10}(?:[吗么嘛]|(?<!怎)不|没)[？?]?$",
    re.IGNORECASE,
)
_LIKELY = 0.1
_OF_THE_SHOP = frozenset(
    {Intent.SHIPPING, Intent.PAYMENT, Intent.ORDER_STATUS, Intent.ORDER_CHANGE, Intent.RETURN_REFUND}
)
_NOT_OF_ITEMS = frozenset(
    {
        *_OF_THE_SHOP,
        *(Intent.HUMAN, Intent.CHECKOUT, Intent.VIEW_CART, Intent.VIEW_SAVED, Intent.SEARCH),
        *(Intent.HELP, Intent.CONFIRM, Intent.DENY, Intent.GREET, Intent.THANKS, Intent.GOODBYE),
    }
)


def read_as_question(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding | None:
    """The message as a question about a shown item; None where no sure words make it one."""
    known = (
        slot for slot in said.slots if slot.name is SlotName.CATEGORY and (slot.name, slot.value) in vocabulary.by_value
    )
    if not before.page or names_another_kind(replace(said, slots=tuple(known)), before.page):
        return None
    return _complaints(said, before) or _asked_of_the_page(said, before)


def _complaints(said: Understanding, before: Before) -> Understanding | None:
    """ "What do people complain about?", 大家都吐槽啥, with items on screen is a question about one of them."""
    if not cue("complaints").search(said.text):
        return None
    places = said.item_refs or ((before.focus,) if before.focus else ())
    return certainly(replace(said, item_refs=places, slots=(), price=None), Intent.ASK_PRODUCT)


def _asked_of_the_page(said: Understanding, before: Before) -> Understanding | None:
    """ "Is it any good on calls?", 能打奶泡吗: a question with items on screen, where the reading was a guess and none
    of the shop's own matters is likely.
    """
    likely = {intent for intent, chance in said.top if chance > _LIKELY}
    if not guessed(said) or said.also or said.intent in _NOT_OF_ITEMS or likely & _OF_THE_SHOP:
        return None
    if not _ASKS.search(said.text.strip()):
        return None
    places = said.item_refs or ((before.focus,) if before.focus else ())
    return certainly(replace(said, item_refs=places), Intent.ASK_PRODUCT)
