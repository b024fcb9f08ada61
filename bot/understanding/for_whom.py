"""For whom a thing is, where the words say so surely: "I'm a woman" is for women; "a bottle for him", after a backpack
for a son, is for the child. Pure.
"""

from __future__ import annotations

import re
from dataclasses import replace

from storage.records import Intent, Need, Slot, SlotName, Understanding

_OF_ONESELF = re.compile(
    r"\bi(?:['’]?m| am) (?:an? )?(?:[a-z]+ )?(?:(?P<women>woman|girl|lady|female)|(?P<men>man|guy|bloke|male))\b"
    r"|我是(?:个|一个)?(?:(?P<zh_women>女)|(?P<zh_men>男))(?:的|生|士|性|孩|人)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"(?:for )?(?:him|he|his|her|she|hers)|[他她]", re.IGNORECASE)
_YOUNG = frozenset({"kids", "baby"})
_WISHING = frozenset({Intent.SEARCH, Intent.REFINE})


def for_whom(said: Understanding, need: Need) -> Understanding:
    """The message with the person that its words mean; itself where they say nothing of one."""
    if not _WISHING & {said.intent, *said.also}:
        return said
    return _the_child_again(_of_oneself(said), need)


def _of_oneself(said: Understanding) -> Understanding:
    found = _OF_ONESELF.search(said.text)
    if found is None or said.values(SlotName.AUDIENCE):
        return said
    value = (found.lastgroup or "").removeprefix("zh_")
    start, end = found.span()
    slots = tuple(slot for slot in said.slots if slot.end <= start or slot.start >= end)
    slot = Slot(SlotName.AUDIENCE, value, value, start, end)
    return replace(said, slots=tuple(sorted((*slots, slot), key=lambda each: each.start)))


def _the_child_again(said: Understanding, need: Need) -> Understanding:
    young = next((wish for wish in need.wishes if wish.name is SlotName.AUDIENCE and wish.value in _YOUNG), None)
    people = [slot for slot in said.slots if slot.name is SlotName.AUDIENCE]
    if young is None or young.negated or not people or not all(_PRONOUN.fullmatch(slot.text) for slot in people):
        return said
    slots = (replace(slot, value=young.value) if slot in people else slot for slot in said.slots)
    return replace(said, slots=tuple(slots))
