"""A shop's own log of views, carts and orders as behaviour: CSV, TSV or JSON lines, the columns found by their names.

Names and kinds of the usual sources (Google Analytics 4, Shopify's order export, Segment, Taobao) stand in
`event_columns.tsv` and `event_kinds.tsv`. A row with a list of items is an event for each. Amounts are not read.
Rows that cannot be used are passed on with their line and the reason, and never stop good ones.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from storage.feeds.columns import fold_name
from storage.feeds.feed import refuse_unreadable
from storage.feeds.instants import instant_of
from storage.feeds.records import FeedError, RawRecord, Rejected, RowError
from storage.feeds.tables import read_delimited, read_jsonl, text_in
from storage.feeds.values import text_of
from storage.records import Behaviour, Deed

_ID_LIMIT, _VISITOR_LIMIT = 200, 300
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)  # clocks differ; what lies further ahead is a mistake
_folded = lru_cache(maxsize=4096)(fold_name)  # a million rows have a handful of names


def read_events(
    path: Path,
    hide: Callable[[str], str],
    *,
    now: datetime,
    zone: tzinfo = UTC,
    kind: Deed | None = None,
) -> Iterator[Behaviour | Rejected]:
    """Every event of a file, or why a row is none.

    Args:
        hide: turns the shop's visitor ids into hashes.
        now: events later than this (and a day) are rejected.
        zone: of times that name none: the shop's.
        kind: what rows without a kind did; None: orders, where the file's columns are those of an order export.

    Raises:
        FeedError: the file as a whole cannot be read, or lacks a column.
    """
    first = True
    for record in _records(path):
        if isinstance(record, Rejected):
            yield record
            continue
        fields = {_folded(name): value for name, value in record.fields.items() if value not in (None, "")}
        if first:
            _refuse_other_files(path, record)
            first = False
        try:
            yield from _events(fields, hide, now, zone, kind)
        except RowError as error:
            yield Rejected(record.line, str(error))


def _records(path: Path) -> Iterator[RawRecord | Rejected]:
    refuse_unreadable(path)
    head = text_in(path).lstrip("\ufeff \r\n\t")[:1]
    if not head:
        raise FeedError(f"{path} is empty")
    return read_jsonl(path) if head in "{[" else read_delimited(path)


def _refuse_other_files(path: Path, record: RawRecord) -> None:
    """A file without the columns is refused as a whole: a million rejected rows would say less."""
    names = {fold_name(name) for name in record.fields}
    missing = [field for field in ("visitor", "product", "time") if not names.intersection(_aliases()[field])]
    if "product" in missing and names.intersection(_aliases()["items"]):
        missing.remove("product")
    if missing:
        raise FeedError(
            f"{path} has no column for {' and '.join(missing)}: expected names like {', '.join(_examples(missing))}"
        )


def _examples(fields: list[str]) -> list[str]:
    shown = {"visitor": "visitor_id", "product": "product_id", "time": "time"}
    return [shown[field] for field in fields]


def _events(
    fields: Mapping[str, Any], hide: Callable[[str], str], now: datetime, zone: tzinfo, kind: Deed | None
) -> Iterator[Behaviour]:
    """The events of one row. Raises RowError where there is none in it."""
    visitor = _visitor(fields)
    at = _instant(_field(fields, "time"), now, zone)
    deed = _kind(fields, kind)
    products = _products(fields)
    for product_id in products:
        yield Behaviour(hide(visitor), product_id, deed, at)


def _field(fields: Mapping[str, Any], name: str) -> Any:
    return next((fields[alias] for alias in _aliases()[name] if alias in fields), None)


def _visitor(fields: Mapping[str, Any]) -> str:
    value = _field(fields, "visitor")
    if isinstance(value, Mapping):
        value = value.get("id") or value.get("email")
    if not (visitor := _id(value, _VISITOR_LIMIT)):
        raise RowError("no visitor")
    return visitor


def _products(fields: Mapping[str, Any]) -> list[str]:
    items = _field(fields, "items")
    held = [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
    named = [
        _field({fold_name(name): value for name, value in item.items()}, "product") or item.get("id") for item in held
    ]
    named = named or [_field(fields, "product")]
    products = list(dict.fromkeys(found for value in named if (found := _id(value, _ID_LIMIT))))
    if not products:
        raise RowError("no product")
    return products


def _text(value: Any, limit: int) -> str:
    """`text_of`, with a short way for the plain cells that nearly all of a million are."""
    if isinstance(value, str) and len(value) <= limit and value.isascii() and value.isprintable() and "&" not in value:
        return value.strip() if "<" not in value and "  " not in value else text_of(value, limit)
    return text_of(value, limit)


def _id(value: Any, limit: int) -> str:
    if isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _text(value, limit + 1)[:limit]


def _kind(fields: Mapping[str, Any], kind: Deed | None) -> Deed:
    said = _text(_field(fields, "kind"), 60)
    if said:
        if found := _kinds().get(_folded(said)):
            return found
        raise RowError(f"kind {said!r} is none of view, cart and order")
    if kind:
        return kind
    if any(name.startswith(("lineitem", "orderid", "ordernumber", "订单")) for name in fields):
        return Deed.ORDER
    raise RowError("no kind: name it with --kind view, cart or order")


def _instant(value: Any, now: datetime, zone: tzinfo) -> datetime:
    if value is None:
        raise RowError("no time")
    found = instant_of(_text(value, 40), zone)
    if found is None:
        raise RowError(f"time {_text(value, 40)!r} cannot be read")
    if found > now + _AHEAD:
        raise RowError(f"time {_text(value, 40)!r} lies in the future")
    if found < _EARLIEST:
        raise RowError(f"time {_text(value, 40)!r} lies before 1995")
    return found


@cache
def _aliases() -> Mapping[str, tuple[str, ...]]:
    return {row["field"]: tuple(row["aliases"].split("|")) for row in _table("event_columns.tsv")}


@cache
def _kinds() -> Mapping[str, Deed]:
    return {word: Deed(row["kind"]) for row in _table("event_kinds.tsv") for word in row["words"].split("|")}


def _table(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))
