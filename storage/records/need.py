"""What a shopper wants so far, the limits that follow from it, and those that were let out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.records.intents import Language
from storage.records.slots import Figure, SlotName
from storage.records.understanding import PriceRange


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing wanted or not wanted, in normal form. `text` is how the shopper said it."""

    name: SlotName
    value: str
    text: str = ""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """What the shopper wants so far: a fold over the turns of this session.

    `query` holds the shopper's own words for the thing sought; `price` is in the shop's currency and `price_said` as it
    was said. `like_product` anchors "more like this". `since` is when this need began. `cheapest` asks for the lowest
    prices first, `best_rated` for the best rated; both for the lowest prices among what is well rated. `inquired` lists
    what the bot has asked about in this need, by the names of `asked`: it does not ask twice, and who waved a question
    off said that it does not matter. `firm` names the limits that must not give way ("price", "color", ..., or "all").
    `least_rating` is the lowest mean rating, in stars, that will do. `looks` are the products that look like the photo
    that was sent, the most alike first: no other is wanted, and they stand in this order.
    """

    query: str = ""
    language: Language = "en"
    wishes: tuple[Wish, ...] = ()
    price: PriceRange | None = None
    price_said: PriceRange | None = None
    like_product: str = ""
    asked: str | None = None
    since: datetime | None = None
    cheapest: bool = False
    inquired: tuple[str, ...] = ()
    firm: tuple[str, ...] = ()
    best_rated: bool = False
    least_rating: float | None = None
    looks: tuple[str, ...] = ()

    @property
    def ordered(self) -> bool:
        """Whether the shopper said in what order things are to stand, or showed it."""
        return self.cheapest or self.best_rated or bool(self.looks)

    @property
    def empty(self) -> bool:
        limited = self.wishes or self.price or self.least_rating is not None
        return not (self.query or limited or self.like_product or self.looks)


@dataclass(frozen=True, slots=True)
class Filters:
    """Hard limits. A known contradicting value rejects; an unknown one passes (an unknown price fails a budget).

    `price` is in the shop's currency. `include`: for each slot the product must carry one of the values;
    `exclude`: none of them. `least_rating`: rated at that or above by somebody; what nobody rated fails. `only`: the
    ids of the products there are to choose from, None for all. `unsaid`: words that the product must not say of itself
    (storage/unsaid.py).
    """

    price: PriceRange | None = None
    include: Mapping[SlotName, frozenset[str]] = field(default_factory=dict)
    exclude: Mapping[SlotName, frozenset[str]] = field(default_factory=dict)
    in_stock: bool = True
    least_rating: float | None = None
    only: frozenset[str] | None = None
    unsaid: frozenset[str] = frozenset()

    @property
    def of_one_variant(self) -> bool:
        """Whether one variant of a product must be several things at once: of a colour, of a size, at a price."""
        colors, sizes = (self.include.get(slot) for slot in (SlotName.COLOR, SlotName.SIZE))
        return bool((colors and sizes) or (self.price and (colors or sizes)))


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One limit let out because too little satisfied them all.

    `wanted` are the normal forms asked for, `instead` those that are admitted beside them (empty: any). For
    `SlotName.PRICE`, `price` is the limit as let out; for `Figure.RATING`, `rating` is.
    """

    slot: SlotName | Figure
    wanted: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    price: PriceRange | None = None
    rating: float | None = None


Way = tuple[Relaxation, ...]  # limits let out together
