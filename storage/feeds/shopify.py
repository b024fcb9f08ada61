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
    """A record a Handle: the lowest variant price, stock summed, option values gathered."""
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
        if not name.startswith(("Option", "Variant", "SEO", "Google Shopping"))
    }
    merged.update(id=handle, price=min(prices, key=_amount, default=""), stock=_stock(rows), **_options(rows))
    merged["product_category"] = first.get("Product Category", "")
    if str(first.get("Status", "active")).strip().casefold() in ("draft", "archived"):
        merged["availability"] = "out of stock"
    return {name: value for name, value in merged.items() if value not in ("", [], None)}


def _amount(price: str) -> float:
    try:
        return float(price.replace(",", ""))
    except ValueError:
        return float("inf")


def _stock(rows: list[RawRecord]) -> int | None:
    counts = [str(row.fields.get("Variant Inventory Qty", "")).strip() for row in rows]
    known = [int(count) for count in counts if count.lstrip("-").isdigit()]
    return sum(max(0, count) for count in known) if known else None


def _options(rows: list[RawRecord]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    names: dict[int, str] = {}
    for row in rows:
        for i in (1, 2, 3):
            names[i] = str(row.fields.get(f"Option{i} Name", "")).strip().casefold() or names.get(i, "")
            value = str(row.fields.get(f"Option{i} Value", "")).strip()
            if value and names[i] in _OPTIONS:
                found.setdefault(_OPTIONS[names[i]], []).append(value)
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}
