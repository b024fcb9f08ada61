"""Names of a feed's further columns, for the facts of one product.

English readers get the column's own name. Chinese readers get the columns that have a Chinese name here, where the
value is a measure: the rest stands in the product's Chinese description.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from storage.records import Language

_UNTOLD = frozenset({"kind", "model", "occasions"})  # said by the title and the description already


def attribute_name(name: str, value: str, language: Language) -> str:
    """What to call an attribute before its value; empty where it is better left out."""
    if name in _UNTOLD:
        return ""
    if language == "zh":
        return (
            _chinese().get(name.casefold(), "")
            if any(letter.isdigit() for letter in value) or not name.isascii()
            else ""
        )
    return name[:1].upper() + name[1:]


@cache
def _chinese() -> dict[str, str]:
    rows = (Path(__file__).parent / "locales" / "attributes.tsv").read_text(encoding="utf-8").splitlines()
    return dict(row.split("\t", 1) for row in rows if row)
