"""An empty shop gets the demo catalogue, so that the first run has something to sell."""

from __future__ import annotations

from tqdm import tqdm

from storage.demo.catalogue import demo_products
from storage.shop import Shop


def stock_if_empty(shop: Shop, *, progress: bool) -> int:
    """Loads the demo catalogue into a shop that never had a product; how many were loaded."""
    if shop.catalogue.revision() or shop.catalogue.ids():
        return 0
    products = list(demo_products())
    shop.catalogue.upsert(tqdm(products, desc="Stocking the demo shop", unit="", disable=not progress, leave=False))
    return len(products)
