"""Products as rows: the one place that knows how a `Product` lies in the table, in the index and in a text."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from storage import instants
from storage.money import from_minor, quantize, to_minor
from storage.records import FILTERED_SLOTS, Product, SlotName, Variant
from storage.terms import base_vocabulary

# What full-text search reads: a change elsewhere (price, stock) leaves the index alone.
TEXT_COLUMNS = (
    *("title", "title_zh", "description", "description_zh", "category", "categories", "brand"),
    *("colors", "materials", "audience", "attributes"),
)
# What moves from hour to hour; no word, filter value or vector hangs on it.
LIVE_COLUMNS = ("price", "former_price", "stock", "rating", "rating_count", "sponsored", "variants")
COLUMNS = (
    *("id", *TEXT_COLUMNS, "sizes", "currency", *LIVE_COLUMNS),
    *("image_url", "pictures", "url", "created_at", "available", "text_hash"),
)

_LISTS = ("categories", "colors", "materials", "sizes", "audience", "pictures")
_OTHERWISE = ("price", "former_price", "created_at", "attributes", "text_hash", "variants")  # not as the field has it


def to_row(product: Product) -> dict[str, Any]:
    """The product's columns. Raises `MoneyError` for a price or currency that cannot be stored."""
    found: dict[str, Any] = {
        name: getattr(product, name) for name in COLUMNS if name not in _LISTS and name not in _OTHERWISE
    }
    found |= {name: _json(list(getattr(product, name))) for name in _LISTS}
    found["attributes"] = _json(dict(product.attributes))
    found["price"] = to_minor(quantize(product.price, product.currency), product.currency)
    former = product.former_price
    found["variants"] = _json([_variant_row(variant, product.currency) for variant in product.variants])
    found["former_price"] = to_minor(quantize(former, product.currency), product.currency) if former else None
    found["created_at"] = _instant(product.created_at)
    found["sponsored"] = int(product.sponsored)
    found["available"] = int(product.available)
    found["text_hash"] = text_hash(embedding_text(product))
    return found


def to_product(row: sqlite3.Row | Mapping[str, Any]) -> Product:
    """The product of a row that `to_row` made, as it comes from the table, from another process or out of a reply that
    was recorded when rows had fewer columns.
    """
    created_at, columns = row["created_at"], row.keys()
    return Product(
        id=row["id"],
        title=row["title"],
        price=_amount(row["price"], row["currency"]),
        currency=row["currency"],
        title_zh=row["title_zh"],
        description=row["description"],
        description_zh=row["description_zh"],
        category=row["category"],
        categories=strings(row["categories"]),
        brand=row["brand"],
        colors=strings(row["colors"]),
        materials=strings(row["materials"]),
        sizes=strings(row["sizes"]),
        audience=strings(row["audience"]),
        rating=row["rating"],
        rating_count=row["rating_count"],
        stock=row["stock"],
        image_url=row["image_url"],
        url=row["url"],
        created_at=instants.from_text(created_at) if created_at else None,
        sponsored=bool(row["sponsored"]),
        attributes=json.loads(row["attributes"]),
        available=bool(row["available"]),
        former_price=_former(row),
        pictures=strings(row["pictures"]) if "pictures" in columns else (),
        variants=_variants(row["variants"], row["currency"]) if "variants" in columns else (),
    )


def filtered_values(product: Product) -> set[tuple[str, str]]:
    """(slot, value) pairs that filters compare."""
    return {(slot.value, value) for slot in FILTERED_SLOTS for value in product.values(slot)}


def search_document(product: Product, segment: Callable[[str], str]) -> tuple[str, str, str, str]:
    """Segmented title, Chinese title, words and description: the columns of the full-text index.

    The words are brand, category with the wider ones, colours, materials, audience and attributes, each under its
    English and Chinese names, so that 连衣裙 finds a dress whose feed knows no Chinese.
    """
    description = " ".join(filter(None, (product.description, product.description_zh)))
    return segment(product.title), segment(product.title_zh), _words(product, segment), segment(description)


def embedding_text(product: Product) -> str:
    """What the encoder reads: in English where the feed has it, else in Chinese. Prices and stock stay out."""
    parts = (
        product.title or product.title_zh,
        product.category,
        product.brand,
        " ".join((*product.colors, *product.materials)),
        product.description or product.description_zh,
    )
    return ". ".join(part for part in parts if part)


def text_hash(text: str) -> str:
    """32 hexadecimal digits that name a text: a vector holds for as long as they do."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _words(product: Product, segment: Callable[[str], str]) -> str:
    slots = (SlotName.CATEGORY, SlotName.COLOR, SlotName.MATERIAL, SlotName.AUDIENCE)
    named = {(slot, value): None for slot in slots for value in product.values(slot)}
    if product.category:
        named.setdefault((SlotName.CATEGORY, product.category), None)
    words = [segment(product.brand)] if product.brand else []
    words += [segment(name) for slot, value in named for name in _names(slot, value)]
    words += [segment(f"{name} {value}") for name, value in product.attributes.items()]
    return " ".join(filter(None, words))


@lru_cache(maxsize=4096)
def _names(slot: SlotName, value: str) -> tuple[str, ...]:
    """A value's normal form, its English label and every Chinese name: a feed in English has no other Chinese."""
    term = base_vocabulary().by_value.get((slot, value))
    return tuple(dict.fromkeys((value, term.label("en"), *term.zh))) if term else (value,)


def _instant(created_at: datetime | None) -> str | None:
    """Feeds often give a bare date: it counts as UTC."""
    if created_at is None:
        return None
    return instants.to_text(created_at if created_at.tzinfo else created_at.replace(tzinfo=UTC))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=8192)
def strings(text: str) -> tuple[str, ...]:
    """A list of strings as a column holds it; equal ones are mostly the same object."""
    return tuple(json.loads(text))


def _variant_row(variant: Variant, currency: str) -> list[Any]:
    price = variant.price if variant.price is None else to_minor(quantize(variant.price, currency), currency)
    return [variant.id, variant.color, variant.size, variant.stock, price]


@lru_cache(maxsize=2048)
def _variants(text: str, currency: str) -> tuple[Variant, ...]:
    return tuple(
        Variant(id, color, size, stock, None if price is None else _amount(price, currency))
        for id, color, size, stock, price in json.loads(text)
    )


def _former(row: sqlite3.Row | Mapping[str, Any]) -> Decimal | None:
    return None if row["former_price"] is None else _amount(row["former_price"], row["currency"])


@lru_cache(maxsize=8192)
def _amount(units: int, currency: str) -> Decimal:
    return from_minor(units, currency)
