"""Limits that are musts: "it must be red", "no more than $60", 不超过200元, 一定要棉的. They never give way.

A word for a must makes firm what is named in its own part of the sentence; a word for the most or the least one pays
makes the price firm.
"""

from __future__ import annotations

import re

from bot.cues import cue
from bot.understanding.release import PRICE
from bot.understanding.stars import RATING, place_of_stars
from storage.records import FILTERED_SLOTS, SlotName, Understanding

_PARTS = re.compile(r"[^,;.!?，；。！？、\n]+(?:[.,]\d+[^,;.!?，；。！？、\n]*)*")
_TURNS = re.compile(r"\b(?:but|preferably|ideally|maybe|if possible)\b|但|最好|可以的话", re.IGNORECASE)


def firm_parts(said: Understanding) -> frozenset[str]:
    """The limits of this message that must not give way: slot names, "price" and "rating"."""
    firm = {PRICE} if said.price and cue("firm-price").search(said.text) else set[str]()
    for start, end in _clauses(said.text):
        if not cue("firm").search(said.text, start, end):
            continue
        named = {s.name for s in said.slots if start <= s.start < end and not s.negated}
        firm |= {RATING} if start <= place_of_stars(said.text)[0] < end else set()
        firm |= {slot.value for slot in named & {*FILTERED_SLOTS, SlotName.PRICE}}
    return frozenset(firm)


def _clauses(text: str) -> list[tuple[int, int]]:
    """Parts of the sentence, (start, end): split at marks and at words that turn to something less firm."""
    found = []
    for part in _PARTS.finditer(text):
        starts = [part.start(), *(turn.start() for turn in _TURNS.finditer(text, part.start(), part.end()))]
        found += list(zip(starts, [*starts[1:], part.end()], strict=True))
    return found
