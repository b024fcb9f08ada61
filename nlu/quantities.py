"""How many pieces a message wants, in both languages: "two of them", "x3", "a dozen", 两件, 来三个."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlu.fold import fold
from nlu.numerals import HAN_DIGITS, chinese_number, english_number

MOST_PIECES = 999


@dataclass(frozen=True, slots=True)
class QuantitySpan:
    """How many pieces are wanted: 1..999."""

    start: int
    end: int
    quantity: int


_DIGIT = "one|two|three|four|five|six|seven|eight|nine|ten"
_THEM = r"(?:them|these|those|it|this|that|the (?:first|second|third|last|fourth|same|\w+ ones?))"
_PIECES_EN = re.compile(
    rf"(?<![a-z0-9.$#-])(\d{{1,3}}|{_DIGIT}|(?:a|half a) dozen|a couple|a pair|a few|twelve|twenty)"
    rf"\s*(?:(?:more\s+)?of {_THEM}(?![a-z])"
    r"|(?:pieces?|pcs|pairs?|units?|copies|sets?|boxes|packs?|bottles?|items)"
    r"(?:\s+of(?:\s+(?:them|these|those|it))?)?(?![a-z]))"
)
_TIMES = re.compile(
    r"(?<![a-z0-9])(?:x\s?(\d{1,3})|(\d{1,3})\s?x|qty\.?:?\s?(\d{1,3})|quantity:?(?: of)?\s?(\d{1,3})"
    r"|make (?:it|that) (\d{1,2}))(?![a-z0-9]|\s?\d|\s*[x×])"
)
_BULK = re.compile(
    r"(?<![a-z])((?:half )?a dozen|a couple of|a pair of"
    r"|(\d{1,2}|two|three|four|five|six) (?:pairs|packs|sets|boxes|bottles) of)(?![a-z])"
)
_PIECES_ZH = re.compile(
    rf"(?<![第前后这那哪每几最\d.头半])(\d{{1,3}}|[{HAN_DIGITS[2:]}十百]{{1,4}})\s?"
    r"([件双条个只台套份盒瓶包支把本顶张副对箱袋罐部枚片块])"
    r"(?!月|人|小时|钟|星期|礼拜|孩子|小孩|房间|问题|颜色|选择|牌子|推荐|方案|地方|装|[头柜]|叶)"
)
_WANTS = re.compile(r"(?:来|要|买|拿|加|订|再来|各|给我|购|下单)\s?$")
_OF_THEM = re.compile(r"\s+(?:more )?of (?:them|these|those|it|this|that|the .*)$")
_NAMED = {"a couple": 2, "a couple of": 2, "a pair": 1, "a pair of": 1, "a few": None, "half a dozen": 6}


def quantities_in(text: str) -> tuple[QuantitySpan, ...]:
    """The phrases that say how many pieces, left to right, never overlapping. Never raises."""
    folded = fold(text)
    spans: list[QuantitySpan] = []
    for span in [*_english_pieces(folded), *_chinese_pieces(folded)]:
        if 1 <= span.quantity <= MOST_PIECES and not any(
            span.start < other.end and other.start < span.end for other in spans
        ):
            spans.append(span)
    return tuple(sorted(spans, key=lambda span: span.start))


def _english_pieces(folded: str) -> Iterator[QuantitySpan]:
    for found in _PIECES_EN.finditer(folded):
        if count := _count(found[1]):
            yield QuantitySpan(found.start(), _before_of(found), count)
    for found in _TIMES.finditer(folded):
        number = next(group for group in found.groups() if group)
        yield QuantitySpan(found.start(), found.end(), int(number))
    for found in _BULK.finditer(folded):
        if count := _count(found[2] or found[1]):
            yield QuantitySpan(found.start(), found.end(), count)


def _before_of(found: re.Match[str]) -> int:
    """ "two of them": the quantity is "two", what it is of is an item of its own."""
    inside = _OF_THEM.search(found[0])
    return found.start() + inside.start() if inside else found.end()


def _count(words: str) -> int | None:
    if words in _NAMED:
        return _NAMED[words]
    if words.isdecimal():
        return int(words)
    read = english_number(words)
    return int(read) if read is not None else None


def _chinese_pieces(folded: str) -> Iterator[QuantitySpan]:
    if folded.isascii():
        return
    for found in _PIECES_ZH.finditer(folded):
        read = chinese_number(found[1])
        number = int(found[1]) if found[1].isdecimal() else int(read[0]) if read and read[0] == read[1] else None
        if number is None or (number == 1 and not _WANTS.search(folded, max(0, found.start() - 4), found.start())):
            continue
        if found[2] == "块" and not folded[found.end() :].strip():
            continue
        yield QuantitySpan(found.start(), found.end(), number)
