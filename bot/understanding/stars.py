"""The lowest rating that will do, where a message names one: "4 stars and up", 四星以上, 评分4.5以上.

It is a limit, as a price is; who asks for good reviews names no number, and asks for an order (bot/dialogue.py).
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

from bot.cues import cue
from nlu.fold import fold
from nlu.numerals import HAN_DIGITS, chinese_number, english_number
from storage.records import SlotName, Understanding

RATING = "rating"
_NUMBER = (
    rf"(?<![\d.])(?:\d(?:\.\d{{1,2}})?|one|two|three|four|five|[{HAN_DIGITS}](?:点[{HAN_DIGITS}])?)(?!\.?\d)"
    r"(?: and a half)?"
)
_MOST = Decimal(5)
_HALF = re.compile(r"half|半")
_BARE = rf"\b({_NUMBER})[- ]?stars?\b|({_NUMBER})颗?星半?"


@cache
def _phrases(limited: bool) -> re.Pattern[str]:
    """The lines of the cue file, in which STARS stands for a number."""
    lines = cue("least-rating").pattern.replace("STARS", _NUMBER)
    return re.compile(f"{lines}|{_BARE}" if limited else lines)


def least_rating(text: str, limited: bool = False) -> float | None:
    """The lowest rating asked for, in stars; None where none is, or none that a rating can have. Where there is such a
    limit already (`limited`), "3.5 stars is fine, too" is another.
    """
    found = _phrases(limited).search(fold(text))
    if not found:
        return None
    words = next(filter(None, found.groups())).removesuffix(" and a half")
    number = _number(words)
    if number is None:
        return None
    stars = number + Decimal("0.5") if _HALF.search(found[0]) else number
    return float(stars) if 0 < stars <= _MOST else None


def place_of_stars(text: str, limited: bool = False) -> tuple[int, int]:
    """Where the words for a rating begin and end; (-1, -1) where there are none."""
    found = _phrases(limited).search(fold(text))
    return found.span() if found else (-1, -1)


def without_stars(said: Understanding, limited: bool = False) -> Understanding:
    """The message without what was read into the words for a rating: a size, a number of items, a property."""
    start, end = place_of_stars(said.text, limited)
    gone = {s for s in said.slots if s.name is not SlotName.CATEGORY and s.start < end and s.end > start}
    names = {slot.name for slot in gone}
    return replace(
        said,
        slots=tuple(slot for slot in said.slots if slot not in gone),
        price=None if SlotName.PRICE in names else said.price,
        item_refs=() if SlotName.ITEM_REF in names else said.item_refs,
        quantity=None if SlotName.QUANTITY in names else said.quantity,
    )


def _number(words: str) -> Decimal | None:
    if words[0].isdecimal():
        return Decimal(words)
    if words.isascii():
        return english_number(words)
    ends = chinese_number(words)
    return ends[0] if ends else None
