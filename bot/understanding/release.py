"""Limits that the shopper lets go of in words: "any colour is fine", "forget the budget", 颜色无所谓, 价格不限.

The model says that the wish changes, and finds no property in such a message; which part goes stands in two words: the
name of the part, and one that lets go.
"""

from __future__ import annotations

import re

from bot.cues import cue
from bot.understanding.stars import RATING, least_rating
from storage.records import Need, SlotName

PRICE = "price"
_WORDS: tuple[tuple[str, str], ...] = (
    (PRICE, r"price|budget|cost|money|limit|价格|价钱|预算|价位|多少钱|贵贱"),
    (SlotName.COLOR, r"colou?rs?|shades?|颜色|色彩"),
    (SlotName.SIZE, r"sizes?|尺码|尺寸|码数|大小"),
    (SlotName.BRAND, r"brands?|makes?|labels?|品牌|牌子"),
    (SlotName.MATERIAL, r"materials?|fabrics?|材质|材料|面料|料子"),
    (SlotName.OCCASION, r"occasions?|场合|用途"),
    (RATING, r"ratings?|reviews?|stars|评分|评价|星级|口碑"),
)
_PARTS = tuple((part, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])", re.IGNORECASE)) for part, words in _WORDS)


def names_a_part(text: str) -> bool:
    """Whether the words name a kind of property ("colours", 尺码) rather than a property."""
    return any(words.search(text) for _, words in _PARTS)


def lets_go(text: str) -> bool:
    """Whether the words let go of some part."""
    return names_a_part(text) and bool(cue("letting-go").search(text))


def released(text: str, need: Need) -> frozenset[str]:
    """The parts that the words let go of: slot names, "price" and "rating". Only those that the need has."""
    if not lets_go(text):
        return frozenset()
    named = {part for part, words in _PARTS if words.search(text)}
    if cue("best-rated").search(text) or least_rating(text):
        named.discard(RATING)  # "any with good reviews" asks for them
    held = {wish.name.value for wish in need.wishes} | ({PRICE} if need.price else set())
    held |= {RATING} if need.best_rated or need.least_rating else set()
    return frozenset(str(part) for part in named) & held
