"""schema.org Product as JSON-LD: a JSON file, JSON lines, or the script blocks of an HTML page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from storage.feeds.records import FeedError, RawRecord, Rejected
from storage.feeds.tables import text_in

_OF_ONE = frozenset({"sku", "productID", "@id", "mpn", "inProductGroupWithID", "isVariantOf"})  # numbers of a variant


def read_jsonld(path: Path) -> Iterator[RawRecord | Rejected]:
    """Every Product and ProductGroup in the file, numbered from 1; a block that is no JSON is rejected."""
    number = 0
    for block in _blocks(text_in(path)):
        try:
            found = list(_products(json.loads(block)))
        except (json.JSONDecodeError, RecursionError) as error:
            number += 1
            yield Rejected(number, f"no JSON: {getattr(error, 'msg', 'nested too deeply')}")
            continue
        for product in found:
            number += 1
            yield RawRecord(number, _flat(product))
    if not number:
        raise FeedError(f"{path} holds no schema.org Product")


def _blocks(text: str) -> list[str]:
    if "<script" in text.casefold():
        nodes = LexborHTMLParser(text).css('script[type="application/ld+json"]')
        return [node.text(strip=True) for node in nodes]
    try:
        json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return [line for line in text.split("\n") if line.strip()]
    return [text]


def _products(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _products(item)
    elif isinstance(value, dict):
        kinds = value.get("@type", "")
        if {"Product", "ProductGroup"}.intersection(kinds if isinstance(kinds, list) else [kinds]):
            yield value
            return
        for key in ("@graph", "itemListElement", "mainEntity", "item"):
            yield from _products(value.get(key))


def _flat(product: dict[str, Any]) -> dict[str, Any]:
    """The fields under the names a table would use. What a group leaves to its variants is the first one's to say."""
    variants, first = _variants(product), _first(product.get("hasVariant"))
    product = {**{name: value for name, value in first.items() if name not in _OF_ONE}, **product}
    offer, rating = next(iter(_offers(product)), {}), _first(product.get("aggregateRating"))
    brand, audience = product.get("brand"), _first(product.get("audience"))
    flat = {
        "id": product.get("productGroupID")
        or product.get("sku")
        or product.get("productID")
        or product.get("@id")
        or product.get("mpn")
        or product.get("url"),
        "title": product.get("name"),
        "brand": brand.get("name") if isinstance(brand, dict) else brand,
        **(_sold(offer, product) if not variants else _asked(offer)),
        "url": product.get("url") or offer.get("url"),
        "rating": rating.get("ratingValue"),
        "rating_count": rating.get("reviewCount") or rating.get("ratingCount"),
        "audience": audience.get("suggestedGender") or audience.get("audienceType"),
        "created_at": product.get("releaseDate"),
        "item_group_id": product.get("inProductGroupWithID")
        or _first(product.get("isVariantOf")).get("productGroupID"),
        "variants": variants,
    }
    flat |= {name: product.get(name) for name in ("description", "category", "material", "image")}
    flat["attributes"] = {
        p.get("name"): p.get("value") for p in _all(product.get("additionalProperty")) if p.get("name")
    }
    return {name: value for name, value in flat.items() if value not in (None, "", [], {})}


def _sold(offer: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    """What an offer asks, how many it has, and which colour and size of the item it is for."""
    return {
        **_asked(offer),
        "availability": offer.get("availability"),
        "stock": _first(offer.get("inventoryLevel")).get("value"),
        "color": item.get("color"),
        "size": _named(item.get("size")),
    }


def _asked(offer: dict[str, Any]) -> dict[str, Any]:
    specified = _first(offer.get("priceSpecification")).get("price")
    return {
        "price": offer.get("price") or offer.get("lowPrice") or specified,
        "currency": offer.get("priceCurrency"),
    }


def _variants(product: dict[str, Any]) -> list[dict[str, Any]]:
    """What a group has as variants, or the offers of one product that are of different colours or sizes."""
    items = [(item, next(iter(_offers(item)), {})) for item in _all(product.get("hasVariant"))]
    items = items or [(_first(offer.get("itemOffered")) or offer, offer) for offer in _offers(product)]
    found = [
        {"sku": item.get("sku") or offer.get("sku") or item.get("productID"), **_sold(offer, item)}
        for item, offer in items
    ]
    return found if any(each["color"] or each["size"] for each in found) else []


def _offers(product: dict[str, Any]) -> list[dict[str, Any]]:
    """A product's offers, each by itself where an AggregateOffer lists them."""
    said = _all(product.get("offers"))
    return [offer for each in said for offer in _all(each.get("offers")) or [each]]


def _named(value: Any) -> Any:
    """A size as text, or the name of a SizeSpecification."""
    return value.get("name") if isinstance(value, dict) else value


def _all(value: Any) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def _first(value: Any) -> dict[str, Any]:
    return next(iter(_all(value)), {})
