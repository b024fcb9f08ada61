"""What goes with what: learned from events, shown as candidates, a feature and a reason."""

import itertools
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.item_models import cooccurrence, ease, suggested, text_likeness
from recommender.prior import prior
from recommender.together import APART, Together, fit, together_of
from storage.records import Need, Reaction, ReasonCode
from tests.recommender.conftest import NOW

HISTORIES = st.lists(st.lists(st.integers(0, 7), max_size=6, unique=True), min_size=1, max_size=12)


def events(*visits, kind="order"):
    """Each visit is what one visitor took, in order."""
    return [
        (f"v{visitor}", product, kind, NOW + timedelta(minutes=at))
        for visitor, products in enumerate(visits)
        for at, product in enumerate(products)
    ]


class TestModels:
    def test_what_was_had_together_is_suggested(self):
        for model in (cooccurrence([(0, 1), (0, 1), (0, 2)], 3).toarray(), ease([(0, 1), (0, 1), (0, 2)], 3)):
            assert model[0, 1] > model[0, 2] > 0

    def test_by_its_text_even_what_has_no_history_is_suggested(self):
        vectors = np.array([[1, 0, 0], [0, 1, 0], [0, 0.96, 0.28], [0, 0, 1]], np.float32)
        assert ease([(0, 1)] * 5, 4)[1, 2] == 0
        model = ease([(0, 1)] * 5, 4, text_likeness(vectors))
        assert model[1, 2] > 0.1 > model[1, 3]

    def test_the_newest_speaks_loudest(self):
        model = np.array([[0, 0, 1, 0], [0, 0, 0, 1], [0] * 4, [0] * 4], np.float32)
        scores = suggested(model, [(0, 1)])[0]
        assert scores[3] > scores[2] > 0
        assert suggested(model, [(0, 1)], last=1)[0].tolist() == [0, 0, 0, 1]

    @given(HISTORIES)
    def test_any_histories_can_be_learned(self, histories):
        counted, solved = cooccurrence(histories, 8).toarray(), ease(histories, 8)
        assert counted.min() >= 0
        assert counted.max() <= 1
        assert np.isfinite(solved).all()
        assert (np.diag(solved) == 0).all()
        assert (np.diag(counted) == 0).all()


class TestTogether:
    @pytest.mark.parametrize("ease_up_to", [0, 100], ids=["counted", "solved"])
    def test_partners_come_from_either_model(self, ease_up_to):
        found = together_of(events("ab", "ab", "ab", "cd"), ease_up_to=ease_up_to)
        assert next(iter(found.suggested({"a": 1.0}))) == "b"
        assert "a" not in found.suggested({"a": 1.0, "b": 1.0})

    def test_only_buyers_of_both_are_counted_and_one_is_no_rule(self):
        found = together_of([*events("ab", "ab", "ba"), *events("ac", "ac", kind="view"), *events("ad")])
        assert found.both("b", "a") == 3
        assert found.both("a", "c") == found.both("a", "d") == 0

    def test_nothing_is_known_without_events(self):
        assert together_of([]) is APART
        assert fit({}, ["a", "b"]).tolist() == [0.0, 0.0]

    def test_a_fit_stays_between_nought_and_one(self):
        fits = fit({"a": 0.05, "b": 9.0}, ["a", "b", "c"])
        assert 0 < fits[0] < fits[1] <= 1
        assert fits[2] == 0


class TestInTheShop:
    """p54 is a mug, p0 a dress, p18 boots: nothing alike, but bought together."""

    @pytest.fixture
    def paired(self, recommender, index):
        recommender.together = together_of(events(("p54", "p26"), ("p54", "p26"), ("p54", "p26")), index.vectors)
        return recommender

    def test_what_goes_with_the_cart_is_among_the_ideas(self, paired, ask, event):
        slate = paired.recommend(ask(events=(event("p54", Reaction.CART),), page_size=60))
        item = next(item for item in slate.items if item.product.id == "p26")
        assert item.features["goes_with"] > 0.3
        assert item.parts["goes_with"] == pytest.approx(item.features["goes_with"] * _mean("goes_with"), rel=0.5)

    def test_the_reason_says_how_many_bought_both(self, paired, ask, event):
        slate = paired.recommend(ask(Need(query="boots"), events=(event("p54", Reaction.CART),), page_size=30))
        told = {
            reason.facts["product_id"]: reason.facts["count"]
            for item in slate.page
            for reason in item.reasons
            if reason.code is ReasonCode.GOES_WITH
        }
        assert told in ({}, {"p54": 3})
        assert all(item.product.id == "p26" for item in slate.page if item.features["goes_with"] > 0.3)

    def test_who_took_nothing_is_told_nothing(self, paired, ask):
        slate = paired.recommend(ask(page_size=30))
        assert all(item.features["goes_with"] == 0 for item in slate.items)

    def test_a_dislike_pairs_with_nothing(self, paired, ask, event):
        slate = paired.recommend(ask(events=(event("p54", Reaction.DISLIKE),)))
        assert all(item.features["goes_with"] == 0 for item in slate.items)


def _mean(name):
    return float(prior().mean[prior().features.index(name)])


def test_an_empty_value_suggests_nothing():
    assert Together().suggested({"a": 1.0}) == {}
    assert list(itertools.islice(Together().suggested({}), 3)) == []
