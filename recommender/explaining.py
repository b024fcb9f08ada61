"""Why this one, and why not that one: told from the score parts that were stored when the page was shown.

Nothing is scored again. A contribution is a part w.x of a candidate's score less the mean of the candidates that it
stood among, as for reasons; it is told only with a fact of the catalogue row, of the need or of the shopper's own
log. Codes and facts come out; the words are the bot's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np

from recommender.avoiding import avoided_in
from recommender.facts import ENOUGH_RATINGS, GOOD_RATING, MANY_RATINGS, Witness, words_missing
from recommender.filters import fitting_variants, had_with, price_with, rated_at_least
from recommender.reasons import code_of
from storage.records import Filters, Product, Reason, ReasonCode, Recommendation, SlotName
from storage.unsaid import says

TELLING = 0.002
"""A contribution smaller than this moved nothing that anybody could see."""
_MOST_FOR, _MOST_AGAINST = 4, 2
_FEW_LEFT = 5
_TRIED = 0.5  # shown less often than every second time: the draw had a hand in it


class Against(StrEnum):
    """What kept a product down, or out."""

    LACKS_WISH = "lacks_wish"
    LACKS_WORDS = "lacks_words"
    LOWER_RATED = "lower_rated"
    UNRATED = "unrated"
    FEW_RATINGS = "few_ratings"
    NEAR_LIMIT = "near_limit"
    FEW_LEFT = "few_left"
    DISLIKED = "disliked"
    AVOIDED = "avoided"
    DEARER = "dearer"
    OVER_LIMIT = "over_limit"
    UNDER_LIMIT = "under_limit"
    UNDER_RATING = "under_rating"
    OTHER_CURRENCY = "other_currency"
    OTHER_VALUE = "other_value"
    UNWANTED_VALUE = "unwanted_value"
    UNLIKE = "unlike"
    SOLD_OUT = "sold_out"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that spoke against a product, with the facts its sentence needs."""

    code: Against
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """What spoke for and against a card. `gave_way`: the limits that it does not keep; `paid`: it took a sponsored
    place; `tried`: chance had a hand in it.
    """

    pros: tuple[Reason, ...]
    cons: tuple[Point, ...]
    gave_way: tuple[Reason, ...] = ()
    paid: bool = False
    tried: bool = False


def told(item: Recommendation, among: Sequence[Recommendation]) -> dict[str, float]:
    """Each part of the item's score less the mean of those it stood among."""
    return {
        name: part - float(np.mean([other.parts.get(name, 0.0) for other in among]))
        for name, part in item.parts.items()
    }


def why(card: Recommendation, candidates: Sequence[Recommendation], witness: Witness) -> Story:
    """The story of a card.

    Args:
        card: what was shown, with its stored parts and reasons.
        candidates: all that were logged with its page, the card among them.
        witness: of one candidate, the card; events after the showing left out.
    """
    ahead = told(card, candidates)
    given = [reason for reason in card.reasons if reason.code not in (ReasonCode.SPONSORED, ReasonCode.OFF_LIMIT)]
    codes = {reason.code for reason in given}
    for name in sorted(ahead, key=lambda name: -ahead[name]):
        code = code_of(name)
        if code is None or code in codes or ahead[name] < TELLING or card.parts[name] <= 0:
            continue
        given += [Reason(code, facts) for facts in witness.facts(code, 0)[:1]]
        codes.add(code)
    return Story(
        pros=tuple(given[:_MOST_FOR]),
        cons=(*avoided_points(card), *cons(card.product, ahead, witness))[:_MOST_AGAINST],
        gave_way=tuple(reason for reason in card.reasons if reason.code is ReasonCode.OFF_LIMIT),
        paid=any(reason.code is ReasonCode.SPONSORED for reason in card.reasons),
        tried=card.propensity is not None and card.propensity < _TRIED,
    )


def avoided_points(item: Recommendation) -> tuple[Point, ...]:
    """What the shopper would rather not have of it, as it was when the page was made."""
    return tuple(
        Point(Against.AVOIDED, {"slot": wish.name.value, "value": wish.value}) for wish in avoided_in(item.features)
    )


def cons(product: Product, ahead: Mapping[str, float], witness: Witness) -> tuple[Point, ...]:
    """Up to two true points against a product, the heaviest contributions first."""
    found: dict[Against, Point] = {}
    for name in sorted(ahead, key=lambda name: ahead[name]):
        finder = _AGAINST.get(name)
        if finder and ahead[name] <= -TELLING and (point := finder(product, witness)):
            found.setdefault(point.code, point)
    return tuple(found.values())[:_MOST_AGAINST]


def rank_of(item: Recommendation, candidates: Sequence[Recommendation]) -> int:
    """The place of a candidate by its score, from 1."""
    return 1 + sum(other.score > item.score for other in candidates)


