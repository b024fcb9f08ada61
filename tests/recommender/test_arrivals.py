"""New products get a place now and then: on a budget, where they fit, until it is plain that nobody takes to them."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from recommender.arrivals import Arrivals, give_new_places
from recommender.config import ArrivalConfig, RecommenderConfig
from recommender.heat import Heat, Trial
from recommender.page import PageRules
from recommender.recommender import Recommender
from storage.records import Need, ReasonCode, SlotName, Wish
from tests.recommender.conftest import NOW

BOOTS = Need(wishes=(Wish(SlotName.CATEGORY, "boots", "boots"),))
ALWAYS = ArrivalConfig(share=1.0)


@pytest.fixture
def trying(shop, index, encode):
    """A recommender with a budget, in a shop where two pairs of boots came last week and all else is old."""
    products = shop.catalogue.get([f"p{n}" for n in range(72)]).values()
    aged = [replace(p, created_at=NOW - timedelta(days=200)) for p in products]
    new = [replace(p, created_at=NOW - timedelta(days=5)) if p.id in ("p22", "p34") else p for p in aged]
    shop.catalogue.upsert(new)

    def make(config=ALWAYS, heat=None):
        recommender = Recommender(
            shop.catalogue, index, encode, shop.catalogue.vocabulary, RecommenderConfig(arrivals=config)
        )
        recommender.heat = heat or Heat()
        return recommender

    return make


def tried(slate):
    return [item for item in slate.page if item.features.get("explored")]


def test_an_arrival_gets_the_last_place_and_says_that_it_is_new(trying, ask):
    for seed in range(8):
        slate = trying().recommend(ask(BOOTS, policy="thompson", seed=seed))
        for item in tried(slate):
            assert item.product.id in ("p22", "p34")
            assert item.reasons[0].code is ReasonCode.NEW
            assert item.reasons[0].facts["days"] == 5
        assert sum(item.product.id in ("p22", "p34") for item in slate.page) >= 1
        assert len(tried(slate)) <= 1


def test_the_budget_is_kept_and_the_chance_is_the_true_one(trying, ask):
    recommender = trying(ArrivalConfig(share=0.2))
    request = ask(BOOTS, policy="thompson")
    chances = recommender.propensities(request, recommender.recommend(replace(request, seed=0)))
    slates = [recommender.recommend(replace(request, seed=seed)) for seed in range(150)]
    assert sum(bool(tried(slate)) for slate in slates) / len(slates) < 0.32
    for id in ("p22", "p34"):
        seen = np.mean([id in [item.product.id for item in slate.page] for slate in slates])
        assert abs(seen - chances.get(id, 0.0)) < 0.13


@pytest.mark.parametrize(
    "changed",
    [{"policy": "greedy"}, {"policy": "linucb"}, {"mode": "anonymous"}, {"need": replace(BOOTS, cheapest=True)}],
)
def test_only_a_page_that_is_drawn_tries_anything(trying, ask, changed):
    fields = {"policy": "thompson"} | changed
    need = fields.pop("need", BOOTS)
    assert not any(tried(trying().recommend(ask(need, seed=seed, **fields))) for seed in range(5))


def test_what_does_not_fit_the_question_is_not_tried(trying, ask):
    slates = [trying().recommend(ask(Need(query="linen mug"), policy="thompson", seed=seed)) for seed in range(8)]
    assert not any(map(tried, slates))


def test_patience_ends_and_a_reaction_renews_it(trying, ask):
    def shown(trials):
        found = set()
        for seed in range(12):
            slate = trying(heat=Heat(trials=trials)).recommend(ask(BOOTS, policy="thompson", seed=seed))
            found |= {item.product.id for item in tried(slate)}
        return found

    assert shown({"p22": Trial(200, 0), "p34": Trial(200, 0)}) == set()
    assert "p22" not in shown({"p22": Trial(200, 0)})
    assert shown({"p22": Trial(200, 30), "p34": Trial(200, 0)}) <= {"p22"}


def test_pages_keep_what_is_pinned_or_paid_and_crowd_nothing():
    n, rng = 8, np.random.default_rng(1)
    alike = np.zeros((n, n), dtype=bool)
    alike[0, 7] = alike[7, 0] = True
    rules = PageRules(alike, np.array([False, False, True] + [False] * 5), ())
    arrivals = Arrivals(1.0, np.array([6, 7]), np.ones(2), np.ones(2))
    pages, given = give_new_places(np.tile([0, 1, 2], (50, 1)), arrivals, rules, frozenset({1}), rng)
    assert (pages[:, 1:] == [1, 2]).all()
    assert set(pages[:, 0].tolist()) == {6, 7}
    assert (given == pages[:, 0]).all()
    pages, _ = give_new_places(np.tile([0, 1, 3], (50, 1)), arrivals, rules, frozenset(), rng)
    assert set(pages[:, 2].tolist()) == {6}
