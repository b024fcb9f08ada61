"""An empty shop gets the demo catalogue, so that the first run has something to sell."""

from __future__ import annotations

from tqdm import tqdm

from storage.demo.catalogue import demo_products
from storage.demo.vectors import load_shipped
from storage.demo_shop import demo_ids
from storage.shop import Shop


def stock_if_empty(shop: Shop, *, progress: bool) -> int:
    """Loads the demo catalogue into a shop that never had a product; how many were loaded."""
    if shop.catalogue.revision() or shop.catalogue.ids():
        return 0
    products = list(demo_products())
    shop.catalogue.upsert(tqdm(products, desc="Stocking the demo shop", unit="", disable=not progress, leave=False))
    return len(products)


def add_shipped_vectors(shop: Shop, encoder: str) -> int:
    """The shipped embeddings for a demo shop that has none of this encoder yet; how many were added."""
    if encoder in shop.vectors.versions() or not demo_ids(shop.catalogue):
        return 0
    return load_shipped(shop.catalogue, shop.vectors, encoder)
