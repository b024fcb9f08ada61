"""The named features of every candidate, each about 0..1: the x in score = w.x.

Pure functions of the request and the candidates' facts. A feature about which nothing is known stands at its neutral
value, the same for every candidate, and so moves no ranking.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from recommender import affinity
from recommender.bandit import reward
from recommender.config import RecommenderConfig
from recommender.pool import Evidence, Pool, share_of_best
from recommender.prior import Matrix, prior
from recommender.request import Request
from recommender.seasons import in_seasons
from recommender.wishes import Flags, Wanted
from storage.records import Product, SlotName, Stage

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

    def column(slot: SlotName) -> Matrix:
        if not liked:
            return np.full(len(pool), affinity.NEUTRAL)
        return np.array([affinity.taste(product, slot, liked) for product in pool.products])

    return {
        "session_affinity": affinity.session_affinity(pool, evidence, request.now, session),
        "taste_brand": column(SlotName.BRAND),
        "taste_category": column(SlotName.CATEGORY),
        "taste_color": column(SlotName.COLOR),
        "taste_material": column(SlotName.MATERIAL),
    }


def _facts(request: Request, pool: Pool) -> dict[str, Matrix]:
    def column(fact: Callable[[Product], float]) -> Matrix:
        return np.array([fact(product) for product in pool.products])

    return {
        "rating": column(rating),
        "popularity": column(lambda product: pool.heat.popularity(product.id, popularity(product))),
        "trending": column(lambda product: pool.heat.trending.get(product.id, 0.0)),
        "freshness": column(lambda product: freshness(product, request.now)),
        "stock": column(stock),
    }


def rating(product: Product) -> float:
    """Mean rating, pulled to the usual one while few have rated: 2 stars or less at 0, 5 at 1."""
    count = product.rating_count if product.rating is not None else 0
    mean = (_USUAL_RATING * _USUAL_COUNT + (product.rating or 0.0) * count) / (_USUAL_COUNT + count)
    return min(max((mean - 2.0) / 3.0, 0.0), 1.0)


def popularity(product: Product) -> float:
    """Log of the number of ratings; ten thousand or more at 1."""
    return min(math.log1p(max(product.rating_count, 0)) / math.log1p(_MANY_RATINGS), 1.0)


def age_days(product: Product, now: datetime) -> float | None:
    """Days since the product came to the shop, None where unknown or still to come."""
    created = product.created_at
    if created is None:
        return None
    age = (now - (created if created.tzinfo else created.replace(tzinfo=UTC))) / timedelta(days=1)
    return age if age >= 0 else None


def freshness(product: Product, now: datetime) -> float:
    """1 on the first day, halved about every six weeks; 0 where the day is unknown."""
    age = age_days(product, now)
    return 0.0 if age is None else math.exp(-age / _FRESH_DAYS)


def stock(product: Product) -> float:
    """Unknown 0.5, a few pieces up to 1 for plenty, none 0."""
    if product.stock is None:
        return _NEUTRAL
    return min(max(product.stock, 0), _PLENTY) / _PLENTY


def price_fit(request: Request, pool: Pool, evidence: Evidence) -> Matrix:
    """How well prices suit: against the limit said, else against what the shopper usually takes, else neutral, (n,).

    Under a limit, all of it left counts 1 and none 0.5; inside a range, its middle 1 and its ends 0.5. Prices in
    other currencies are not compared.
    """
    limit, currency = request.need.price, _currency(request)
    lowest, highest = (limit.min, limit.max) if limit else (None, None)
    usual = _usual_price(evidence)

    def fit(product: Product) -> float:
        price = float(product.price)
        if highest is not None and highest > 0 and currency in (None, product.currency):
            low, high = float(lowest or 0), float(highest)
            if lowest is None:
                return 1.0 - 0.5 * min(price / high, 1.0)
            half = max((high - low) / 2, 1e-9)
            return 1.0 - 0.5 * min(abs(price - (low + high) / 2) / half, 1.0)
        mean = usual.get(product.currency)
        if request.usual is not None and price > 0:
            mean = math.log(float(request.usual))
        if mean is None or price <= 0:
            return _NEUTRAL
        return math.exp(-(((math.log(price) - mean) / _SPREAD) ** 2) / 2)

    return np.array([fit(product) for product in pool.products])


def _currency(request: Request) -> str | None:
    return request.need.price.currency if request.need.price else None


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
        "season": np.array(in_seasons(pool.products, now, southern=config.southern)),
        "weekend_price": dearness * (now.weekday() >= _WEEKEND),
        "evening_price": dearness * (now.hour >= _EVENING),
        "buy_price": dearness * buying,
        "browse_freshness": columns["freshness"] * odds[Stage.BROWSE],
        "consider_rating": columns["rating"] * odds[Stage.CONSIDER],
        "buy_session": columns["session_affinity"] * odds[Stage.BUY],
    }


def _dearness(pool: Pool) -> Matrix:
    """Where each price stands among the candidates: the cheapest 0, the dearest 1, (n,)."""
    prices = np.array([float(product.price) for product in pool.products])
    if len(prices) < 2 or prices.max() == prices.min():
        return np.full(len(prices), _NEUTRAL)
    order = np.searchsorted(np.sort(prices), prices, side="left")
    rank: Matrix = order / max(len(prices) - 1, 1)
    return rank
