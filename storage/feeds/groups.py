"""Rows of one product that name it by a group id (Google's `item_group_id`): one record with its variants.

The product goes by the group's id, also where the group has one row only: a row more or less at the next import leaves
it the same product. Each row's own id is its variant's. What all variants share is the first row's to say.
Rows that colour and size do not tell apart stay products of their own, as do those of a group with too many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from storage.feeds import columns
from storage.feeds.products import price_in
from storage.feeds.records import RawRecord, Rejected, RowError
from storage.feeds.values import text_of
from storage.feeds.variants import MOST
from storage.text import fold

_OF_A_VARIANT = ("id", "colors", "sizes", "price", "sale_price", "currency", "stock", "availability")
_SAID_TOGETHER = ("id", "colors", "sizes", "stock", "availability", "group")
_folded = lru_cache(maxsize=1024)(columns.fold_name)  # a million rows have a handful of names


def grouped(records: Iterator[RawRecord | Rejected]) -> Iterator[RawRecord | Rejected]:
    """The records, those of one group as one: they come last, for their rows may lie apart."""
    groups: dict[str, list[RawRecord]] = {}
    for row in records:
        if isinstance(row, RawRecord) and (group := _group(row)):
            groups.setdefault(group, []).append(row)
        else:
            yield row
    for group, members in groups.items():
        if _told_apart(members):
            yield from _together(group, members)
        else:
            yield from members


def _group(row: RawRecord) -> str:
    forms = columns.aliases()["group"]
    return next((text_of(value, 200) for name, value in row.fields.items() if value and _folded(name) in forms), "")


def _told_apart(members: Sequence[RawRecord]) -> bool:
    pairs = {_pair(row.fields) for row in members}
    return len(members) <= MOST and len(pairs) == len(members) and ("", "") not in pairs


def _pair(fields: Mapping[str, Any]) -> tuple[str, str]:
    said = columns.pick(fields)
    color, size = (fold(text_of(said.get(name), 100)) for name in ("colors", "sizes"))
    return color, size


def _together(group: str, members: Sequence[RawRecord]) -> Iterator[RawRecord | Rejected]:
    """The group as one record; rows without a price of use are turned away by themselves."""
    good = list[RawRecord]()
    for row in members:
        said = columns.pick(row.fields)
        try:
            price_in(said, "USD")  # whether there is one
        except RowError as error:
            yield Rejected(row.line, str(error), text_of(said.get("id"), 100))
        else:
            good.append(row)
    if good:
        yield _one(group, good)


def _one(group: str, members: Sequence[RawRecord]) -> RawRecord:
    first = members[0]
    own = {form for name in _SAID_TOGETHER for form in columns.aliases()[name]}
    shared = {name: value for name, value in first.fields.items() if _folded(name) not in own}
    said = [columns.pick(row.fields) for row in members]
    variants = [{name: fields[name] for name in _OF_A_VARIANT if name in fields} for fields in said]
    lists = {name: [fields[name] for fields in said if name in fields] for name in ("colors", "sizes")}
    cells = [cell for row in members for cell in columns.pictures_in(row.fields)]
    pictures = [each for cell in cells for each in (cell if isinstance(cell, list) else [cell])]
    return RawRecord(first.line, {**shared, "id": group, **lists, "pictures": pictures, "variants": variants})
