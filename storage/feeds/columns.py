"""Which column means what: found by alias, so that a shop's own field names import as they are.

`columns.tsv` lists, for each of our fields, the names it goes by, folded (letters and digits, lower case, no "g:"
prefix), the stronger first. Under `category` stand the columns that name the kind of thing, the narrowest first, all of
which are read; under `internal` those that say nothing to a shopper.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).parent / "columns.tsv"
_CATEGORY, _INTERNAL = "category", "internal"


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
    ours = {name: forms for name, forms in aliases().items() if name not in (_CATEGORY, _INTERNAL)}
    return {name: folded[form] for name, forms in ours.items() for form in reversed(forms) if form in folded}


def categories_in(fields: Mapping[str, Any]) -> list[Any]:
    """Values of the columns that name the kind of thing, narrowest column first."""
    folded = _filled(fields)
    return [folded[name] for name in aliases()[_CATEGORY] if name in folded]


def leftover(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that no alias claims: the product's free attributes."""
    claimed = {form for forms in aliases().values() for form in forms}
    return {name: value for name, value in fields.items() if fold_name(name) not in claimed}


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {fold_name(name): value for name, value in fields.items() if value not in (None, "", [], {})}
