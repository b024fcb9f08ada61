"""The shipped base vocabulary: categories, colours, materials and other words in English and Chinese.

The tables in `storage/vocabulary/` are data, one row a normal form: value, parent, English and Chinese surface
forms separated by "|", the first of each fit for showing.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from storage.records import SlotName, Term, Vocabulary

_FOLDER = Path(__file__).parent / "vocabulary"
_TABLES = {
    "categories": SlotName.CATEGORY,
    "colors": SlotName.COLOR,
    "materials": SlotName.MATERIAL,
    "audiences": SlotName.AUDIENCE,
    "sizes": SlotName.SIZE,
    "occasions": SlotName.OCCASION,
    "features": SlotName.FEATURE,
}


@cache
def base_vocabulary() -> Vocabulary:
    """The vocabulary of a shop that has no catalogue yet."""
    return Vocabulary(tuple(term for table, slot in _TABLES.items() for term in _read(table, slot)))


def _read(table: str, slot: SlotName) -> list[Term]:
    with (_FOLDER / f"{table}.tsv").open(encoding="utf-8", newline="") as lines:
        return [
            Term(slot, row["value"], row["parent"], _forms(row["en"]), _forms(row["zh"]))
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def _forms(cell: str) -> tuple[str, ...]:
    return tuple(form for form in cell.split("|") if form)
