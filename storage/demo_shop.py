"""The demo catalogue leaves when a shop's own products come."""

from __future__ import annotations

from storage.catalogue import Catalogue
from storage.shop import Shop

PREFIX = "demo-"


def demo_ids(catalogue: Catalogue) -> set[str]:
    """Available products of the demo shop."""
    return {product_id for product_id in catalogue.ids() if product_id.startswith(PREFIX)}


def withdraw_demo(shop: Shop) -> int:
    """Makes the demo products unavailable, and takes the demo's pages back: what they promise is nobody else's promise.
    How many products there were.
    """
    with shop.atomic():
        found = demo_ids(shop.catalogue)
        if found:
            shop.catalogue.retain(set(shop.catalogue.ids()) - found)
        shop.policies.withdraw_demo()
    return len(found)
