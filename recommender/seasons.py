"""Which season it is, and which seasons a product says it is for."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from storage.records import Product

_HALF_YEAR = 6


def season_of(now: datetime, *, southern: bool = False) -> str:
    """The meteorological season of a local instant: "spring", "summer", "autumn" or "winter"."""
    month = (now.month - 1 + _HALF_YEAR * southern) % 12 + 1
    return next(name for name, months, _ in _table() if month in months)


def seasons_said(product: Product) -> frozenset[str]:
    """The seasons that the product's own words name; empty where they name none."""
    return _said(" ".join((product.title, product.title_zh, product.description, product.description_zh)).casefold())


@lru_cache(maxsize=8192)
def _said(text: str) -> frozenset[str]:
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
