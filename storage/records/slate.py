"""What the recommender answers: a page of products, each with its reasons, and perhaps a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from storage.records.need import Way
from storage.records.product import Product
from storage.records.slots import SlotName
from storage.records.understanding import PriceRange


class ReasonCode(StrEnum):
    """The closed list of true reasons."""

    MATCHES_WORDS = "matches_words"
    MATCHES_MEANING = "matches_meaning"
    HAS_WISH = "has_wish"
    WITHIN_BUDGET = "within_budget"
    WELL_RATED = "well_rated"
    POPULAR = "popular"
    TRENDING = "trending"
    GOES_WITH = "goes_with"
    NEW = "new"
    IN_STOCK = "in_stock"
    LIKE_SESSION = "like_session"
    LIKES_BRAND = "likes_brand"
    LIKES_CATEGORY = "likes_category"
    LIKES_COLOR = "likes_color"
    LIKES_MATERIAL = "likes_material"
    IN_SEASON = "in_season"
    LIKE_PRODUCT = "like_product"
    LOOKS_ALIKE = "looks_alike"
    SPONSORED = "sponsored"
    OFF_LIMIT = "off_limit"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code with the facts its sentence needs, each taken from the catalogue row or the shopper's log."""

    code: ReasonCode
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One product in one showing. `id` is 0 until stored; `position` counts from 1; 0 was not shown.

    `features` is x, each about 0..1; `parts` is w*x for the drawn w, so that its sum is `score`.
    `propensity` is P(product on the page), None until it has been estimated.
    """

    product: Product
    position: int
    score: float
    features: Mapping[str, float]
    parts: Mapping[str, float]
    reasons: tuple[Reason, ...] = ()
    id: int = 0
    propensity: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A possible answer to the bot's question: a value of its slot, or a range of prices. `count` candidates fit it."""

    value: str = ""
    price: PriceRange | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question that would help more than a page. `bits` is what its answer is expected to tell; `gain` by how much
    it raises the belief (0..1) that the product wanted is on the next page.
    """

    slot: SlotName
    answers: tuple[Answer, ...]
    bits: float
    gain: float


@dataclass(frozen=True, slots=True)
class Slate:
    """The answer of the recommender: the page (position 1..n), then the next candidates (position 0).

    `admitted` counts what satisfies every limit. Where that is less than a page, `ways` says which limits were let out
    for the cards that follow those.
    """

    items: tuple[Recommendation, ...]
    index_version: str
    policy: str
    seed: int
    taste_version: int
    admitted: int
    degraded: bool = False
    timings: Mapping[str, float] = field(default_factory=dict)
    stages: Mapping[str, float] = field(default_factory=dict)
    question: Clarification | None = None
    ways: tuple[Way, ...] = ()

    @property
    def page(self) -> tuple[Recommendation, ...]:
        return tuple(item for item in self.items if item.position > 0)
