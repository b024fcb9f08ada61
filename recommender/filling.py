"""A page that the strict results do not fill: they come first, then what relaxed limits admit, each card saying which.

Every part is a page of its own, ranked under its own limits, so that whatever rules a page keeps are kept in each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

from recommender.filters import had_with, price_with
from recommender.relaxing import broken
from recommender.request import Request
from storage.records import (
    Figure,
    Filters,
    Product,
    Reason,
    ReasonCode,
    Recommendation,
    Relaxation,
    Slate,
    SlotName,
    Way,
)

Rank = Callable[[Request], Slate]


def filled(
    request: Request, strictly: Slate, ways: Sequence[Way], strict: Filters, rank: Rank
) -> tuple[Slate, tuple[Request, ...]]:
    """The strict page gone on with, and the requests that were ranked for it.

    Args:
        request: what was asked.
        strictly: its slate under every limit.
        ways: how limits may be let out, the least change first; the last place goes to the second way if it has one.
        strict: the limits themselves.
        rank: a request to its slate.
    """
    slate, asked, used = strictly, [], []
    for at, way in enumerate(ways):
        places = request.page_size - len(slate.page)
        later = len(ways) - at - 1
        if places <= 0:
            break
        part = replace(
            request,
            way=way,
            seen=request.seen | {item.product.id for item in slate.items},
            page_size=max(places - later, 1),
            may_ask=False,
        )
        found = rank(part)
        asked.append(part)
        if found.page:
            used.append(way)
            slate = _joined(slate, found, way, strict)
    # One thing at a time: what gave way is news enough.
    return replace(slate, ways=tuple(used), question=None if used else slate.question), tuple(asked)


def _joined(slate: Slate, more: Slate, way: Way, strict: Filters) -> Slate:
    """The page of the first, then that of the second; after them the candidates that were not shown."""
    shown = len(slate.page)
    added = [
        replace(item, position=item.position + shown, reasons=(*_breaking(item, way, strict), *item.reasons))
        for item in more.page
    ]
    rest = [item for item in (*slate.items, *more.items) if item.position == 0]
    timings = {name: slate.timings.get(name, 0.0) + ms for name, ms in more.timings.items()}
    return replace(
        slate,
        items=(*slate.page, *added, *rest),
        degraded=slate.degraded or more.degraded,
        timings={**slate.timings, **timings},
    )


def _breaking(item: Recommendation, way: Way, strict: Filters) -> Iterator[Reason]:
    """What the card says first: each limit that it breaks."""
    for change in broken(way, strict, item.product):
        yield Reason(ReasonCode.OFF_LIMIT, MappingProxyType(_facts(change, strict, item.product)))


def _facts(change: Relaxation, strict: Filters, product: Product) -> dict[str, object]:
    """`slot`, and `value` against `wanted`, `rating` against `least`, or `price` against `limit` of the `end` that it
    lies beyond.
    """
    if isinstance(change.slot, Figure):
        return {"slot": change.slot.value, "rating": product.rating, "least": strict.least_rating}
    if change.slot is not SlotName.PRICE:
        carried = had_with(strict, product, change.slot)
        value = next((value for value in carried if value in change.instead), carried[0])
        return {"slot": change.slot.value, "value": value, "wanted": change.wanted[0] if change.wanted else ""}
    price, asked = strict.price, price_with(strict, product)
    end = "max" if price and price.max is not None and asked > price.max else "min"
    limit = price and (price.max if end == "max" else price.min)
    return {"slot": "price", "price": asked, "limit": limit, "currency": product.currency, "end": end}
