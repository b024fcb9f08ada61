"""What visitors did on the shop's own site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deed(StrEnum):
    """What a visitor of the shop's own site did with a product, the weakest first."""

    VIEW = "view"
    CART = "cart"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing a visitor did in the shop itself. `visitor` is a keyed hash, never the shop's own id."""

    visitor: str
    product_id: str
    kind: Deed
    at: datetime
