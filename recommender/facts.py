"""True reasons a product could be shown for: each with the facts its sentence needs, or nothing where it is not true.

The facts of each code are taken from the catalogue row and the shopper's own log, never from a score:

    matches_words    words                     matches_meaning  (none)
    has_wish         slot, value               within_budget    price, limit, currency
    well_rated       rating, count             popular          count
    new              days                      in_stock         count
    like_session     title, product_id [slot, value: what both have]
    like_product     title, product_id [slot, value]
    likes_brand, likes_category, likes_color, likes_material    value, count (how often it was liked)
    in_season        season, occasion          sponsored        (none)
    trending         kind, count, days
    goes_with        title, product_id, count (who bought both)
    looks_alike      (none)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from recommender.affinity import TASTE_SLOTS, taste_values
from recommender.bandit import reward
from recommender.config import RecommenderConfig
from recommender.features import age_days
from recommender.filters import price_with
from recommender.occasions import occasions_on, occasions_said
from recommender.pool import Evidence, Pool
from recommender.question import Question
from recommender.request import Request
from recommender.seasons import season_of, seasons_said
from recommender.together import APART, Together
from recommender.wishes import Flags, Wanted, words_pattern
from storage.records import Filters, Need, Product, ReasonCode, SlotName

Facts = Mapping[str, Any]
GOOD_RATING, ENOUGH_RATINGS, MANY_RATINGS, NEW_DAYS = 4.0, 5, 100, 30
NEAR_IN_MEANING, NEAR_PRODUCT = 0.35, 0.5
_CHINESE = re.compile(r"[\u3400-\u9fff]{2,}")
_STOP_WORDS = re.compile(
    r"(?:an?|and|any|are|as|at|be|by|for|from|in|is|it|me|my|not?|of|on|or|some|that|the|this|to|with)"
)
_WORD = re.compile(r"[^\W\d_][\w'-]+")


@dataclass(frozen=True)
class Witness:
    """Everything that facts may be taken from, for the candidates of one request."""

    request: Request
    pool: Pool
    evidence: Evidence
    wanted: Wanted
    granted: Flags
    question: Question
    config: RecommenderConfig
    together: Together = APART

    def facts(self, code: ReasonCode, row: int) -> list[Facts]:
        """The facts of every true reason of this code for the candidate at `row`, the best first."""
        found = _FINDERS[code](self, row)
        return [MappingProxyType(facts) for facts in found]

    @cached_property
    def balance(self) -> dict[str, int]:
        """For each product reacted to: likes less dislikes."""
        sums: dict[str, int] = {}
        for event in self.evidence.events:
            sums[event.product_id] = sums.get(event.product_id, 0) + (1 if reward(event.reaction) > 0 else -1)
        return sums

    @cached_property
    def liked(self) -> dict[tuple[SlotName, str], int]:
        """For each value: likes less dislikes of the products that have it."""
        counts: dict[tuple[SlotName, str], int] = {}
        for event, product in zip(self.evidence.events, self.evidence.products, strict=True):
            for key in taste_values(product):
                counts[key] = counts.get(key, 0) + (1 if reward(event.reaction) > 0 else -1)
        return counts

    @cached_property
    def likeness(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        """(n, m) cosines of candidates and the products of the events."""
        cosines: np.ndarray[Any, np.dtype[np.float32]] = self.pool.vectors @ self.evidence.vectors.T
        return cosines

    def title(self, product: Product) -> str:
        return product.title_in(self.request.need.language)


def _words(witness: Witness, row: int) -> list[dict[str, Any]]:
    """Words of the question that stand in the product's title or description."""
    if witness.pool.lexical[row] <= 0:
        return []
    product = witness.pool.products[row]
    language = witness.request.need.language
    text = f"{product.title_in(language)} {product.description_in(language)}".casefold()
    said = witness.request.need.query.casefold()
    words = [word for word in _WORD.findall(said) if word.isascii() and not _STOP_WORDS.fullmatch(word)]
    found = [word for word in words if _stands(word, text)]
    found += [part for run in _CHINESE.findall(said) for part in _shared(run, text)]
    return [{"words": " ".join(dict.fromkeys(found))}] if found else []


