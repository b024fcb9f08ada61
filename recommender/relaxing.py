"""Where fewer than a page satisfy every limit: which limits give way, in a stated order, and never in silence.

Each step lets one limit out:

    1 material, to a kin one     5 colour, to a shade of it
    2 material, to any           6 audience, to a near one
    3 size, to the next ones     7 the rating, by as little as will do, half a star at most
    4 brand, to any              8 the price, by as little as will do, 20 % at most
                                 9 colour, to any
                                10 the kind of thing, to its nearest kin

One step alone goes before two together, two before three; among as many, the earlier steps go first. The kind of thing
gives way by itself only: a stool that is neither red nor of leather is no answer to a red leather sofa. A step lets out
no more than it takes to fill the page (one shade if one will do, the next price that is charged), and at most two ways
stand on one page. What is unwanted ("not red"), sold out, or said to be a must never gives way, and neither does a
limit without a step (an unknown brand's); what nobody rated fits no rating, however low. Every way is weighed by
counting; only those taken are searched. Which values are kin is data: see `kin`.

This is query relaxation by minimal relaxing subqueries: Gaasterland, "Cooperative answering through controlled query
relaxation", IEEE Expert 12(5), 1997.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from recommender.filters import admits, values_of
from recommender.kin import kin_of
from recommender.ports import CatalogueReader
from storage.records import (
    FILTERED_SLOTS,
    Figure,
    Filters,
    Need,
    Product,
    Relaxation,
    SlotName,
    Vocabulary,
    Way,
    Wish,
)

MOST_WAYS = 2
MOST_STEPS = 3  # limits let out together
DEARER = Decimal("0.2")  # of the price limit
LOWER_RATED = 5  # tenths of a star of the rating asked for
EVERYTHING = "all"  # in `Need.firm`: nothing gives way
_TINY = Decimal("1e-9")  # less than the smallest unit of any currency


@dataclass(frozen=True)
class Limits:
    """What may give way: the strict filters with the need that they come from."""

    need: Need
    strict: Filters
    vocabulary: Vocabulary
    catalogue: CatalogueReader

    def count(self, filters: Filters) -> int:
        return self.catalogue.count(filters)


@dataclass(frozen=True)
class Step:
    """A way in which one limit can give way; None where it cannot.

    `furthest`: as far as it goes at most. `least`: given the limits with the others of a way let out, and how many
    products are wanted in all, no further than it takes.
    """

    slot: SlotName | Figure
    furthest: Callable[[Limits], Relaxation | None]
    least: Callable[[Limits, Filters, int], Relaxation | None]


def ways_of(limits: Limits, wanted: int) -> tuple[Way, ...]:
    """The ways to let limits out, the least change first; none where `wanted` products satisfy them all, or none helps.

    The same need over the same catalogue always gives the same ways.
    """
    fitting = limits.count(limits.strict)
    if fitting >= wanted or EVERYTHING in limits.need.firm:
        return ()
    steps = _open_steps(limits)
    for together in range(1, min(MOST_STEPS, len(steps)) + 1):
        taken = list(itertools.islice(_helping(limits, steps, together, wanted), MOST_WAYS))
        if taken:
            return tuple(taken)
    return ()


def loosened(filters: Filters, way: Way) -> Filters:
    """The filters with every limit of the way let out. What is kept out stays out, and so does what is sold out."""
    include = dict(filters.include)
    price, rating = filters.price, filters.least_rating
    for change in way:
        if isinstance(change.slot, Figure):
            rating = change.rating
        elif change.slot is SlotName.PRICE:
            price = change.price
        elif change.instead:
            include[change.slot] = include.get(change.slot, frozenset()) | frozenset(change.instead)
        else:
            include.pop(change.slot, None)
    return replace(filters, price=price, include=include, least_rating=rating)


def broken(way: Way, strict: Filters, product: Product) -> tuple[Relaxation, ...]:
    """Those changes of the way without which the product would not be admitted."""
    alone = tuple(change for change in way if not admits(_alone(change.slot, strict), product))
    return alone or _apart(way, strict, product)


def _apart(way: Way, strict: Filters, product: Product) -> tuple[Relaxation, ...]:
    """What was let out of colour, size and price, where the product has each of them, but not in one."""
    both = {slot: strict.include[slot] for slot in (SlotName.COLOR, SlotName.SIZE) if slot in strict.include}
    if admits(Filters(strict.price, both, in_stock=strict.in_stock), product):
        return ()
    return tuple(change for change in way if change.slot in both or change.slot is SlotName.PRICE)


def _alone(slot: SlotName | Figure, strict: Filters) -> Filters:
    """One limit by itself, whatever the stock."""
    if isinstance(slot, Figure):
        return Filters(in_stock=False, least_rating=strict.least_rating)
    price = strict.price if slot is SlotName.PRICE else None
    include = {slot: strict.include[slot]} if slot in strict.include else {}
    return Filters(price, include, in_stock=False)


def _helping(limits: Limits, steps: Sequence[Step], together: int, wanted: int) -> Iterator[Way]:
    """The ways of so many steps, in the stated order, each of which admits something that those before it do not."""
    admitted = limits.catalogue.flags(limits.strict)
    for chosen in itertools.combinations(steps, together):
        if together > 1 and any(step.slot is SlotName.CATEGORY for step in chosen):
            continue
        way = _way(limits, chosen, wanted)
        if not way:
            continue
        more = admitted | limits.catalogue.flags(loosened(limits.strict, way))
        if np.count_nonzero(more) > np.count_nonzero(admitted):
            admitted = more
            yield way


def _way(limits: Limits, steps: Sequence[Step], wanted: int) -> Way:
    """What the steps let out together; empty where one of them cannot, two are of one limit, or nothing is gained."""
    furthest = [change for step in steps if (change := step.furthest(limits))]
    if len(furthest) < len(steps) or len({step.slot for step in steps}) < len(steps):
        return ()
    if limits.count(loosened(limits.strict, tuple(furthest))) <= limits.count(limits.strict):
        return ()
    way: Way = ()
    for at, step in enumerate(steps):
        change = step.least(limits, loosened(limits.strict, (*way, *furthest[at + 1 :])), wanted)
        if change is None:
            return ()
        way = (*way, change)
    return way


def _open_steps(limits: Limits) -> list[Step]:
    """The steps of those limits that are set and not firm; none where even all of them together admit nothing more."""
    filters, firm = limits.strict, limits.need.firm
    limited = {slot.value for slot in filters.include} | ({SlotName.PRICE.value} if filters.price else set())
    limited |= {Figure.RATING.value} if filters.least_rating is not None else set()
    open_ = [step for step in _STEPS if step.slot.value in limited and step.slot.value not in firm]
    slots = {step.slot for step in open_}
    every = replace(
        filters,
        price=None if SlotName.PRICE in slots else filters.price,
        include={slot: values for slot, values in filters.include.items() if slot not in slots},
        least_rating=None if Figure.RATING in slots else filters.least_rating,
    )
    return open_ if limits.count(every) > limits.count(filters) else []


# --- the steps --------------------------------------------------------------------------------------


def _asked(need: Need, slot: SlotName) -> tuple[str, ...]:
    return tuple(dict.fromkeys(w.value for w in need.wishes if w.name is slot and not w.negated and w.value))


def _to_kin(slot: SlotName) -> Step:
    """To as many kin values as it takes, the nearest first; those of which the shop has nothing are left out."""

    def furthest(limits: Limits) -> Relaxation | None:
        kin = [value for value in kin_of(slot, _asked(limits.need, slot), limits.vocabulary) if _open(value, limits)]
        return Relaxation(slot, _asked(limits.need, slot), _with_narrower(kin, limits)) if kin else None

    def least(limits: Limits, filters: Filters, wanted: int) -> Relaxation | None:
        asked, instead, found = _asked(limits.need, slot), list[str](), limits.count(filters)
        for value in kin_of(slot, asked, limits.vocabulary):
            if found >= wanted and instead:
                break
            change = Relaxation(slot, asked, _with_narrower([*instead, value], limits))
            if _open(value, limits) and (more := limits.count(loosened(filters, (change,)))) > found:
                instead, found = [*instead, value], more
        return Relaxation(slot, asked, _with_narrower(instead, limits)) if instead else None

    def _open(value: str, limits: Limits) -> bool:
        return value not in limits.strict.exclude.get(slot, ())

    def _with_narrower(values: Sequence[str], limits: Limits) -> tuple[str, ...]:
        """The values, each with what rows call its kinds, none that is unwanted."""
        held = [(value, *sorted(values_of(Wish(slot, value), limits.vocabulary))) for value in values]
        return tuple(dict.fromkeys(v for kinds in held for v in kinds if _open(v, limits)))

    return Step(slot, furthest, least)


def _to_any(slot: SlotName) -> Step:
    def furthest(limits: Limits) -> Relaxation:
        return Relaxation(slot, _asked(limits.need, slot))

    return Step(slot, furthest, lambda limits, filters, wanted: furthest(limits))


def _dearer() -> Step:
    """The upper end raised to the next prices that are charged, as far as it takes and 20 % at most."""

    def furthest(limits: Limits) -> Relaxation | None:
        price = limits.strict.price
        if price is None or price.max is None or price.max <= 0:
            return None
        return Relaxation(SlotName.PRICE, price=replace(price, max=price.max * (1 + DEARER)))

    def least(limits: Limits, filters: Filters, wanted: int) -> Relaxation | None:
        price, bound = limits.strict.price, furthest(limits)
        if price is None or price.max is None or bound is None or bound.price is None:
            return None
        beyond = replace(filters, price=replace(bound.price, min=price.max + _TINY))
        charged = limits.catalogue.prices(beyond, max(wanted - limits.count(filters), 1))
        return Relaxation(SlotName.PRICE, price=replace(price, max=charged[-1])) if charged else None

    return Step(SlotName.PRICE, furthest, least)


def _cheaper() -> Step:
    """The same of the lower end, downwards."""

    def furthest(limits: Limits) -> Relaxation | None:
        price = limits.strict.price
        if price is None or price.min is None or price.min <= 0:
            return None
        return Relaxation(SlotName.PRICE, price=replace(price, min=price.min * (1 - DEARER)))

    def least(limits: Limits, filters: Filters, wanted: int) -> Relaxation | None:
        price, bound = limits.strict.price, furthest(limits)
        if price is None or price.min is None or bound is None or bound.price is None:
            return None
        below = replace(filters, price=replace(bound.price, max=price.min - _TINY))
        charged = limits.catalogue.prices(below, max(wanted - limits.count(filters), 1), dearest=True)
        return Relaxation(SlotName.PRICE, price=replace(price, min=charged[-1])) if charged else None

    return Step(SlotName.PRICE, furthest, least)


def _lower_rated() -> Step:
    """The rating lowered by tenths of a star, as far as it takes and half a star at most."""

    def lowered(limits: Limits, tenths: int) -> Relaxation:
        least = limits.strict.least_rating
        assert least is not None, "a step of a limit that is set"
        return Relaxation(Figure.RATING, rating=round(least - tenths / 10, 2))

    def furthest(limits: Limits) -> Relaxation:
        return lowered(limits, LOWER_RATED)

    def least(limits: Limits, filters: Filters, wanted: int) -> Relaxation | None:
        found, taken = limits.count(filters), None
        for tenths in range(1, LOWER_RATED + 1):
            change = lowered(limits, tenths)
            if (more := limits.count(loosened(filters, (change,)))) > found:
                found, taken = more, change
            if taken and found >= wanted:
                break
        return taken

    return Step(Figure.RATING, furthest, least)


_STEPS = (
    _to_kin(SlotName.MATERIAL),
    _to_any(SlotName.MATERIAL),
    _to_kin(SlotName.SIZE),
    _to_any(SlotName.BRAND),
    _to_kin(SlotName.COLOR),
    _to_kin(SlotName.AUDIENCE),
    _lower_rated(),
    _dearer(),
    _cheaper(),
    _to_any(SlotName.COLOR),
    _to_kin(SlotName.CATEGORY),
)
assert {step.slot for step in _STEPS} == {*FILTERED_SLOTS, SlotName.PRICE, *Figure}, (
    "every limit has its place in the order"
)
