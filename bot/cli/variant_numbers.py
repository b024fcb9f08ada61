"""The shop's own files name what was sold by the number of its colour and size; what is learned and told of it is the
product's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from storage.orders import Order
from storage.records import Behaviour
from storage.shop import Shop


def products_by_variant(folder: Path) -> Mapping[str, str]:
    """The numbers of variants to the ids of their products, as the catalogue in a data folder has them now."""
    shop = Shop.open(folder, readonly=True)
    try:
        return shop.catalogue.variants()
    finally:
        shop.close()


def of_product(event: Behaviour, products: Mapping[str, str]) -> Behaviour:
    """The event as one of the product."""
    known = products.get(event.product_id)
    return replace(event, product_id=known) if known else event


def of_products(order: Order, products: Mapping[str, str]) -> Order:
    """The order with each line as one of a product."""
    if not any(line.product_id in products for line in order.lines):
        return order
    lines = (replace(line, product_id=products.get(line.product_id, line.product_id)) for line in order.lines)
    return replace(order, lines=tuple(lines))
