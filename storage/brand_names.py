"""Brands that are written in two scripts: a feed says "Nike", its shoppers 耐克, or the other way round.

`brand_names.tsv` holds well-known ones, a brand a row, its names separated by "|"; the demo shop's stand in its own
table. An owner adds names of the shop's own brands as synonyms (`shopbot hand add synonym 峻岭 Ridgefell`, or many at
once with `shopbot hand import`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from storage.text import fold

_HERE = Path(__file__).parent


def other_names(brand: str) -> tuple[str, ...]:
    """What else a brand is called."""
    return tuple(name for name in _names().get(fold(brand), ()) if fold(name) != fold(brand))


@cache
def _names() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for names in (*_rows("brand_names.tsv"), *_rows("demo/data/brands.tsv")):
        for name in names:
            found.setdefault(fold(name), names)
    return found


def _rows(table: str) -> Iterator[tuple[str, ...]]:
    """The names of each brand: the first two columns."""
    with (_HERE / table).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield tuple(name for cell in (row["brand"], row["zh"]) for name in cell.split("|") if name)
