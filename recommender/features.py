"""The named features of every candidate, each about 0..1: the x in score = w.x.

Pure functions of the request and the candidates' facts. A feature about which nothing is known stands at its neutral
value, the same for every candidate, and so moves no ranking.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from recommender import affinity
from recommender.bandit import reward
from recommender.candidates import UNDATED, microseconds
from recommender.config import RecommenderConfig
from recommender.pool import Evidence, Pool, share_of_best
from recommender.ports import Facts
from recommender.prior import Matrix, prior
from recommender.request import Request
from recommender.seasons import timely
from recommender.wishes import Flags, Wanted
from storage.records import PriceRange, Product, SlotName, Stage

_NEUTRAL = 0.5
_USUAL_RATING, _USUAL_COUNT = 3.9, 20.0  # a product without ratings counts as one of this many usual ones
_MANY_RATINGS = 10_000.0
_FRESH_DAYS = 60.0
_PLENTY = 5
_EVENING, _WEEKEND = 18, 5
_HALF = 1.6  # brings a half of the fused score to 0..1, both halves by the same, so that their sum keeps the order
_SPREAD = 0.6  # of log prices around the shopper's usual one: half as dear or twice as dear is another shelf


def feature_matrix(
    request: Request, pool: Pool, evidence: Evidence, wanted: Wanted, granted: Flags, config: RecommenderConfig
) -> Matrix:
    """(n, d) with the columns of `prior().features`. `granted`: which candidate has which wished thing, (n, wishes)."""
    columns = (
        _text(pool, evidence)
        | _tastes(request, pool, evidence, config)
        | _facts(request, pool)
        # Unknown passes the filter but ranks lower.
        | {"known_match": wanted.shares(granted), "price_fit": price_fit(request, pool, evidence)}
    )
    columns |= _times(request, pool, columns, config)
    columns["bias"] = np.ones(len(pool))
    return np.column_stack([columns[name] for name in prior().features])


def _text(pool: Pool, evidence: Evidence) -> dict[str, Matrix]:
    words, meaning = share_of_best(pool.lexical), np.clip(pool.dense, 0.0, 1.0)
    if pool.halves:
        words, meaning = (_HALF * half for half in pool.halves)
    return {
        "text_lexical": words,
        "text_dense": meaning,
        "text_fused": np.clip(pool.fused, 0.0, 1.0),
        "like_product": affinity.likeness(pool, evidence),
        "goes_with": np.zeros(len(pool)) if pool.goes_with is None else pool.goes_with,
    }


def _tastes(request: Request, pool: Pool, evidence: Evidence, config: RecommenderConfig) -> dict[str, Matrix]:
    session = timedelta(hours=config.session_hours)
    liked = affinity.likings(evidence, request.now, timedelta(days=config.taste_days))
    return {
        "session_affinity": affinity.session_affinity(pool, evidence, request.now, session),
        "taste_brand": affinity.tastes(pool.facts, SlotName.BRAND, liked),
        "taste_category": affinity.tastes(pool.facts, SlotName.CATEGORY, liked),
        "taste_color": affinity.tastes(pool.facts, SlotName.COLOR, liked),
        "taste_material": affinity.tastes(pool.facts, SlotName.MATERIAL, liked),
    }


def _facts(request: Request, pool: Pool) -> dict[str, Matrix]:
    facts, heat = pool.facts, pool.heat
    return {
        "rating": ratings(facts),
        "popularity": heat.popularities(facts.ids, popularity(facts)),
        "trending": np.array([heat.trending.get(id, 0.0) for id in facts.ids]),
        "freshness": freshness(facts, request.now),
        "stock": stocks(facts),
    }


def ratings(facts: Facts) -> Matrix:
    """Mean ratings, pulled to the usual one while few have rated: 2 stars or less at 0, 5 at 1, (n,)."""
    counts = np.where(np.isnan(facts.ratings), 0, facts.rating_counts)
    means = (_USUAL_RATING * _USUAL_COUNT + np.nan_to_num(facts.ratings) * counts) / (_USUAL_COUNT + counts)
    found: Matrix = np.clip((means - 2.0) / 3.0, 0.0, 1.0)
    return found


def popularity(facts: Facts) -> Matrix:
    """Logs of the numbers of ratings; ten thousand or more at 1, (n,)."""
    counts = np.maximum(facts.rating_counts, 0)
    found: Matrix = np.minimum(np.log1p(counts) / math.log1p(_MANY_RATINGS), 1.0)
    return found


def age_days(product: Product, now: datetime) -> float | None:
    """Days since the product came to the shop, None where unknown or still to come."""
    created = product.created_at
    if created is None:
        return None
    age = (now - (created if created.tzinfo else created.replace(tzinfo=UTC))) / timedelta(days=1)
    return age if age >= 0 else None


def ages(facts: Facts, now: datetime) -> Matrix:
    """Days since each product came to the shop, NaN where unknown or still to come, (n,)."""
    known = facts.created != UNDATED
    passed = (microseconds(now) - np.where(known, facts.created, 0)) / (timedelta(days=1) // timedelta(microseconds=1))
    return np.where(known & (passed >= 0), passed, np.nan)


def freshness(facts: Facts, now: datetime) -> Matrix:
    """1 on the first day, halved about every six weeks; 0 where the day is unknown, (n,)."""
    found: Matrix = np.nan_to_num(np.exp(-ages(facts, now) / _FRESH_DAYS))
    return found


def stocks(facts: Facts) -> Matrix:
    """Unknown 0.5, a few pieces up to 1 for plenty, none 0, (n,)."""
    return np.where(np.isnan(facts.stocks), _NEUTRAL, np.clip(facts.stocks, 0, _PLENTY) / _PLENTY)


def price_fit(request: Request, pool: Pool, evidence: Evidence) -> Matrix:
    """How well prices suit: against the limit said, else against what the shopper usually takes, else neutral, (n,).

    Under a limit, all of it left counts 1 and none 0.5; inside a range, its middle 1 and its ends 0.5. Prices in
    other currencies are not compared.
    """
    facts = pool.facts
    usual = _usual_price(evidence)
    means = np.array([usual.get(currency, np.nan) for currency in facts.currencies], dtype=np.float64)
    if request.usual is not None:
        means = np.full(len(pool), math.log(float(request.usual)))
    logs = np.log(np.where(facts.prices > 0, facts.prices, 1.0))
    known = (facts.prices > 0) & ~np.isnan(means)
    fits = np.where(known, np.exp(-(((logs - means) / _SPREAD) ** 2) / 2), _NEUTRAL)
    limit = request.need.price
    if limit is None or limit.max is None or limit.max <= 0:
        return fits
    within = np.array([limit.currency in (None, currency) for currency in facts.currencies], dtype=np.bool_)
    return np.where(within, _under(facts.prices, limit), fits)


def _under(prices: Matrix, limit: PriceRange) -> Matrix:
    high = float(limit.max or 0)
    if limit.min is None:
        found: Matrix = 1.0 - 0.5 * np.minimum(prices / high, 1.0)
        return found
    low = float(limit.min)
    half = max((high - low) / 2, 1e-9)
    inside: Matrix = 1.0 - 0.5 * np.minimum(np.abs(prices - (low + high) / 2) / half, 1.0)
    return inside


def _usual_price(evidence: Evidence) -> dict[str, float]:
    """Mean log price of what was liked, by currency."""
    logs: dict[str, list[float]] = {}
    for event, product in zip(evidence.events, evidence.products, strict=True):
        if reward(event.reaction) > 0 and product.price > 0:
            logs.setdefault(product.currency, []).append(math.log(product.price))
    return {currency: sum(found) / len(found) for currency, found in logs.items()}


def _times(request: Request, pool: Pool, columns: Mapping[str, Matrix], config: RecommenderConfig) -> dict[str, Matrix]:
    """The season, and how hour, day and stage may change what price and novelty count."""
    now, dearness = request.now, _dearness(pool)
    odds = request.odds
    buying = odds[Stage.BUY] + odds[Stage.CONSIDER]
    return {
        "season": timely(pool.marks, now, southern=config.southern),
        "weekend_price": dearness * (now.weekday() >= _WEEKEND),
        "evening_price": dearness * (now.hour >= _EVENING),
        "buy_price": dearness * buying,
        "browse_freshness": columns["freshness"] * odds[Stage.BROWSE],
        "consider_rating": columns["rating"] * odds[Stage.CONSIDER],
        "buy_session": columns["session_affinity"] * odds[Stage.BUY],
    }


def _dearness(pool: Pool) -> Matrix:
    """Where each price stands among the candidates: the cheapest 0, the dearest 1, (n,)."""
    prices = pool.facts.prices
    if len(prices) < 2 or prices.max() == prices.min():
        return np.full(len(prices), _NEUTRAL)
    order = np.searchsorted(np.sort(prices), prices, side="left")
    rank: Matrix = order / max(len(prices) - 1, 1)
    return rank
