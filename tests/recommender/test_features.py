"""Features: what each says, and that all stay about 0..1."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import features
from recommender.candidates import facts_of
from recommender.config import RecommenderConfig
from recommender.features import feature_matrix
from recommender.pool import Evidence, Pool
from recommender.prior import prior
from recommender.question import unit
from recommender.seasons import season_of, seasons_said
from recommender.wishes import wanted_of
from storage.records import Event, Need, PriceRange, Product, Reaction, SlotName, Stage, Wish
from storage.terms import base_vocabulary
from tests.recommender.conftest import NOW

WORDS = base_vocabulary()
CONFIG = RecommenderConfig()


def product(id="p", **facts):
    return Product(**({"id": id, "title": "Thing", "price": Decimal(20), "currency": "USD"} | facts))


def pool_of(*products, vectors=None):
    n = len(products)
    return Pool(
        products,
        np.zeros(n),
        np.zeros(n),
        np.zeros(n),
        np.eye(n, 384, dtype=np.float32) if vectors is None else np.array(vectors, np.float32),
    )


def columns(request, pool, evidence=None):
    wanted = wanted_of(request.need, WORDS)
    granted = wanted.granted(pool.products)
    x = feature_matrix(request, pool, evidence or Evidence(), wanted, granted, CONFIG)
    return dict(zip(prior().features, x.T, strict=True))


def did(reaction, liked, vector, hours_ago=0.0):
    event = Event(liked.id, reaction, NOW - timedelta(hours=hours_ago))
    return Evidence((event,), (liked,), np.array([vector], np.float32))


class TestFacts:
    def test_few_ratings_count_little(self):
        one, many = product(rating=5.0, rating_count=1), product(rating=4.7, rating_count=900)
        rated = features.ratings(facts_of([many, one, product()]))
        assert rated[0] > rated[1] > rated[2]

    def test_a_future_or_unknown_day_is_not_fresh(self):
        today, later = product(created_at=NOW), product(created_at=NOW + timedelta(days=2))
        assert features.freshness(facts_of([today, later, product()]), NOW) == pytest.approx([1.0, 0.0, 0.0])

    def test_a_bare_day_counts_as_utc(self):
        bare = product(created_at=(NOW - timedelta(days=3)).replace(tzinfo=None))
        assert features.age_days(bare, NOW) == features.ages(facts_of([bare]), NOW) == 3

    def test_unknown_stock_lies_between_little_and_plenty(self):
        found = features.stocks(facts_of([product(stock=1), product(), product(stock=50)]))
        assert found[0] < found[1] < found[2]


class TestPrices:
    def test_under_a_limit_the_cheaper_suits_better(self, ask):
        need = Need(price=PriceRange(max=Decimal(60), currency="USD"))
        fit = columns(ask(need), pool_of(product(price=Decimal(20)), product(price=Decimal(59))))["price_fit"]
        assert fit[0] > fit[1] >= 0.5

    def test_in_a_range_its_middle_suits_best(self, ask):
        need = Need(price=PriceRange(Decimal(40), Decimal(60), "USD"))
        prices = [Decimal(50), Decimal(41), Decimal(60)]
        fit = columns(ask(need), pool_of(*(product(price=price) for price in prices)))["price_fit"]
        assert fit[0] > fit[1] > fit[2]

    def test_without_a_limit_what_the_shopper_usually_takes_suits(self, ask):
        evidence = did(Reaction.LIKE, product("liked", price=Decimal(25)), np.zeros(384))
        fit = columns(ask(), pool_of(product(price=Decimal(24)), product(price=Decimal(400))), evidence)["price_fit"]
        assert fit[0] > 0.9 > 0.1 > fit[1]

    def test_nothing_known_is_neutral(self, ask):
        assert columns(ask(), pool_of(product()))["price_fit"] == [0.5]


class TestTaste:
    near, far = np.eye(2, 384)

    @pytest.mark.parametrize("reaction", [Reaction.LIKE, Reaction.CART])
    def test_what_is_like_the_liked_gains(self, ask, reaction):
        pool = pool_of(product("a"), product("b"), vectors=[self.near, self.far])
        affinity = columns(ask(), pool, did(reaction, product("l"), self.near))["session_affinity"]
        assert affinity[0] > affinity[1] == 0.5

    def test_what_is_like_the_disliked_loses(self, ask):
        pool = pool_of(product("a"), product("b"), vectors=[self.near, self.far])
        affinity = columns(ask(), pool, did(Reaction.DISLIKE, product("l"), self.near))["session_affinity"]
        assert affinity[0] < affinity[1] == 0.5

    def test_a_liking_fades(self, ask):
        pool = pool_of(product("a"), vectors=[self.near])
        soon, late = (
            columns(ask(), pool, did(Reaction.LIKE, product("l"), self.near, hours))["session_affinity"][0]
            for hours in (0, 24)
        )
        assert soon > late > 0.5 - 1e-9

    def test_liked_values_carry_over_to_others(self, ask):
        liked = product("l", brand="Larkhill", colors=("red",), categories=("dresses", "fashion"))
        same = product("a", brand="LARKHILL", colors=("red",), categories=("dresses", "fashion"))
        pool = pool_of(same, product("b", brand="Other", colors=("blue",), categories=("shirts", "fashion")))
        found = columns(ask(), pool, did(Reaction.LIKE, liked, self.near))
        for name in ("taste_brand", "taste_color", "taste_category"):
            assert found[name][0] > found[name][1] == 0.5


class TestWishesAndTimes:
    def test_known_matches_rank_before_unknown_ones(self, ask):
        need = Need(wishes=(Wish(SlotName.COLOR, "red"), Wish(SlotName.FEATURE, "waterproof", "waterproof")))
        both = product("a", colors=("red",), description="A waterproof thing.")
        pool = pool_of(both, product("b", colors=("red",)), product("c"))
        assert columns(ask(need), pool)["known_match"].tolist() == [1.0, 0.5, 0.0]

    def test_words_are_found_whole(self, ask):
        need = Need(wishes=(Wish(SlotName.FEATURE, "warm", "warm"),))
        pool = pool_of(product("a", title="A warm coat"), product("b", title="A swarm of bees"))
        assert columns(ask(need), pool)["known_match"].tolist() == [1.0, 0.0]

    def test_the_season_is_the_shops(self, ask):
        pool = pool_of(product("a", title="Summer dress"), product("b", title="冬季外套"), product("c"))
        assert columns(ask(), pool)["season"].tolist() == [1.0, 0.0, 0.5]

    @pytest.mark.parametrize(("month", "north", "south"), [(1, "winter", "summer"), (4, "spring", "autumn")])
    def test_seasons_turn_with_the_hemisphere(self, month, north, south):
        now = NOW.replace(month=month)
        assert (season_of(now), season_of(now, southern=True)) == (north, south)

    def test_a_fallen_word_is_no_season(self):
        assert seasons_said(product(title="Waterfall painting")) == frozenset()

    def test_the_stage_turns_price_on(self, ask):
        pool = pool_of(product(price=Decimal(1)), product(price=Decimal(9)))
        assert columns(ask(), pool)["buy_price"].tolist() == [0, 0]
        assert columns(ask(stage=Stage.BUY), pool)["buy_price"].tolist() == [0, 1]


rows = st.builds(
    product,
    id=st.uuids().map(str),
    price=st.decimals("0.01", 99_999, places=2),
    rating=st.none() | st.floats(0, 5),
    rating_count=st.integers(0, 10**6),
    stock=st.none() | st.integers(0, 10**5),
    created_at=st.none() | st.integers(-900, 900).map(lambda days: NOW - timedelta(days=days)),
    colors=st.sampled_from([(), ("red",), ("red", "blue")]),
    brand=st.sampled_from(["", "Larkhill"]),
)


@given(st.lists(rows, max_size=6), st.sampled_from(list(Reaction)), st.integers(0, 99), st.booleans())
def test_every_feature_stays_between_nought_and_one(ask, products, reaction, seed, limited):
    rng = np.random.default_rng(seed)
    vectors = np.array([unit(row) for row in rng.standard_normal((len(products), 384))]).reshape(-1, 384)
    pool = replace(pool_of(*products, vectors=vectors), lexical=rng.random(len(products)) * 30)
    need = Need(price=PriceRange(max=Decimal(50), currency="USD")) if limited else Need()
    evidence = did(reaction, product("l", colors=("red",)), unit(rng.standard_normal(384)))
    for name, column in columns(ask(need), pool, evidence).items():
        assert np.isfinite(column).all(), name
        assert ((column >= 0) & (column <= 1)).all(), name
