"""A shop's orders from a file: CSV or TSV with a row for each position, or JSON lines with a list of `items`.

Columns are found by their names in either language (`order_columns.tsv`), the words for a status too
(`order_words.tsv`). Rows of one number make one order; where one of them cannot be used, the order is not, for half an
order would be told as a whole one. Names, addresses and telephones are not read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from storage.feeds.columns import fold_name
from storage.feeds.feed import refuse_unreadable
from storage.feeds.instants import instant_of
from storage.feeds.records import FeedError, RawRecord, Rejected, RowError
from storage.feeds.tables import read_delimited, read_jsonl, text_in
from storage.feeds.values import price_of, text_of
from storage.money import quantize
from storage.order_links import plain_code
from storage.orders import Order, OrderLine, OrderSource, OrderStatus

_NUMBER, _TEXT, _LINES, _QUANTITY = 40, 200, 200, 10_000


@dataclass(frozen=True, slots=True)
class ReadOrder:
    """An order with the line where it begins, and the code by which its buyer shows that it is theirs, "" for none."""

    line: int
    order: Order
    code: str = ""


def read_orders(
    path: Path, *, now: datetime, zone: tzinfo = UTC, currency: str = "USD"
) -> Iterator[ReadOrder | Rejected]:
    """Every order of a file, or why it is none; `zone` is of times that name none, `currency` of amounts.

    Raises FeedError where the file as a whole cannot be read, or has no column of numbers.
    """
    groups: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for record in _records(path):
        if isinstance(record, Rejected):
            yield record
            continue
        fields = {fold_name(name): value for name, value in record.fields.items() if value not in (None, "")}
        number = text_of(_field(fields, "number"), _NUMBER + 1).lstrip("#").strip()
        if not number or len(number) > _NUMBER:
            yield Rejected(record.line, "no order number" if not number else "the order number is too long")
        else:
            groups.setdefault(number, []).append((record.line, fields))
    for number, rows in groups.items():
        line = rows[0][0]
        try:
            yield _order(number, rows, now, zone, currency)
        except _LineError as error:
            yield Rejected(error.line, str(error), number)
        except RowError as error:
            yield Rejected(line, str(error), number)


class _LineError(RowError):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def _records(path: Path) -> Iterator[RawRecord | Rejected]:
    refuse_unreadable(path)
    head = text_in(path).lstrip("\ufeff \r\n\t")[:1]
    if not head:
        raise FeedError(f"{path} is empty")
    records = iter(read_jsonl(path) if head in "{[" else read_delimited(path))
    first = next(records, None)
    if isinstance(first, RawRecord):
        names = {fold_name(name) for name in first.fields}
        missing = [name for name in ("number", "status", "placed") if not names.intersection(_aliases()[name])]
        if missing:
            expected = {"number": "order_number", "status": "status", "placed": "placed_at"}
            raise FeedError(f"{path} has no column for {', '.join(expected[name] for name in missing)}")
    if first is not None:
        yield first
    yield from records


def _order(
    number: str, rows: list[tuple[int, Mapping[str, Any]]], now: datetime, zone: tzinfo, currency: str
) -> ReadOrder:
    line, head = rows[0]
    status = _status(text_of(_field(head, "status"), 60))
    placed = _instant(head, "placed", now, zone)
    updated = _instant(head, "updated", now, zone) if _field(head, "updated") is not None else placed
    money = text_of(_field(head, "currency"), 3).upper() or currency
    found = [each for at, fields in rows for each in _lines(at, fields, money)]
    if not found:
        raise RowError("no item with a title and a price")
    if len(found) > _LINES:
        raise RowError(f"more than {_LINES} items")
    currencies = {own for _, own in found}
    if len(currencies) > 1:
        raise RowError(f"prices in several currencies: {', '.join(sorted(currencies))}")
    money = currencies.pop()
    lines = tuple(each for each, _ in found)
    said = _field(head, "total")
    total = price_of(said, money)[0] if said is not None else sum((_worth(each) for each in lines), Decimal(0))
    code = text_of(_field(head, "code"), 60)
    if code and not plain_code(code):
        raise RowError("the code is too short to be safe: 8 to 40 letters and digits")
    order = Order(
        number=number,
        user_id=None,
        status=status,
        placed_at=placed,
        updated_at=max(placed, updated),
        currency=money,
        total=quantize(total, money),
        lines=lines,
        source=OrderSource.IMPORT,
        tracking=text_of(_field(head, "tracking"), 80),
    )
    return ReadOrder(line, order, code)


def _lines(at: int, fields: Mapping[str, Any], currency: str) -> Iterator[tuple[OrderLine, str]]:
    """The positions of a row, each with its currency."""
    items = _field(fields, "items")
    if isinstance(items, list):
        rows = [{fold_name(name): value for name, value in item.items()} for item in items if isinstance(item, Mapping)]
    else:
        rows = [dict(fields)] if _field(fields, "title") or _field(fields, "product") else []
    for row in rows:
        try:
            yield _line(row, currency)
        except RowError as error:
            raise _LineError(at, str(error)) from error


def _line(row: Mapping[str, Any], currency: str) -> tuple[OrderLine, str]:
    product = text_of(_field(row, "product"), _TEXT)
    title = text_of(_field(row, "title"), _TEXT) or product
    if not title:
        raise RowError("an item without a title")
    price, own = price_of(_field(row, "price"), currency)
    said = text_of(_field(row, "quantity"), 12) or "1"
    if not said.removesuffix(".0").isdecimal() or not 0 < int(float(said)) <= _QUANTITY:
        raise RowError(f"quantity {said!r} is no number from 1 to {_QUANTITY}")
    variant = text_of(_field(row, "variant"), _TEXT)
    return OrderLine(product, title, variant, int(float(said)), quantize(price, own)), own


def _worth(line: OrderLine) -> Decimal:
    return line.unit_price * line.quantity


def _status(said: str) -> OrderStatus:
    if found := _statuses().get(fold_name(said)):
        return found
    raise RowError(f"status {said!r} is none of {', '.join(each.value for each in OrderStatus if each != 'unpaid')}")


def _instant(fields: Mapping[str, Any], name: str, now: datetime, zone: tzinfo) -> datetime:
    value = _field(fields, name)
    if value is None:
        raise RowError("no time of the order")
    found = instant_of(text_of(value, 40), zone)
    if found is None:
        raise RowError(f"time {text_of(value, 40)!r} cannot be read")
    if found > now + timedelta(days=1):
        raise RowError(f"time {text_of(value, 40)!r} lies in the future")
    return found


def _field(fields: Mapping[str, Any], name: str) -> Any:
    return next((fields[alias] for alias in _aliases()[name] if fields.get(alias) not in (None, "")), None)


@cache
def _aliases() -> Mapping[str, tuple[str, ...]]:
    return {row["field"]: tuple(fold_name(each) for each in row["aliases"].split("|")) for row in _table("columns")}


@cache
def _statuses() -> Mapping[str, OrderStatus]:
    return {fold_name(word): OrderStatus(row["status"]) for row in _table("words") for word in row["words"].split("|")}


def _table(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / f"order_{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))
