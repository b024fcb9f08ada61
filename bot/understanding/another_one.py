"""Which item "the other brown one" is: of those of its colour, brand or material on screen the one that was not spoken
of; with none left, more of that sort is wanted. Pure.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.recall import Before
from bot.understanding.clarifying import certainly
from bot.understanding.pointing import places_named
from bot.understanding.shown_items import kind_of_one
from storage.records import Intent, Understanding

_OTHER = re.compile(
    r"\b(?:the|that|an)?other (?:[\w-]+ ){1,2}one\b|(?:另外?|别的?|其他)(?:一|那)?[个件款双条只]?.{1,6}的",
    re.IGNORECASE,
)
_OF_ONE = frozenset({Intent.REFINE, Intent.ASK_PRODUCT, Intent.LIKE, Intent.ADD_TO_CART, Intent.SAVE, Intent.MORE})


def read_another_one(said: Understanding, before: Before) -> Understanding | None:
    """The message as it points at the other one; None where it says nothing of another."""
    named = kind_of_one(said)
    if said.intent not in _OF_ONE or said.item_refs or not named or not _OTHER.search(said.text):
        return None
    products = [card.product for card in before.page]
    places = [before.page[at].position for at in places_named(replace(said, slots=named), products)]
    if before.focus not in places and not (len(places) == 1 and not before.focus):
        return None
    others = tuple(place for place in places if before.focus and place != before.focus)
    if not others:
        known = {(wish.name, wish.value) for wish in before.need.wishes}
        again = all((slot.name, slot.value) in known for slot in named)
        return certainly(replace(said, price=None), Intent.MORE if again else Intent.REFINE)
    if len(others) > 1:
        return None
    acts = said.intent if said.intent in (Intent.ADD_TO_CART, Intent.SAVE, Intent.LIKE) else Intent.ASK_PRODUCT
    return certainly(
        replace(said, item_refs=others, slots=(), price=None, text="" if acts is Intent.ASK_PRODUCT else said.text),
        acts,
    )
