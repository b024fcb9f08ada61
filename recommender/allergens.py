"""What else is meant by a thing that must not be in another: who refuses nuts refuses hazelnuts.

`allergens.tsv` lists, of the substances that Annex II of Regulation (EU) No 1169/2011 names, those that shops write in
titles: by which words each is refused, and what products that hold it call themselves.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path


def covered_by(word: str) -> frozenset[str]:
    """All that is refused with a word, in lower case and in both languages; nothing where it names no allergen."""
    return _table().get(word.casefold(), frozenset())


@cache
def _table() -> Mapping[str, frozenset[str]]:
    with Path(__file__).with_name("allergens.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {name: frozenset(row["covers"].split("|")) for row in rows for name in row["names"].split("|")}
