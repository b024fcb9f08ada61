"""A word that says which ones, where no slot holds it: "strategy ones for two players", 策略类的. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cues import cue
from nlu.items import item_refs_in
from nlu.spelling import is_cue_word
from storage.records import Intent, Slot, SlotName, Understanding

_ONES = re.compile(r"\b(?P<word>[a-z][a-z-]{3,20}) ones\b|(?P<zh>[\u4e00-\u9fff]{2,4}?)类的", re.IGNORECASE)
_ASKING = re.compile("^(?:我?(?:想|就|还|只)?(?:要|看|有|来|换)(?:个|些|点)?|有没有|这|那|哪|什么|各|同|别)")
_REFUSED = re.compile(
    r"(?:\bnone of|\bnot|\bno|n't want|\bwithout|\bexcept)(?: any)?(?: of)?(?: the| those| these)? $", re.IGNORECASE
)
_WISHING = frozenset({Intent.SEARCH, Intent.REFINE})


def with_which_ones(said: Understanding) -> Understanding:
    """The message with that word as a wished property; itself where there is none."""
    found = _ONES.search(said.text) if _WISHING & {said.intent, *said.also} else None
    if found is None:
        return said
    start, end = found.span("word" if found["word"] else "zh")
    if found["zh"]:
        start += len(asking[0]) if (asking := _ASKING.match(found["zh"])) else 0
    word = said.text[start:end]
    if any(slot.start < end and start < slot.end for slot in said.slots) or len(word) < 2 or _says_which(word):
        return said
    slot = Slot(SlotName.FEATURE, word, word.casefold(), start, end, negated=bool(_REFUSED.search(said.text[:start])))
    return replace(said, slots=tuple(sorted((*said.slots, slot), key=lambda each: each.start)))


def _says_which(word: str) -> bool:
    """ "First ones" and "other ones" point or ask, and name no property."""
    return is_cue_word(word.casefold()) or not cue("asking-en").sub("", word).strip() or bool(item_refs_in(word))