def words_missing(product: Product, need: Need) -> list[str]:
    """English words of the question, small ones left out, that stand nowhere in the product's texts in its language."""
    text = f"{product.title_in(need.language)} {product.description_in(need.language)}".casefold()
    words = [
        word for word in _WORD.findall(need.query.casefold()) if word.isascii() and not _STOP_WORDS.fullmatch(word)
    ]
    return [word for word in dict.fromkeys(words) if not _stands(word, text)]


def _stands(word: str, text: str) -> bool:
    pattern = words_pattern((word,))
    return bool(pattern and pattern.search(text))


def _shared(run: str, text: str) -> list[str]:
    """The longest parts of a Chinese run, two characters or more, that stand in the text, left to right."""
    found, at = [], 0
    while at < len(run) - 1:
        end = next((end for end in range(len(run), at + 1, -1) if run[at:end] in text), 0)
        if end:
            found.append(run[at:end])
        at = end or at + 1
    return found


def _meaning(witness: Witness, row: int) -> list[dict[str, Any]]:
    asked = bool(witness.question.phrases) and bool(witness.request.need.query)
    return [{}] if asked and witness.pool.dense[row] >= NEAR_IN_MEANING else []


def _wish(witness: Witness, row: int) -> list[dict[str, Any]]:
    granted = [at for at in range(len(witness.wanted.wishes)) if witness.granted[row, at]]
    # What few others have says most about this one.
    rarest_first = sorted(granted, key=lambda at: int(witness.granted[:, at].sum()))
    wishes = [witness.wanted.wishes[at] for at in rarest_first]
    return [{"slot": wish.slot.value, "value": wish.value} for wish in wishes]


def _budget(witness: Witness, row: int) -> list[dict[str, Any]]:
    product, price = witness.pool.products[row], witness.request.need.price
    if price is None or price.max is None or price.currency not in (None, product.currency):
        return []
    asked = price_with(_chosen(witness.request.need), product)
    return [] if asked > price.max else [{"price": asked, "limit": price.max, "currency": product.currency}]


def _chosen(need: Need) -> Filters:
    """The colours and sizes that are wished for, by which a product may be dearer."""
    wished = [wish for wish in need.wishes if not wish.negated]
    slots = (SlotName.COLOR, SlotName.SIZE)
    return Filters(include={slot: frozenset(wish.value for wish in wished if wish.name is slot) for slot in slots})


def well_rated(product: Product) -> bool:
    """Whether enough buyers rated it, and well."""
    return product.rating is not None and product.rating >= GOOD_RATING and product.rating_count >= ENOUGH_RATINGS


def _rated(witness: Witness, row: int) -> list[dict[str, Any]]:
    product = witness.pool.products[row]
    return [{"rating": product.rating, "count": product.rating_count}] if well_rated(product) else []


def _popular(witness: Witness, row: int) -> list[dict[str, Any]]:
    count = witness.pool.products[row].rating_count
    return [{"count": count}] if count >= MANY_RATINGS else []


def _goes_with(witness: Witness, row: int) -> list[dict[str, Any]]:
    """What the shopper took that most buyers of this one bought, too."""
    id = witness.pool.products[row].id
    taken = {product.id: product for product in witness.evidence.products if witness.balance.get(product.id, 0) > 0}
    counts = [(witness.together.both(id, other.id), other) for other in taken.values() if other.id != id]
    count, product = max(counts, key=lambda pair: pair[0], default=(0, None))
    if product is None or not count:
        return []
    return [{"title": witness.title(product), "product_id": product.id, "count": count}]


def _trending(witness: Witness, row: int) -> list[dict[str, Any]]:
    told = witness.pool.heat.told(witness.pool.products[row].id)
    return [{"kind": told[0], "count": told[1], "days": 7}] if told else []


def _new(witness: Witness, row: int) -> list[dict[str, Any]]:
    age = age_days(witness.pool.products[row], witness.request.now)
    return [{"days": int(age)}] if age is not None and age <= NEW_DAYS else []


