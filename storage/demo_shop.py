"""The demo catalogue leaves when a shop's own products come."""

from __future__ import annotations

from storage.catalogue import Catalogue

PREFIX = "demo-"


def demo_ids(catalogue: Catalogue) -> set[str]:
    """Available products of the demo shop."""
    return {product_id for product_id in catalogue.ids() if product_id.startswith(PREFIX)}


def withdraw_demo(catalogue: Catalogue) -> int:
    """Makes the demo products unavailable; how many there were."""
    found = demo_ids(catalogue)
    if found:
        catalogue.retain(set(catalogue.ids()) - found)
    return len(found)
