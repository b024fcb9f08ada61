"""Links into the chat: `t.me/<bot>?start=p_<product id>` opens it with that product's card.

Any other payload ("ref_x") says where a shopper came from and is kept as it is. Telegram allows letters, digits, "_"
and "-" in a payload, 64 at most; products whose ids have other characters cannot be linked to.
"""

from __future__ import annotations

from collections.abc import Sequence

from recommender.prior import prior
from storage.records import Product, Recommendation, Slate

_PREFIX = "p_"


def linked_product(payload: str) -> str:
    """The product id that a start payload names; empty where it names none."""
    return payload.removeprefix(_PREFIX) if payload.startswith(_PREFIX) else ""


def linked_slate(product: Product, seed: int) -> Slate:
    """A page of this one product."""
    return chosen_slate([product], "link", seed)


def staff_slate(products: Sequence[Product], seed: int) -> Slate:
    """A page of the products that a member of staff chose to show."""
    return chosen_slate(products, "staff", seed)


def chosen_slate(products: Sequence[Product], policy: str, seed: int) -> Slate:
    """A page of these products. Not chosen by any score, so their features say nothing, and they were certain."""
    features = dict.fromkeys(prior().features, 0.0)
    cards = tuple(
        Recommendation(product, place, 0.0, features, dict(features), propensity=1.0)
        for place, product in enumerate(products, start=1)
    )
    return Slate(cards, index_version="", policy=policy, seed=seed, taste_version=0, admitted=len(cards))
