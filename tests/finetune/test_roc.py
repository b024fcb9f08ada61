import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetune.roc import auroc, aurocs, best_cut, cut_at, keeping

SCORES = np.array([0.1, 0.4, 0.35, 0.8])
OUTSIDE = np.array([False, False, True, True])


def pairwise_area(scores, outside):
    """The area by its meaning: every pair of one outside and one inside, ties half."""
    pairs = [(a > b) + (a == b) / 2 for a in scores[outside] for b in scores[~outside]]
    return sum(pairs) / len(pairs) if pairs else float("nan")


def test_the_area_of_a_known_example():
    assert auroc(SCORES, OUTSIDE) == 0.75
    assert auroc(-SCORES, OUTSIDE) == 0.25
    assert auroc(np.zeros(4), OUTSIDE) == 0.5


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 3)), min_size=1, max_size=25))
def test_the_area_is_the_share_of_pairs_that_are_in_order_however_often_each_counts(rows):
    scores, outside, counts = (np.array(column) for column in zip(*rows, strict=True))
    repeated = np.repeat(np.arange(len(rows)), counts)
    found = aurocs(scores, outside, counts[None].astype(float))[0]
    assert found == pytest.approx(pairwise_area(scores[repeated], outside[repeated]), nan_ok=True)


def test_with_one_side_empty_there_is_no_area():
    assert np.isnan(auroc(SCORES, np.zeros(4, dtype=bool)))
    assert np.isnan(auroc(np.array([]), np.array([], dtype=bool)))


def test_a_cut_counts_what_reaches_the_threshold():
    cut = cut_at(SCORES, OUTSIDE, 0.4)
    assert (cut.precision, cut.recall, cut.f1, cut.kept) == (0.5, 0.5, 0.5, 0.5)


def test_keeping_lets_no_more_inside_go_than_asked():
    scores = np.arange(100.0)
    outside = np.arange(100) >= 90
    cut = keeping(scores, outside, 0.95)
    assert cut.kept >= 0.95 > keeping(scores - 1e-9, outside, 0.9).kept - 0.01
    assert cut.recall == 1
    assert keeping(-scores, outside, 0.95).recall == 0


def test_the_best_cut_parts_what_can_be_parted_and_never_ties():
    cut = best_cut(np.array([1.0, 2.0, 8.0, 9.0]), np.array([False, False, True, True]))
    assert cut.threshold == 5
    assert (cut.f1, cut.kept) == (1, 1)
    tied = best_cut(np.array([1.0, 1.0, 1.0]), np.array([True, False, True]))
    assert (tied.recall, tied.kept) == (1, 0)


def test_where_nothing_lies_outside_the_best_cut_keeps_nineteen_in_twenty():
    scores = np.linspace(0, 1, 200)
    assert best_cut(scores, np.zeros(200, dtype=bool)).kept == pytest.approx(0.95, abs=0.006)
