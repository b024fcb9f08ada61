"""Weights of search learned from judged queries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.fusion import SHIPPED
from recommender.fusion_fitting import (
    FEWEST_QUERIES,
    JudgedQuery,
    TooFewQueriesError,
    fit_fusion,
    learned_weights,
    ndcg,
)
from recommender.matching import PARTS

START = SHIPPED.of("en")
PLANTED = np.array([0.05, 0.05, 0.6, 0.0, 0.0, 0.1, 0.2])


def judged(count, weights=None, seed=1, size=12):
    """Queries whose gains follow planted weights, or nothing at all."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        parts = rng.random((size, len(PARTS)))
        worth = parts @ weights if weights is not None else rng.random(size)
        gains = np.floor(4 * np.argsort(np.argsort(worth)) / size)
        made.append(JudgedQuery(f"query {number}", parts, 2.0**gains - 1.0))
    return made


@pytest.mark.parametrize("plain", [False, True])
def test_planted_weights_are_recovered(plain):
    found = fit_fusion(judged(300, PLANTED), START, START, plain=plain)
    assert found.certain
    assert found.after > 0.97 > found.before
    assert np.corrcoef(found.weights, PLANTED)[0, 1] > 0.95
    assert found.learned + found.judged == 300


def test_noise_is_not_certain():
    verdicts = [fit_fusion(judged(120, seed=seed), START, START).certain for seed in range(5)]
    assert sum(verdicts) <= 1


def test_what_is_right_already_is_not_bettered():
    assert not fit_fusion(judged(200, START), START, START).certain


def test_few_queries_are_refused_and_so_are_few_texts():
    with pytest.raises(TooFewQueriesError, match=f"20 queries .* {FEWEST_QUERIES} are needed"):
        fit_fusion(judged(20, PLANTED), START, START)
    same = [JudgedQuery("red dress", query.parts, query.gains) for query in judged(80, PLANTED)]
    with pytest.raises(TooFewQueriesError, match="different queries"):
        fit_fusion(same, START, START)


def test_queries_that_tell_nothing_do_not_count():
    flat = [JudgedQuery(f"flat {n}", np.ones((3, len(PARTS))), np.ones(3)) for n in range(100)]
    with pytest.raises(TooFewQueriesError, match=r"^0 queries"):
        fit_fusion(flat, START, START)


def test_what_was_not_found_is_last_and_teaches_nothing():
    parts = np.vstack([np.zeros(len(PARTS)), np.full(len(PARTS), 0.5)])
    query = JudgedQuery("lost", parts, np.array([1.0, 0.0]))
    assert not query.telling
    assert ndcg(query, START) == pytest.approx(1 / np.log2(3))


@settings(max_examples=25)
@given(arrays(np.float64, (5, len(PARTS)), elements=st.floats(0, 1)), arrays(np.float64, 5, elements=st.floats(0, 10)))
def test_weights_are_shares_and_ndcg_is_one_at_most(parts, gains):
    query = JudgedQuery("any", parts, gains)
    weights = learned_weights([query], START)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    assert 0 <= ndcg(query, weights) <= 1 + 1e-9
