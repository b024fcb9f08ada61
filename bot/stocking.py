"""An empty shop gets the demo catalogue and the demo's pages, so that the first run has something to sell and say."""

from __future__ import annotations

from pathlib import Path

from tqdm import tqdm

from storage import demo
from storage.demo.catalogue import demo_products
from storage.demo.vectors import load_shipped
from storage.demo_shop import demo_ids
from storage.policy_pages import read_pages
from storage.shop import Shop

DEMO_POLICIES = Path(demo.__file__).parent / "policies"


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


def add_demo_policies(shop: Shop) -> int:
    """The demo's pages for a demo shop that never had any; how many passages were added."""
    if shop.policies.revision() or not demo_ids(shop.catalogue):
        return 0
    return shop.policies.replace(read_pages(DEMO_POLICIES)[0], demo=True).added
