"""What the shopper's own deeds say of a product: likeness to what was liked lately, and tastes in brands and the like.

Both are sums over events of the reward, halved with every half-life, so that old likings fade.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from recommender.bandit import reward
from recommender.candidates import values_in
from recommender.pool import Evidence, Pool
from recommender.ports import Facts, Vectors
from recommender.prior import Matrix
from storage.records import Event, Product, SlotName

NEUTRAL = 0.5
_SHELF = 0.4  # of the likeness of two products is that of their categories
TASTE_SLOTS = (SlotName.BRAND, SlotName.CATEGORY, SlotName.COLOR, SlotName.MATERIAL)


def weights(events: Sequence[Event], now: datetime, half_life: timedelta) -> Matrix:
    """Reward of each event times 0.5^(age / half-life), (m,)."""
    faded = [reward(e.reaction) * 0.5 ** max((now - e.at) / half_life, 0.0) for e in events]
    return np.array(faded, dtype=np.float64)


def session_affinity(pool: Pool, evidence: Evidence, now: datetime, half_life: timedelta) -> Matrix:
    """Likeness to what was liked less likeness to what was disliked, 0..1 with 0.5 for "no opinion", (n,).

    The means are weighted by age; a lone liking of long ago speaks softly.
    """
    given = weights(evidence.events, now, half_life)
    pull = _towards(pool.vectors, evidence.vectors, np.clip(given, 0, None))
    push = _towards(pool.vectors, evidence.vectors, np.clip(-given, 0, None))
    affinity: Matrix = np.clip(NEUTRAL + (pull - push) / 2, 0.0, 1.0)
    return affinity


def _towards(vectors: Vectors, others: Vectors, given: Matrix) -> Matrix:
    """Cosine with the weighted mean of `others`, times how much weight there is at all (0..1), (n,)."""
    total = float(given.sum())
    if total < 1e-6:
        return np.zeros(len(vectors))
    mean = given @ others / total
    length = float(np.linalg.norm(mean))
    loudness = 1.0 - 0.5 ** (total / 0.35)  # one fresh like speaks at three quarters of full voice
    cosines: Matrix = vectors @ (mean / max(length, 1e-9)) * loudness
    return np.clip(cosines, 0.0, 1.0)


def likeness(pool: Pool, evidence: Evidence) -> Matrix:
    """Likeness to the product of "more like this": its text, and the shelf it stands on; 0 without one, (n,)."""
    anchor, vector = evidence.anchor, evidence.anchor_vector
    if anchor is None or vector is None:
        return np.zeros(len(pool))
    shelf = np.array([_same_shelf(kinds, anchor.categories) for kinds in values_in(pool.facts, SlotName.CATEGORY)])
    alike: Matrix = (1 - _SHELF) * np.clip(pool.vectors @ vector, 0.0, 1.0) + _SHELF * shelf
    return alike


def _same_shelf(kinds: tuple[str, ...], others: tuple[str, ...]) -> float:
    """1 in the same narrowest category, 0.5 where only a wider one is shared."""
    if kinds[:1] == others[:1]:
        return float(bool(kinds))
    return 0.5 * bool(set(kinds) & set(others))


def likings(evidence: Evidence, now: datetime, half_life: timedelta) -> dict[tuple[SlotName, str], float]:
    """For each (slot, value) of the products reacted to: its faded rewards, summed."""
    sums: defaultdict[tuple[SlotName, str], float] = defaultdict(float)
    for product, given in zip(evidence.products, weights(evidence.events, now, half_life), strict=True):
        for key in taste_values(product):
            sums[key] += float(given)
    return dict(sums)


def taste_values(product: Product) -> list[tuple[SlotName, str]]:
    """The (slot, value) pairs that tastes are about; of a category only the narrowest, for all share the widest."""
    found = [(slot, value) for slot in TASTE_SLOTS if slot is not SlotName.CATEGORY for value in product.values(slot)]
    return [*found, *((SlotName.CATEGORY, value) for value in product.categories[:1])]


def tastes(facts: Facts, slot: SlotName, liked: dict[tuple[SlotName, str], float]) -> Matrix:
    """How the shopper takes to the products' values of one slot: 0..1, 0.5 for no opinion, (n,)."""
    if not liked:
        return np.full(len(facts.ids), NEUTRAL)
    opinions: dict[tuple[str, ...], float] = {}

    def opinion(values: tuple[str, ...]) -> float:
        held = values[:1] if slot is SlotName.CATEGORY else values
        if held not in opinions:
            strongest = max((liked[slot, value] for value in held if (slot, value) in liked), key=abs, default=0.0)
            opinions[held] = NEUTRAL + NEUTRAL * float(np.tanh(strongest))
        return opinions[held]

    return np.array([opinion(values) for values in values_in(facts, slot)])