def excluded_by(filters: Filters, product: Product) -> tuple[Point, ...]:
    """Every hard limit that the product breaks; empty exactly where `filters.admits` it."""
    found = []
    if not product.available:
        found.append(Point(Against.GONE))
    if filters.in_stock and product.stock is not None and product.stock <= 0:
        found.append(Point(Against.SOLD_OUT))
    if filters.only is not None and product.id not in filters.only:
        found.append(Point(Against.UNLIKE))
    found += [*_price(filters, product), *_least_rating(filters, product)]
    for slot, wanted in filters.include.items():
        carried = product.values(slot)
        if carried and not wanted.intersection(carried):
            found.append(Point(Against.OTHER_VALUE, {"slot": slot.value, "value": carried[0]}))
    if not found and product.variants and not fitting_variants(filters, product):
        size = had_with(filters, product, SlotName.SIZE)[0]
        found.append(Point(Against.OTHER_VALUE, {"slot": SlotName.SIZE.value, "value": size}))
    for slot, banned in filters.exclude.items():
        for value in sorted(banned.intersection(product.values(slot)))[:1]:
            found.append(Point(Against.UNWANTED_VALUE, {"slot": slot.value, "value": value}))
    for word in [each for each in sorted(filters.unsaid) if says(product, each)][:1]:
        found.append(Point(Against.UNWANTED_VALUE, {"slot": SlotName.FEATURE.value, "value": word}))
    return tuple(found)


def _price(filters: Filters, product: Product) -> list[Point]:
    limit = filters.price
    if limit is None:
        return []
    price = price_with(filters, product)
    facts = {"price": price, "currency": product.currency}
    if limit.currency is not None and limit.currency != product.currency:
        return [Point(Against.OTHER_CURRENCY, facts)]
    found = []
    if limit.max is not None and price > limit.max:
        found.append(Point(Against.OVER_LIMIT, {**facts, "limit": limit.max}))
    if limit.min is not None and price < limit.min:
        found.append(Point(Against.UNDER_LIMIT, {**facts, "limit": limit.min}))
    return found


def _least_rating(filters: Filters, product: Product) -> list[Point]:
    least = filters.least_rating
    if least is None or rated_at_least(least, product):
        return []
    if product.rating is None or not product.rating_count:
        return [Point(Against.UNRATED)]
    return [Point(Against.UNDER_RATING, {"rating": product.rating, "least": least})]


# --- what a low part of the score may truly be put down to --------------------------------------------


def _wish(product: Product, witness: Witness) -> Point | None:
    missing = [wish for wish in witness.wanted.wishes if not wish.granted(product)]
    return Point(Against.LACKS_WISH, {"slot": missing[0].slot.value, "value": missing[0].value}) if missing else None


def _words(product: Product, witness: Witness) -> Point | None:
    missing = words_missing(product, witness.request.need)
    return Point(Against.LACKS_WORDS, {"words": " ".join(missing)}) if missing else None


def _rating(product: Product, witness: Witness) -> Point | None:
    if product.rating is None or not product.rating_count:
        return Point(Against.UNRATED)
    if product.rating >= GOOD_RATING and product.rating_count >= ENOUGH_RATINGS:
        return None
    return Point(Against.LOWER_RATED, {"rating": product.rating, "count": product.rating_count})


def _popularity(product: Product, witness: Witness) -> Point | None:
    if not product.rating_count:
        return Point(Against.UNRATED)
    few = product.rating_count < MANY_RATINGS
    return Point(Against.FEW_RATINGS, {"count": product.rating_count}) if few else None


def _near_limit(product: Product, witness: Witness) -> Point | None:
    limit = witness.request.need.price
    if limit is None or limit.max is None or limit.currency not in (None, product.currency):
        return None
    if product.price > limit.max:
        return None
    return Point(Against.NEAR_LIMIT, {"price": product.price, "limit": limit.max, "currency": product.currency})


def _stock(product: Product, witness: Witness) -> Point | None:
    few = product.stock is not None and 0 < product.stock < _FEW_LEFT
    return Point(Against.FEW_LEFT, {"n": product.stock}) if few else None


def _disliked(slot: SlotName) -> Callable[[Product, Witness], Point | None]:
    def find(product: Product, witness: Witness) -> Point | None:
        values = product.categories[:1] if slot is SlotName.CATEGORY else product.values(slot)
        for value in values:
            if witness.liked.get((slot, value), 0) < 0:
                shown = product.brand if slot is SlotName.BRAND else value
                return Point(Against.DISLIKED, {"slot": slot.value, "value": shown})
        return None

    return find


_AGAINST: Mapping[str, Callable[[Product, Witness], Point | None]] = MappingProxyType(
    {
        "known_match": _wish,
        "text_lexical": _words,
        "rating": _rating,
        "popularity": _popularity,
        "price_fit": _near_limit,
        "stock": _stock,
        "taste_brand": _disliked(SlotName.BRAND),
        "taste_category": _disliked(SlotName.CATEGORY),
        "taste_color": _disliked(SlotName.COLOR),
        "taste_material": _disliked(SlotName.MATERIAL),
    }
)
