"""Which column means what: found by alias, so that a shop's own field names import as they are.

`columns.tsv` lists, for each of our fields, the names it goes by, folded (letters and digits, lower case, no "g:"
prefix), the stronger first. Under `category` stand the columns that name the kind of thing, the narrowest first, all of
which are read, and under `pictures` those with further pictures; under `internal` those that say nothing to a shopper.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).parent / "columns.tsv"
_CATEGORY, _INTERNAL, _FIRST, _PICTURES = "category", "internal", "image_url", "pictures"
_GATHERED = (_CATEGORY, _INTERNAL, _PICTURES)
_NUMBERED = re.compile(r"(.*?\D)(\d{1,2})")


@cache
def aliases() -> Mapping[str, tuple[str, ...]]:
    """Our field to the folded names it goes by."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["field"]: tuple(row["aliases"].split("|")) for row in csv.DictReader(lines, delimiter="\t")}


def fold_name(name: str) -> str:
    """ "g:Image_Link" -> "imagelink"."""
    bare = re.sub(r"^\w+:", "", name.strip().casefold())
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", bare)


def pick(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Our names for the feed's fields; empty cells are left out."""
    folded = _filled(fields)
    ours = {name: forms for name, forms in aliases().items() if name not in _GATHERED}
    return {name: folded[form] for name, forms in ours.items() for form in reversed(forms) if form in folded}


def categories_in(fields: Mapping[str, Any]) -> list[Any]:
    """Values of the columns that name the kind of thing, narrowest column first."""
    folded = _filled(fields)
    return [folded[name] for name in aliases()[_CATEGORY] if name in folded]


def pictures_in(fields: Mapping[str, Any]) -> list[Any]:
    """Values of the columns that hold pictures: the first picture's, those for several, "image 2", "image 3", ..."""
    folded = _filled(fields)
    first = [folded[name] for name in aliases()[_FIRST] if name in folded][:1]
    several = [folded[name] for name in aliases()[_PICTURES] if name in folded]
    numbers = sorted((number, name) for name in folded if (number := _picture_number(name)))
    return [*first, *several, *(folded[name] for _, name in numbers)]


def _picture_number(folded: str) -> int:
    """ "image2" -> 2; 0 for what is no numbered picture."""
    found = _NUMBERED.fullmatch(folded)
    return int(found[2]) if found and found[1] in (*aliases()[_FIRST], *aliases()[_PICTURES]) else 0


def leftover(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that no alias claims: the product's free attributes."""
    claimed = {form for forms in aliases().values() for form in forms}
    unclaimed = {name: fold_name(name) for name in fields if fold_name(name) not in claimed}
    return {name: fields[name] for name, folded in unclaimed.items() if not _picture_number(folded)}


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {fold_name(name): value for name, value in fields.items() if value not in (None, "", [], {})}
