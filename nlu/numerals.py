"""Number words, in both languages, as exact numbers.

Chinese numerals go through cn2an; what shoppers say and it does not read (1千5, 两三百, 几百, 十几) is added here.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import cn2an

HAN_DIGITS = "零〇一二两三四五六七八九"
HAN_NUMERALS = HAN_DIGITS + "十百千万"
_SCALES = {"k": 1000, "百": 100, "千": 1000, "万": 10_000, "十": 10, "": 1}
_ONES = dict(zip(HAN_DIGITS, (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_NEIGHBOURS = re.compile(rf"([{HAN_DIGITS[2:]}])([{HAN_DIGITS[2:]}])([十百千万]?)")
_SOME = re.compile(r"([一二两三四五六七八九]?)(十)几|几([十百千万])")

_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: number for number, word in enumerate(_UNITS)} | {
    word: 20 + 10 * number for number, word in enumerate(_TENS)
}
_LARGE = {"dozen": 12, "hundred": 100, "thousand": 1000, "grand": 1000}
_LEADING = {"a": 1, "an": 1, "couple": 2}
_WORD = "|".join(sorted([*_SMALL, *_LARGE], key=len, reverse=True))
ENGLISH_NUMBER = (
    rf"(?:(?:a couple(?: of)?|an?)\s+(?=(?:hundred|thousand|grand|dozen)s?\b))?"
    rf"(?:{_WORD})s?\b(?:(?:\s*-\s*|\s+and\s+|\s+)(?:{_WORD})s?\b){{0,6}}"
)


def english_number(words: str) -> Decimal | None:
    """ "a hundred and twenty-five" -> 125, "two grand" -> 2000; None where it is no number."""
    total, group, seen = 0, 0, False
    for word in re.findall(r"[a-z]+", words):
        word = word if word in _LARGE or word in _SMALL else word.removesuffix("s")
        if word in _SMALL:
            group, seen = group + _SMALL[word], True
        elif word in _LARGE:
            group, seen = max(group, 1) * _LARGE[word], True
            if _LARGE[word] == 1000:
                total, group = total + group, 0
        elif word in _LEADING:
            group = _LEADING[word]
        elif word not in ("and", "of"):
            return None
    return Decimal(total + group) if seen else None


def digits_number(digits: str, scale: str = "", tail: str = "") -> Decimal | None:
    """ "1,299.00", "1.299,00", ("1", "千", "5") -> 1500, ("1.2", "万") -> 12000; None where malformed."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d{2}", digits):
        digits = digits.replace(".", "").replace(",", ".")
    try:
        number = Decimal(digits.replace(",", "")) * _SCALES[scale]
    except (InvalidOperation, KeyError):
        return None
    return number + int(tail) * _SCALES[scale] // 10 if tail and scale != "k" else number


@lru_cache(maxsize=2048)
def chinese_number(words: str) -> tuple[Decimal, Decimal] | None:
    """The least and greatest number meant: 一百五 -> 150..150, 两三百 -> 200..300, 十几 -> 10..19, 几百 -> 100..999.

    None where it is no number. A bare unit counts once: 百 (as in 百元以内) -> 100.
    """
    if near := _NEIGHBOURS.fullmatch(words):
        low, high = _ONES[near[1]], _ONES[near[2]]
        if high - low == 1:
            return Decimal(low * _SCALES[near[3]]), Decimal(high * _SCALES[near[3]])
    if some := _SOME.fullmatch(words):
        unit = _SCALES[some[3] or some[2]]
        start = _ONES[some[1]] * unit if some[1] else unit
        return Decimal(start), Decimal(start + 9 if some[2] else 10 * unit - 1)
    number = _plain_chinese(words)
    return None if number is None else (number, number)


def _plain_chinese(words: str) -> Decimal | None:
    if words in ("百", "千", "万"):
        return Decimal(_SCALES[words])
    if not words or len(words) > 15 or "几" in words:
        return None
    try:
        return Decimal(str(cn2an.cn2an(words, "smart")))
    except (ValueError, TypeError, KeyError, IndexError, InvalidOperation):
        return None
