"""What kind of thing a message is after, where the words say so surely and the reading does not: "not a dress, a
skirt", "white bedding", "add some socks, too". Pure.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cues import cue
from bot.dialogue import residue
from bot.recall import Before
from bot.understanding.clarifying import certainly, guessed, is_question
from bot.understanding.shown_items import names_another_kind
from storage.records import WISHED_SLOTS, Intent, Slot, SlotName, Understanding, Vocabulary

_INTO_HANDS = frozenset({Intent.ADD_TO_CART, Intent.SAVE})
_WISHING = frozenset({Intent.SEARCH, Intent.REFINE})
_OF_IT = frozenset({*WISHED_SLOTS, SlotName.PRICE, SlotName.QUANTITY})

_GOOD = re.compile(
    r"(?:^|[,.;!?]\s*|\b(?:with|and|has|have|needs|want|wants)\s+)(?:(?:a lot|lots|plenty) of|(?:really |very )?"
    r"(?:good|great|decent|better|best|nice|long|fast|strong|loud|more|big|bigger|large|larger))\s+$",
    re.IGNORECASE,
)
_GOOD_ZH = re.compile(r"(?:要|得|比较|更)?[好大多强长](?:一?点|一?些)?的?(?:[，。,.!！]|$)")


def read_kind(said: Understanding, before: Before, vocabulary: Vocabulary) -> Understanding | None:
    """The message as the kind of thing that it names has it; None where it names none, or is read well."""
    kinds = [slot for slot in said.slots if slot.name is SlotName.CATEGORY]
    known = [slot for slot in kinds if (slot.name, slot.value) in vocabulary.by_value]
    if not kinds or said.item_refs:
        return None
    return (
        _of_its_make(said, before)
        or _one_of_several(said, before, known)
        or _this_and_not_that(said, before, known)
        or _more_to_buy(said, before, known)
        or _alone(said, before, known)
        or _said_of_the_kind(said, before, known, vocabulary)
    )


def _one_of_several(said: Understanding, before: Before, known: list[Slot]) -> Understanding | None:
    """ "The lamp first", of a lamp, a chair and a keyboard for 200 dollars: what was said of all holds for each."""
    wished = {wish.value for wish in before.need.wishes if wish.name is SlotName.CATEGORY and not wish.negated}
    named = {slot.value for slot in known if not slot.negated}
    if said.intent is not Intent.SEARCH or said.also or len(known) != len(said.slots) or residue(said):
        return None
    return certainly(said, Intent.REFINE) if named < wished and len(wished) > 1 else None


def _of_its_make(said: Understanding, before: Before) -> Understanding | None:
    """ "Good camera and lots of storage", 相机好一点的, after phones: what a phone is to have, and no other thing."""
    held = any(wish.name is SlotName.CATEGORY and not wish.negated for wish in before.need.wishes)
    parts = [slot for slot in said.slots if slot.name is SlotName.CATEGORY and _is_a_part(slot, said.text)]
    if not held or not parts or _WISHING.isdisjoint({said.intent, *said.also}):
        return None
    if any(slot.name is SlotName.CATEGORY and slot not in parts for slot in said.slots):
        return None
    slots = (replace(slot, name=SlotName.FEATURE, value=slot.text) if slot in parts else slot for slot in said.slots)
    return certainly(replace(said, slots=tuple(slots)), Intent.REFINE)


def _is_a_part(slot: Slot, text: str) -> bool:
    """One of them, without "a" and without its plural, that is to be good or large: "good camera"."""
    if slot.text.isascii():
        return not slot.text.endswith("s") and bool(_GOOD.search(text[: slot.start]))
    return bool(_GOOD_ZH.match(text[slot.end :]))


def _this_and_not_that(said: Understanding, before: Before, known: list[Slot]) -> Understanding | None:
    """ "Not a dress, a skirt": the kind changes, and what was wished of the other one stays."""
    wished = {wish.value for wish in before.need.wishes if wish.name is SlotName.CATEGORY and not wish.negated}
    given_up = {slot.value for slot in known if slot.negated} & wished
    taken_up = {slot.value for slot in known if not slot.negated} - wished
    if not given_up or not taken_up:
        return None
    gone = [slot for slot in known if slot.value in given_up]
    kept = tuple(slot for slot in said.slots if slot not in gone)
    letters = list(said.text)
    for slot in gone:  # with what leads up to it: "no, not a"
        start = max((other.end for other in kept if other.end <= slot.start), default=0)
        letters[start : slot.end] = " " * (slot.end - start)
    return certainly(replace(said, text="".join(letters), slots=kept), Intent.REFINE)


def _more_to_buy(said: Understanding, before: Before, known: list[Slot]) -> Understanding | None:
    """ "And a pack of socks, too": what is on screen is no pair of socks, and must not go into the cart as one."""
    wanted = [slot for slot in known if not slot.negated]
    if said.intent not in _INTO_HANDS or _WISHING & {*said.also} or not wanted or not before.page:
        return None
    return certainly(replace(said, quantity=None), Intent.SEARCH) if names_another_kind(said, before.page) else None


def _alone(said: Understanding, before: Before, known: list[Slot]) -> Understanding | None:
    """ "White bedding" and nothing else is looked for, whatever it was guessed to be."""
    if not guessed(said) or (before.need.asked and not is_question(before.need.asked)):
        return None
    whole = known and all(slot.name in _OF_IT and not slot.negated for slot in said.slots)
    if not whole or residue(said) or cue("asks-whether").search(said.text) or cue("pointed").search(said.text):
        return None
    wished = {(wish.name, wish.value) for wish in before.need.wishes}
    if not {(slot.name, slot.value) for slot in known} <= wished:
        return certainly(said, Intent.SEARCH)
    # Who says the same again changes nothing: that is as it was read.
    return None if {(slot.name, slot.value) for slot in said.slots} <= wished else certainly(said, Intent.REFINE)


def _said_of_the_kind(
    said: Understanding, before: Before, known: list[Slot], vocabulary: Vocabulary
) -> Understanding | None:
    """灰色的布艺, after sofas: a word that the shop knows as no kind of thing is said of the kind looked for."""
    held = any(
        wish.name is SlotName.CATEGORY and (wish.name, wish.value) in vocabulary.by_value
        for wish in before.need.wishes
        if not wish.negated
    )
    if known or not held or said.intent is not Intent.REFINE or cue("changed-mind").search(said.text):
        return None
    if len(said.slots) < 2:
        return None  # a thing by itself may be another thing
    slots = (
        replace(slot, name=SlotName.FEATURE, value=slot.text) if slot.name is SlotName.CATEGORY else slot
        for slot in said.slots
    )
    return certainly(replace(said, slots=tuple(slots)), Intent.REFINE)
