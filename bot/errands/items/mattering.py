"""Which difference matters to this shopper: what the wish names, then what the own taste weighs, then the rest. Pure.

The taste's weights are those that rank the pages (recommender/bandit.py): how far the compared items lie apart in a
feature, times what the feature is believed to be worth to this shopper above what it is worth to all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.errands.items.facts import PRICE, RATING, STOCK
from bot.recall import Before
from recommender import bandit
from recommender.prior import prior
from storage.records import Need, Recommendation, SlotName

_USUAL = (PRICE, RATING)
_ROW_OF: Mapping[str, str] = {
    "price_fit": PRICE,
    "buy_price": PRICE,
    "rating": RATING,
    "consider_rating": RATING,
    "taste_brand": SlotName.BRAND.value,
    "taste_color": SlotName.COLOR.value,
    "taste_material": SlotName.MATERIAL.value,
    "stock": STOCK,
}
_LEAST = 0.004  # of a score: less moved nothing that anybody could see


def order_of(keys: Sequence[str], cards: Sequence[Recommendation], need: Need, before: Before) -> list[str]:
    """The rows, what matters most first."""
    wished, weights = _wished(need), _weights(cards, before)

    def rank(key: str) -> tuple[int, float, int]:
        usual = _USUAL.index(key) if key in _USUAL else len(_USUAL)
        return (0 if key in wished else 1, -weights.get(key, 0.0), usual)

    return sorted(keys, key=rank)


def speaks_for(key: str, cards: Sequence[Recommendation], need: Need, before: Before) -> bool:
    """Whether the wish or the taste speaks for a row."""
    return key in _wished(need) or key in _weights(cards, before)


def _wished(need: Need) -> frozenset[str]:
    named = {wish.name.value for wish in need.wishes if wish.name is not SlotName.CATEGORY}
    asked = {PRICE: need.price or need.cheapest, RATING: need.best_rated or need.least_rating}
    return frozenset(named | {key for key, said in asked.items() if said})


def _weights(cards: Sequence[Recommendation], before: Before) -> dict[str, float]:
    """What the rows are worth by the shopper's own taste; only those that are worth anything."""
    if before.taste is None:
        return {}
    shared = before.prior or prior()
    held = bandit.posterior(before.taste, before.turn.said_at, shared)
    own = dict(zip(shared.features, held.mean - shared.mean, strict=True))
    worth: dict[str, float] = {}
    for feature, row in _ROW_OF.items():
        values = [card.features.get(feature, 0.0) for card in cards]
        apart = (max(values) - min(values)) * float(own.get(feature, 0.0))
        if apart >= _LEAST:
            worth[row] = max(worth.get(row, 0.0), apart)
    return worth
