"""Occasions of the year: which lie just ahead, and which a product says it is for.

`occasions.tsv` is dated: a row with a year holds once (lunar feasts, Mother's Day), one without every year; its last
day is that of the occasion, or the last on which it is shopped for. Beyond the last dated year a feast that moves is
simply not known. Days are the shop's own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path

from storage.records import Product


@dataclass(frozen=True, slots=True)
class Occasion:
    """One row. Days are "MM-DD" or "YYYY-MM-DD", both inclusive."""

    name: str
    begins: str
    ends: str
    words: tuple[str, ...]

    def holds(self, day: date) -> bool:
        if len(self.begins) > len("MM-DD"):
            return self.begins <= day.isoformat() <= self.ends
        today = f"{day:%m-%d}"
        if self.begins <= self.ends:
            return self.begins <= today <= self.ends
        return today >= self.begins or today <= self.ends  # over the turn of the year


@dataclass(frozen=True, slots=True)
class Said:
    """The occasions that a product's title names, and those that any of its texts names."""

    title: frozenset[str]
    anywhere: frozenset[str]


def occasions_on(now: datetime) -> tuple[str, ...]:
    """The names of those that hold on the day of a local instant, in the table's order."""
    return _on(now.date())


@lru_cache(maxsize=64)
def _on(day: date) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.name for each in table() if each.holds(day)))


def occasion_words(names: Iterable[str]) -> str:
    """All words of these occasions, to be searched for."""
    wanted = set(names)
    return " ".join(dict.fromkeys(word for each in table() if each.name in wanted for word in each.words))


def occasions_said(product: Product) -> Said:
    """What the product's own words name."""
    return occasions_in(product.title, product.title_zh, product.description, product.description_zh)


def occasions_in(title: str, title_zh: str, *others: str) -> Said:
    """The same of a product's texts, both titles first."""
    titled = _named(title, title_zh)
    return Said(titled, titled | _named(*others))


def without_occasions(text: str) -> str:
    """A casefolded text less the words of occasions: 春节 is no product for spring."""
    return _every().sub(" ", text) if _may_name(text) else text


@lru_cache(maxsize=4_096)
def _named(*texts: str) -> frozenset[str]:
    text = " ".join(texts).casefold()
    if not _may_name(text):
        return frozenset()
    return frozenset(
        name
        for name, (words, pattern) in _patterns().items()
        if any(map(text.__contains__, words)) and pattern.search(text)
    )


def _may_name(text: str) -> bool:
    """Whether any word of any occasion stands in the text: a tenth of what the patterns take, and mostly no."""
    english, all_ = _words()
    return any(map(text.__contains__, english if text.isascii() else all_))


@cache
def _words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The English words, and all of them; none that another one is part of."""
    every = sorted({word for each in table() for word in each.words}, key=len)
    least = tuple(word for at, word in enumerate(every) if not any(short in word for short in every[:at]))
    return tuple(word for word in least if word.isascii()), least


@cache
def table() -> tuple[Occasion, ...]:
    """Every row of the table."""
    with (Path(__file__).parent / "occasions.tsv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Occasion(row["occasion"], row["begins"], row["ends"], tuple(row["words"].split("|")))
            for row in csv.DictReader(lines, delimiter="\t")
        )


@cache
def occasions() -> tuple[str, ...]:
    """The names of all occasions, in the table's order."""
    return tuple(dict.fromkeys(each.name for each in table()))


@cache
def _patterns() -> dict[str, tuple[frozenset[str], re.Pattern[str]]]:
    """The words of each occasion, and the pattern of these."""
    words = {name: frozenset(w for each in table() if each.name == name for w in each.words) for name in occasions()}
    return {name: (found, _pattern(found)) for name, found in words.items()}


@cache
def _every() -> re.Pattern[str]:
    return _pattern(word for each in table() for word in each.words)


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Whole words where words have borders, anywhere in Chinese; the longest first."""
    longest = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile("|".join(rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in longest))
