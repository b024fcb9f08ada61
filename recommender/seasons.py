"""Which season it is, and which seasons a product says it is for."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from recommender.occasions import occasions, occasions_in, occasions_on, without_occasions
from recommender.ports import Numbers
from recommender.prior import Matrix
from storage.records import Product

_HALF_YEAR = 6
_NEUTRAL = 0.5
_TITLED = 1  # the bit of a title that names an occasion
_NAMES = {
    "spring": ("spring", "春"),
    "summer": ("summer", "夏"),
    "autumn": ("autumn", "fall", "秋"),
    "winter": ("winter", "wintry", "冬"),
}  # what the patterns are about: one is looked for only where its name stands


def season_of(now: datetime, *, southern: bool = False) -> str:
    """The meteorological season of a local instant: "spring", "summer", "autumn" or "winter"."""
    month = (now.month - 1 + _HALF_YEAR * southern) % 12 + 1
    return next(name for name, months, _ in _table() if month in months)


def seasons_said(product: Product) -> frozenset[str]:
    """The seasons that the product's own words name; empty where they name none."""
    return _said(product.title, product.title_zh, product.description, product.description_zh)


def in_season(product: Product, now: datetime, *, southern: bool = False) -> float:
    """Whether the product's time is now: 1 in a season or before an occasion that it names, 0 out of it, else 0.5.

    An occasion that only the description mentions ("for birthdays, Christmas ...") holds nothing against a product out
    of its time.
    """
    marks = marks_of(product.title, product.title_zh, product.description, product.description_zh)
    return float(timely(np.array([marks], dtype=np.int64), now, southern=southern)[0])


def marks_of(title: str, title_zh: str, description: str, description_zh: str) -> int:
    """What a product's texts say of times, in bits: that its title names an occasion, the seasons, the occasions."""
    bits, said = _bits(), occasions_in(title, title_zh, description, description_zh)
    named = (*_said(title, title_zh, description, description_zh), *said.anywhere)
    return sum(bits[name] for name in named) + (_TITLED if said.title else 0)


def timely(marks: Numbers, now: datetime, *, southern: bool = False) -> Matrix:
    """`in_season` of several products by their marks, (n,)."""
    bits, season = _bits(), season_of(now, southern=southern)
    ahead = bits[season] | sum(bits[name] for name in occasions_on(now))
    bound = _TITLED | sum(bits[name] for name, _, _ in _table())
    return np.where(marks & ahead, 1.0, np.where(marks & bound, 0.0, _NEUTRAL))


@cache
def _bits() -> dict[str, int]:
    """A bit for each season and each occasion."""
    names = (*(name for name, _, _ in _table()), *occasions())
    return {name: _TITLED << at for at, name in enumerate(names, start=1)}


@lru_cache(maxsize=4_096)
def _said(*texts: str) -> frozenset[str]:
    """Held by the texts themselves: a product's strings know their hashes, a joined one would be made each time."""
    text = " ".join(texts).casefold()
    if not _named(text):
        return frozenset()
    text = without_occasions(text)
    named = _named(text)
    return frozenset(name for name, _, words in _table() if name in named and words.search(text))


def _named(text: str) -> tuple[str, ...]:
    """The seasons whose names stand in a text, if only as a part of words."""
    return tuple(season for season, names in _NAMES.items() if any(name in text for name in names))


@cache
def _table() -> tuple[tuple[str, frozenset[int], re.Pattern[str]], ...]:
    with (Path(__file__).parent / "seasons.tsv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            (row["season"], frozenset(map(int, row["months"].split())), _pattern(row["words"].split("|")))
            for row in csv.DictReader(lines, delimiter="\t")
        )


def _pattern(words: list[str]) -> re.Pattern[str]:
    """Whole words where words have borders, anywhere in Chinese."""
    return re.compile("|".join(rf"\b{word}\b" if word.isascii() else word for word in words))
