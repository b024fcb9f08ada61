"""Which season it is, and which seasons a product says it is for."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from recommender.occasions import occasions_on, occasions_said, without_occasions
from storage.records import Product

_HALF_YEAR = 6
_NEUTRAL = 0.5
_NAMES = (
    "spring",
    "summer",
    "autumn",
    "fall",
    "winter",
    "wintry",
    "春",
    "夏",
    "秋",
    "冬",
)  # what the patterns are about


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
    return in_seasons((product,), now, southern=southern)[0]


def in_seasons(products: Sequence[Product], now: datetime, *, southern: bool = False) -> list[float]:
    """The same of several products; what an instant is in is looked up once."""
    season, ahead = season_of(now, southern=southern), frozenset(occasions_on(now))

    def timely(product: Product) -> float:
        seasons, occasions = seasons_said(product), occasions_said(product)
        if season in seasons or not ahead.isdisjoint(occasions.anywhere):
            return 1.0
        return 0.0 if seasons or occasions.title else _NEUTRAL

    return [timely(product) for product in products]


@lru_cache(maxsize=65_536)
def _said(*texts: str) -> frozenset[str]:
    """Held by the texts themselves: a product's strings know their hashes, a joined one would be made each time."""
    text = " ".join(texts).casefold()
    if not any(map(text.__contains__, _NAMES)):
        return frozenset()
    text = without_occasions(text)
    return frozenset(name for name, _, words in _table() if words.search(text))


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
