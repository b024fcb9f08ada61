"""Things that no vocabulary lists: "show me some hovercrafts under 50" names a thing all the same.

What is left of an English message between the words that ask and the words already understood is a name when
it stands where names stand: first, or after "a", "some", a verb of wanting or a property, and before the end,
a preposition or a limit. Chinese has no such borders; there, only a short message of its own counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlu.spelling import is_cue_word
from storage.records import Language, Slot, SlotName

_TOKEN = re.compile(r"[a-z][a-z'&]*(?:-[a-z]+)*")
_MOST_WORDS = 3
_SHORT_ZH = 8
_PROPERTIES = (SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE, SlotName.BRAND, SlotName.FEATURE, SlotName.QUANTITY)
_BEFORE = re.compile(
    r"(?:^|[,.!]|(?<![a-z])(?:a|an|some|any|the|new|good|best|nice|me|us|buy|need|want|get|find|sell|have|carry|stock"
    r"|for|want to buy|got|search|shop|cheap|cute|cool|of|another|more|other|and|or|your|plz|please|hi|hello|hey)"
    r"(?![a-z]))\s*$"
)
_NOT_BEFORE = re.compile(r"(?<!looking )(?<!shopping )(?<!searching )(?<!hunting )(?<![a-z])for\s+(?:the |a |an )?$")
_AFTER = re.compile(
    r"\s*(?:$|[,.!?;]|(?:for|with|under|below|in|that|which|please|plz|pls|from|around|over|less|up|made|on|by|no|not"
    r"|without|between|about|or|and|to|at|max|size|within|but|do|who|as|available)(?![a-z])|[$€£¥\d])"
)


def unlisted_thing(folded: str, slots: Sequence[Slot], language: Language) -> tuple[int, int] | None:
    """Where a thing outside the vocabulary is named, as a span of the text, or None."""
    if language == "zh":
        bare = folded.strip(" ,.!?~")
        whole = re.fullmatch(rf"[\u4e00-\u9fff]{{2,{_SHORT_ZH}}}", bare)
        return (folded.index(bare), folded.index(bare) + len(bare)) if whole and not slots else None
    for start, end in _runs(folded, slots):
        if _stands_before(folded, start, slots) and _stands_after(folded, end, slots):
            return start, end
    return None


def _runs(folded: str, slots: Sequence[Slot]) -> list[tuple[int, int]]:
    """Runs of one to three neighbouring words that are neither slots nor words that ask."""
    runs: list[tuple[int, int]] = []
    for token in _TOKEN.finditer(folded):
        covered = any(token.start() < slot.end and slot.start < token.end() for slot in slots)
        if covered or len(token[0]) < 3 or is_cue_word(token[0]):
            continue
        if runs and folded[runs[-1][1] : token.start()] == " ":
            runs[-1] = (runs[-1][0], token.end())
        else:
            runs.append(token.span())
    return [run for run in runs if folded[run[0] : run[1]].count(" ") < _MOST_WORDS]


def _stands_before(folded: str, start: int, slots: Sequence[Slot]) -> bool:
    if any(slot.name in _PROPERTIES and slot.end <= start and not folded[slot.end : start].strip() for slot in slots):
        return True
    return _BEFORE.search(folded, 0, start) is not None and not _NOT_BEFORE.search(folded, 0, start)


def _stands_after(folded: str, end: int, slots: Sequence[Slot]) -> bool:
    if any(slot.start >= end and not folded[end : slot.start].strip() for slot in slots):
        return True
    return _AFTER.match(folded, end) is not None