def _stock(witness: Witness, row: int) -> list[dict[str, Any]]:
    stock = witness.pool.products[row].stock
    return [{"count": stock}] if stock is not None and stock > 0 else []


def _session(witness: Witness, row: int) -> list[dict[str, Any]]:
    """The most alike of what was liked on the same day, the shop's."""
    today = witness.request.now.date()
    zone = witness.request.now.tzinfo
    liked = [
        (float(witness.likeness[row, at]), witness.evidence.products[at])
        for at, event in enumerate(witness.evidence.events)
        if reward(event.reaction) > 0 and event.at.astimezone(zone).date() == today
    ]
    cosine, product = max(liked, key=lambda pair: pair[0], default=(0.0, None))
    if product is None or cosine < NEAR_PRODUCT or product.id == witness.pool.products[row].id:
        return []
    return [_like(witness, row, product)]


def _product(witness: Witness, row: int) -> list[dict[str, Any]]:
    anchor, vector = witness.evidence.anchor, witness.evidence.anchor_vector
    if anchor is None or vector is None or anchor.id == witness.pool.products[row].id:
        return []
    return [_like(witness, row, anchor)] if float(witness.pool.vectors[row] @ vector) >= NEAR_PRODUCT else []


def _looks(witness: Witness, row: int) -> list[dict[str, Any]]:
    return [{}] if witness.pool.products[row].id in witness.request.need.looks else []


def _like(witness: Witness, row: int, other: Product) -> dict[str, Any]:
    facts: dict[str, Any] = {"title": witness.title(other), "product_id": other.id}
    shared = [key for key in taste_values(witness.pool.products[row]) if key in taste_values(other)]
    telling = [key for key in shared if key[0] is not SlotName.CATEGORY] or shared
    if telling:
        facts |= {"slot": telling[-1][0].value, "value": telling[-1][1]}
    return facts


def _taste(slot: SlotName) -> Callable[[Witness, int], list[dict[str, Any]]]:
    def find(witness: Witness, row: int) -> list[dict[str, Any]]:
        product = witness.pool.products[row]
        held = [value for key, value in taste_values(product) if key is slot]
        # Its own like proves no taste: what counts is what else was liked.
        own = witness.balance.get(product.id, 0)
        liked = sorted(((witness.liked.get((slot, value), 0) - own, value) for value in held), reverse=True)
        return [
            {"value": product.brand if slot is SlotName.BRAND else value, "count": count}
            for count, value in liked
            if count > 0
        ]

    return find


def _season(witness: Witness, row: int) -> list[dict[str, Any]]:
    """The occasion just ahead that the product names, else its season."""
    product, now = witness.pool.products[row], witness.request.now
    ahead = [name for name in occasions_on(now) if name in occasions_said(product).anywhere]
    season = season_of(now, southern=witness.config.southern)
    told = [{"season": season, "occasion": name} for name in ahead[:1]]
    return told or ([{"season": season, "occasion": ""}] if season in seasons_said(product) else [])


_FINDERS: Mapping[ReasonCode, Callable[[Witness, int], list[dict[str, Any]]]] = MappingProxyType(
    {
        ReasonCode.MATCHES_WORDS: _words,
        ReasonCode.MATCHES_MEANING: _meaning,
        ReasonCode.HAS_WISH: _wish,
        ReasonCode.WITHIN_BUDGET: _budget,
        ReasonCode.WELL_RATED: _rated,
        ReasonCode.POPULAR: _popular,
        ReasonCode.TRENDING: _trending,
        ReasonCode.GOES_WITH: _goes_with,
        ReasonCode.NEW: _new,
        ReasonCode.IN_STOCK: _stock,
        ReasonCode.LIKE_SESSION: _session,
        ReasonCode.LIKE_PRODUCT: _product,
        ReasonCode.LOOKS_ALIKE: _looks,
        ReasonCode.IN_SEASON: _season,
    }
    | {
        code: _taste(slot)
        for code, slot in zip(
            (ReasonCode.LIKES_BRAND, ReasonCode.LIKES_CATEGORY, ReasonCode.LIKES_COLOR, ReasonCode.LIKES_MATERIAL),
            TASTE_SLOTS,
            strict=True,
        )
    }
)
