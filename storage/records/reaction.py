"""What a shopper did with what was shown, and what that says of her taste."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reaction(StrEnum):
    """What a shopper did with something that was shown, the strongest first."""

    BUY = "buy"
    CART = "cart"
    SAVE = "save"
    LIKE = "like"
    MORE_LIKE = "more_like"
    OPEN = "open"
    LESS_LIKE = "less_like"
    DISLIKE = "dislike"


@dataclass(frozen=True, slots=True)
class Event:
    """Something this shopper did lately with a product."""

    product_id: str
    reaction: Reaction
    at: datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """A reaction to one showing."""

    recommendation_id: int
    user_id: int
    reaction: Reaction
    at: datetime


@dataclass(frozen=True, slots=True)
class Taste:
    """What one shopper's pages and reactions say of the weights of the named features, without what all share.

    `precision` is the upper triangle (row-major, d*(d+1)/2) of the summed x x', `moment` (d) the summed x times reward.
    A value: the bandit takes one and returns another. `version` counts the shopper's pages and reactions, `pages` the
    pages alone; `prior` is the version of the fitted prior it was kept up under.
    """

    user_id: int
    features: tuple[str, ...]
    precision: tuple[float, ...]
    moment: tuple[float, ...]
    version: int = 0
    updated_at: datetime | None = None
    pages: int = 0
    prior: int = 0


@dataclass(frozen=True, slots=True)
class SeenCard:
    """A card that was shown, with the reactions that hold for it and their instants."""

    recommendation_id: int
    position: int
    features: Mapping[str, float]
    reactions: tuple[tuple[Reaction, datetime], ...] = ()
    propensity: float | None = None


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page that was shown. `number` counts the shopper's pages from 1; `policy` is that of its slate."""

    turn_id: int
    number: int
    shown_at: datetime
    cards: tuple[SeenCard, ...]
    policy: str = ""
