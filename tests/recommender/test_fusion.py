"""Reciprocal rank fusion."""

from hypothesis import given
from hypothesis import strategies as st

from recommender.fusion import reciprocal_ranks

rankings = st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=4)


def test_agreement_beats_a_single_first_place():
    fused = reciprocal_ranks([["a", "b", "c"], ["b", "c", "d"]])
    assert next(iter(fused)) == "b"


def test_first_in_every_ranking_scores_one():
    assert reciprocal_ranks([["a", "b"], ["a"], []])["a"] == 1.0


def test_nothing_ranked_gives_nothing():
    assert reciprocal_ranks([[], []]) == {}


@given(rankings)
def test_keeps_every_id_and_puts_the_best_first(given_rankings):
    fused = reciprocal_ranks(given_rankings)
    assert set(fused) == {id for ranking in given_rankings for id in ranking}
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
    assert all(0 < score <= 1 + 1e-9 for score in fused.values())
