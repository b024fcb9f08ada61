"""Shopify's product export: one row a variant or picture, a product all rows of one Handle."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from storage.feeds.records import RawRecord, Rejected
from storage.feeds.tables import read_delimited

_OPTIONS = {
    "color": "color",
    "colour": "color",
    "颜色": "color",
    "size": "size",
    "尺码": "size",
    "material": "material",
    "材质": "material",
}


def read_shopify(path: Path) -> Iterator[RawRecord | Rejected]:
    """A record a Handle: the lowest variant price, stock summed, option values gathered: those that can be had."""
    rows: list[RawRecord] = []
    for row in read_delimited(path, ","):
        if isinstance(row, Rejected):
            yield row
        else:
            rows.append(row)
    for handle, variants in groupby(rows, key=lambda row: str(row.fields.get("Handle", "")).strip()):
        group = list(variants)
        if handle:
            yield RawRecord(group[0].line, _merged(handle, group))
        else:
            yield from (Rejected(row.line, "no Handle") for row in group)


def _merged(handle: str, rows: list[RawRecord]) -> dict[str, Any]:
    first = dict(rows[0].fields)
    prices = [price for row in rows if (price := str(row.fields.get("Variant Price", "")).strip())]
    merged = {
        name: value
        for name, value in first.items()
        if not name.startswith(("Option", "Variant", "SEO", "Google Shopping", "Image "))
    }
    merged.update(id=handle, price=min(prices, key=_amount, default=""), stock=_stock(rows), **_options(rows))
    merged["images"] = _images(rows)
    merged["product_category"] = first.get("Product Category", "")
    merged["variants"] = _variants(rows)
    if str(first.get("Status", "active")).strip().casefold() in ("draft", "archived"):
        merged["availability"] = "out of stock"
    return {name: value for name, value in merged.items() if value not in ("", [], None)}


def _images(rows: list[RawRecord]) -> list[str]:
    """The pictures in the order that the shop gave them, those of single variants behind."""
    ordered = sorted(rows, key=lambda row: _position(row.fields.get("Image Position")))
    cells = [row.fields.get(name) for name, among in (("Image Src", ordered), ("Variant Image", rows)) for row in among]
    return [address for cell in cells if (address := str(cell or "").strip())]


def _position(cell: Any) -> int:
    said = str(cell or "").strip()
    return int(said) if said.isdecimal() and len(said) < 6 else 1_000_000


def _amount(price: str) -> float:
    try:
        return float(price.replace(",", ""))
    except ValueError:
        return float("inf")


def _stock(rows: list[RawRecord]) -> int | None:
    known = [count for row in rows if (count := _count(row)) is not None]
    return sum(known) if known else None


def _count(row: RawRecord) -> int | None:
    """How many there are of a variant; None where that is unknown: where the export does not say (a row that is a
    picture), the shop does not track it, or sells on without stock.
    """
    count = _cell(row, "Variant Inventory Qty")
    tracked = "Variant Inventory Tracker" not in row.fields or _cell(row, "Variant Inventory Tracker")
    if not tracked or _cell(row, "Variant Inventory Policy").casefold() == "continue":
        return None
    return max(0, int(count)) if count.lstrip("-").isdigit() else None


def _options(rows: list[RawRecord]) -> dict[str, list[str]]:
    """The values of the variants that can be had, so that a size is listed where it is in stock; all, where none is."""
    chosen = _chosen(rows)
    there = [values for row, values in zip(rows, chosen, strict=True) if _count(row) != 0]
    found: dict[str, list[str]] = {}
    for values in there if any(there) else chosen:
        for name, value in values.items():
            found.setdefault(name, []).append(value)
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}


def _variants(rows: list[RawRecord]) -> list[dict[str, Any]]:
    """A variant for each row that is one, under the names a table would use."""
    found = [
        {
            "sku": _cell(row, "Variant SKU"),
            **{name: value for name, value in values.items() if name != "material"},
            "price": _cell(row, "Variant Price"),
            "stock": _count(row),
        }
        for row, values in zip(rows, _chosen(rows), strict=True)
        if values or _cell(row, "Variant SKU")
    ]
    return [{name: value for name, value in variant.items() if value not in ("", None)} for variant in found]


def _chosen(rows: list[RawRecord]) -> list[dict[str, str]]:
    """What each row's options say of colour, size and material. The first row alone names the options."""
    names: dict[int, str] = {}
    found = []
    for row in rows:
        names |= {i: name.casefold() for i in (1, 2, 3) if (name := _cell(row, f"Option{i} Name"))}
        values = {_OPTIONS.get(names.get(i, "")): _cell(row, f"Option{i} Value") for i in (1, 2, 3)}
        found.append({name: value for name, value in values.items() if name and value})
    return found


def _cell(row: RawRecord, name: str) -> str:
    return str(row.fields.get(name, "")).strip()
