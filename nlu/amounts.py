"""Amounts of money, or numbers that could be: the number, its words, its currency, and where it stands.

Reads folded text (nlu/fold.py). Whether an unmarked number is a price is decided by nlu/prices.py from what
stands around it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from nlu.numerals import ENGLISH_NUMBER, HAN_NUMERALS, chinese_number, digits_number, english_number

LIMIT = Decimal(10_000_000)
_TABLE = Path(__file__).parent / "phrases" / "currencies.tsv"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number from `low` to `high` (equal but for 两三百), with its currency where one is said.

    `words` tells that it was written in English words, where small ones ("one") are seldom amounts; `round` that
    it was written the way prices are said (1.5k, 1千5, 两三百).
    """

    start: int
    end: int
    low: Decimal
    high: Decimal
    currency: str | None = None
    words: bool = False
    round: bool = False


@cache
def _currencies() -> tuple[tuple[str, str, str], ...]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple((row["code"], row["before"], row["after"]) for row in rows)


@cache
def _pattern() -> re.Pattern[str]:
    before = "|".join(before for _, before, _ in _currencies())
    after = "|".join(after for _, _, after in _currencies())
    return re.compile(
        rf"(?:(?:(?<![a-z0-9])|(?=[^a-z]))(?P<before>{before})\s?(?=\d)|(?<![a-z0-9.#]))"
        r"(?:(?P<digits>\d{1,3}(?:\.\d{3})+,\d{2}(?!\d)|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?(?!\d)"
        r"|\d{1,9}(?:\.\d{1,4})?(?!\d))"
        r"(?:\s?(?P<scale>k(?![a-z0-9])|[百千万])(?P<tail>\d(?!\d))?|块(?P<tenths>\d)(?!\d))?"
        rf"|(?P<han>[{HAN_NUMERALS}几]{{1,12}}(?:点[零一二三四五六七八九]+[万千]?)?)|(?P<words>{ENGLISH_NUMBER}))"
        rf"(?P<more>多|来|余)?(?:\s?(?P<after>{after})(?:(?<![a-z])|(?![a-z0-9]))(?P<odd>多)?)?"
    )


@cache
def _code_of(mark: str, before: bool) -> str | None:
    for code, prefix, suffix in _currencies():
        if re.fullmatch(prefix if before else re.sub(r"\(\?[=!][^)]*\)", "", suffix), mark):
            return code
    return None


def amounts_in(folded: str) -> Iterator[Amount]:
    """Every number of the text that could be an amount, left to right, each within 0..10 million."""
    for found in _pattern().finditer(folded):
        value = _value(found)
        if value is None or not 0 <= value[0] <= value[1] <= LIMIT:
            continue
        low, high = tidy(value[0]), tidy(value[1])
        if (found["more"] or found["odd"]) and low == high:
            high = low + _step(low) - 1
        money = _currency(found)
        like_price = high >= 100 and bool(found["scale"] or low != high)
        yield Amount(found.start(), found.end(), low, high, money, found["words"] is not None, like_price)


def _value(found: re.Match[str]) -> tuple[Decimal, Decimal] | None:
    if found["han"]:
        if found["han"] == "一" and found["after"] == "块":
            return None  # 一块 is "together"
        return chinese_number(found["han"])
    number = (
        english_number(found["words"])
        if found["words"]
        else digits_number(found["digits"], found["scale"] or "", found["tail"] or "")
    )
    if number is None:
        return None
    if found["tenths"]:
        number += Decimal(found["tenths"]) / 10
    return number, number


def _currency(found: re.Match[str]) -> str | None:
    if found["before"]:
        return _code_of(found["before"], before=True)
    if found["after"]:
        return _code_of(found["after"], before=False)
    return "CNY" if found["tenths"] else None


def tidy(number: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent, so that it reads as people write it."""
    return number.to_integral_value() if number == number.to_integral_value() else number.normalize()


def _step(number: Decimal) -> Decimal:
    """The size of the last round digit: 300 -> 100, 1500 -> 100, so that 三百多 ends at 399."""
    step = Decimal(1)
    while number and number % (step * 10) == 0:
        step *= 10
    return step
