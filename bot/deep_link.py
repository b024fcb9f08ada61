"""Links into the chat: `t.me/<bot>?start=p_<product id>` opens it with that product's card.

Any other payload ("ref_x") says where a shopper came from and is kept as it is. Telegram allows letters, digits, "_"
and "-" in a payload, 64 at most; products whose ids have other characters cannot be linked to.
"""

from __future__ import annotations

from recommender.prior import prior
from storage.records import Product, Recommendation, Slate

_PREFIX = "p_"


def linked_product(payload: str) -> str:
    """The product id that a start payload names; empty where it names none."""
    return payload.removeprefix(_PREFIX) if payload.startswith(_PREFIX) else ""


def linked_slate(product: Product, seed: int) -> Slate:
    """A page of this one product. It was not chosen by any score, so its features say nothing and it was certain."""
    features = dict.fromkeys(prior().features, 0.0)
    card = Recommendation(product, 1, 0.0, features, dict(features), propensity=1.0)
    return Slate((card,), index_version="", policy="link", seed=seed, taste_version=0, admitted=1)
