"""The page builder, alone and a thousand at once."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import bandit
from recommender.config import RecommenderConfig
from recommender.page import PageRules, build_pages, plain_rules, rules_of, senses_of
from recommender.pool import Pool
from recommender.prior import prior
from recommender.propensity import on_page
from storage.records import Product
from tests.recommender.conftest import NOW


def pool_of(*products, dense=None, vectors=None):
    n = len(products)
    eye = np.eye(max(n, 1), 384, dtype=np.float32)[:n]
    dense = np.ones(n) if dense is None else np.array(dense, dtype=float)
    return Pool(products, np.zeros(n), dense, np.zeros(n), eye if vectors is None else np.array(vectors, np.float32))


def product(id, **facts):
    return Product(**({"id": id, "title": f"Thing {id}", "price": Decimal(5), "currency": "USD"} | facts))


def page(scores, rules, size=3):
    return [int(row) for row in build_pages(np.array([scores], dtype=float), rules, size)[0]]


CONFIG = RecommenderConfig()


def test_the_best_scores_come_first():
    assert page([0.1, 0.4, 0.3, 0.2], plain_rules(pool_of(*map(product, "abcd")))) == [1, 2, 3]


def test_a_short_shelf_leaves_places_empty():
    assert page([0.1, 0.4], plain_rules(pool_of(*map(product, "ab")))) == [1, 0, -1]


def test_the_same_title_is_shown_once():
    pool = pool_of(product("a", title="Lamp"), product("b", title="LAMP"), *map(product, "cd"))
    assert page([0.9, 0.8, 0.2, 0.1], rules_of(pool, pool.text, CONFIG)) == [0, 2, 3]


def test_look_alikes_of_one_brand_and_category_are_shown_once_others_are_not_held_back():
    vectors = np.tile(np.eye(1, 384), (4, 1))
    pool = pool_of(
        product("a", brand="X", category="mugs"),
        product("b", brand="X", category="mugs"),
        product("c", brand="Y", category="mugs"),
        product("d", brand="X", category="lamps"),
        vectors=vectors,
    )
    assert page([0.9, 0.8, 0.2, 0.1], rules_of(pool, pool.text, CONFIG)) == [0, 2, 3]


class TestSpread:
    """Likeness gives way: three nearly equal things, two of them alike."""

    vectors = np.array([[1.0, 0.0], [0.9, np.sqrt(1 - 0.81)], [0.0, 1.0]]) @ np.eye(2, 384)

    def rules(self, **changed):
        pool = pool_of(*map(product, "abc"), vectors=self.vectors)
        return rules_of(pool, pool.text, RecommenderConfig(**changed))

    def test_of_two_alike_the_second_stands_behind_another_thing(self):
        assert page([0.20, 0.195, 0.19], self.rules()) == [0, 2, 1]

    def test_a_clearly_better_one_keeps_its_place(self):
        assert page([0.20, 0.195, 0.10], self.rules()) == [0, 1, 2]

    def test_it_can_be_switched_off(self):
        assert page([0.20, 0.195, 0.19], self.rules(spread=0)) == [0, 1, 2]


class TestSenses:
    """ "Apple": fruit and telephones."""

    pool = pool_of(*(product(id, categories=("x", kind)) for id, kind in zip("abcde", "ffffp", strict=True)))

    def senses(self, belief):
        return senses_of(self.pool, np.array(belief), CONFIG)

    def test_a_page_shows_each_sense_that_is_likely_meant(self):
        rules = rules_of(self.pool, self.pool.text, CONFIG, self.senses([0.2, 0.2, 0.2, 0.2, 0.2]))
        assert 4 in page([0.20, 0.20, 0.20, 0.20, 0.195], rules)
        assert 4 not in page([0.20, 0.20, 0.20, 0.20, 0.195], rules_of(self.pool, self.pool.text, CONFIG))

    def test_one_sense_is_not_spread_out(self):
        assert self.senses([0.25, 0.25, 0.25, 0.24, 0.01]) is None

    def test_what_is_unlikely_meant_gets_little(self):
        gains = self.senses([0.22, 0.22, 0.22, 0.22, 0.12]).max(axis=0)
        assert sorted(gains.round(4)) == [pytest.approx(0.03 * 0.12 / 0.88, abs=1e-4), 0.03]


class TestSponsored:
    def test_the_best_matching_one_takes_the_last_place(self):
        paid = [product(id, sponsored=True) for id in "xy"]
        pool = pool_of(*map(product, "abc"), *paid, dense=[0.9, 0.9, 0.9, 0.8, 0.85])
        assert page([0.9, 0.8, 0.7, 0.3, 0.2], rules_of(pool, pool.text, CONFIG)) == [0, 1, 4]

    def test_one_that_earns_its_place_keeps_it_and_no_second_comes(self):
        paid = [product(id, sponsored=True) for id in "xy"]
        pool = pool_of(*paid, *map(product, "abc"))
        assert page([0.9, 0.8, 0.7, 0.6, 0.5], rules_of(pool, pool.text, CONFIG)) == [0, 2, 3]

    def test_one_that_hardly_matches_gets_no_place(self):
        pool = pool_of(*map(product, "abc"), product("x", sponsored=True), dense=[0.9, 0.8, 0.8, 0.2])
        assert page([0.9, 0.8, 0.7, 0.1], rules_of(pool, pool.text, CONFIG)) == [0, 1, 2]

    def test_where_nothing_was_asked_no_place_is_sold(self):
        pool = pool_of(*map(product, "abc"), product("x", sponsored=True), dense=[0, 0, 0, 0])
        assert page([0.9, 0.8, 0.7, 0.1], rules_of(pool, pool.text, CONFIG)) == [0, 1, 2]

    def test_a_plain_page_knows_no_paid_place(self):
        pool = pool_of(*map(product, "abc"), product("x", sponsored=True))
        assert page([0.9, 0.8, 0.7, 0.1], plain_rules(pool)) == [0, 1, 2]


@st.composite
def shelves(draw):
    n = draw(st.integers(1, 12))
    alike = np.array(draw(st.lists(st.lists(st.booleans(), min_size=n, max_size=n), min_size=n, max_size=n)))
    alike = (alike & alike.T) & ~np.eye(n, dtype=bool)
    sponsored = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    paid = tuple(int(row) for row in draw(st.permutations(np.flatnonzero(sponsored).tolist())))
    scores = np.array(draw(st.lists(st.floats(-1, 1), min_size=n, max_size=n)))
    likeness = draw(st.none() | st.just(np.random.default_rng(n).random((n, n))))
    senses = draw(st.none() | st.just(np.random.default_rng(n).random((n, 2)) * 0.3))
    return scores, PageRules(alike, sponsored, paid, likeness, senses)


@given(shelves(), st.integers(1, 5))
def test_no_page_repeats_crowds_or_sells_twice(shelf, size):
    scores, rules = shelf
    shown = [row for row in page(scores, rules, size) if row >= 0]
    assert len(set(shown)) == len(shown)
    assert not rules.alike[np.ix_(shown, shown)].any()
    assert rules.sponsored[shown].sum() <= 1


@given(shelves(), st.integers(1, 4))
def test_many_pages_at_once_are_the_pages_one_by_one(shelf, size):
    scores, rules = shelf
    draws = np.random.default_rng(3).permuted(np.tile(scores, (5, 1)), axis=1)
    assert build_pages(draws, rules, size).tolist() == [page(draw, rules, size) for draw in draws]


class TestPropensities:
    x = np.random.default_rng(2).random((30, len(prior().features)))
    rules = PageRules(np.zeros((30, 30), bool), np.zeros(30, bool), ())
    believed = bandit.posterior(None, NOW)

    def chances(self, seed=1, draws=1_000):
        return on_page(self.x, self.believed, self.rules, 3, draws, np.random.default_rng(seed))

    def test_chances_add_up_to_the_places(self):
        assert abs(self.chances().sum() - 3) < 0.1

    def test_no_chance_is_nought_or_certain(self):
        assert ((self.chances() > 0) & (self.chances() < 1)).all()

    def test_estimates_agree_with_each_other(self):
        assert np.abs(self.chances(1, 4_000) - self.chances(2, 4_000)).max() < 0.05

    def test_the_best_by_the_mean_is_shown_most(self):
        assert self.chances().argmax() in np.argsort(-(self.x @ self.believed.mean))[:3]
