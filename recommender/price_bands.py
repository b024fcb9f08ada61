"""Ranges of price that a shopper would name: round, few, and each with about as many products."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from storage.records import PriceRange

_WIDE = Decimal(2)  # a question about money is worth it where the dear ones cost twice what the cheap ones cost
_STEPS = (Decimal(1), Decimal(2), Decimal(3), Decimal(5), Decimal("7.5"), Decimal(10))
_THIRDS = 3


def bands_of(prices: Sequence[Decimal], currency: str) -> tuple[PriceRange, ...]:
    """Two or three ranges between round prices, without gaps; empty where the prices lie too close together.

    Both ends of a range are inclusive: who spends "about 30" minds neither side of it.
    """
    ordered = sorted(price for price in prices if price > 0)
    if len(ordered) < 2 * _THIRDS:
        return ()
    low, high = (ordered[len(ordered) * part // _THIRDS] for part in (1, 2))
    if ordered[-len(ordered) // 10] < _WIDE * ordered[len(ordered) // 10]:
        return ()
    edges = sorted({_round(low), _round(high)})
    edges = [edge for edge in edges if ordered[0] <= edge < ordered[-1]]
    bands = [PriceRange(start, end, currency) for start, end in zip([None, *edges], [*edges, None], strict=True)]
    return tuple(bands) if len(bands) > 1 else ()


def inside(price: Decimal, band: PriceRange) -> bool:
    """Whether the price lies in the range, ends included."""
    return (band.min is None or price >= band.min) and (band.max is None or price <= band.max)


def _round(price: Decimal) -> Decimal:
    """The nearest price of one significant figure, or one and a half: 47 is 50, 68 is 75, 130 is 100."""
    scale = Decimal(1).scaleb(price.adjusted())
    return min((step * scale for step in _STEPS), key=lambda step: abs(step - price)).normalize() + 0
