"""Rough products never lie further off than they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.dots import CoarseDots


def _rows(seed, count, width=384):
    rows = np.random.default_rng(seed).standard_normal((count, width)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.sampled_from(["spread", "one loud channel", "like a row"]))
def test_the_true_product_lies_within_the_slack(seed, count, kind):
    matrix, vector = _rows(seed, count), _rows(seed + 1, 1)[0]
    if kind == "one loud channel":
        matrix[:, 3] = vector[5] = 9.0  # the other numbers then have few steps left
    if kind == "like a row":
        vector = matrix[0].copy()
    roughly, slack = CoarseDots(matrix)(vector)
    assert (np.abs(roughly - matrix @ vector) <= slack).all()


@pytest.mark.parametrize("sign", [1, -1])
def test_numbers_at_both_ends_do_not_overflow(sign):
    """Signed eight-bit products would, on processors without instructions of their own."""
    matrix = np.full((3, 384), sign / 384**0.5, dtype=np.float32)
    roughly, _ = CoarseDots(matrix)(matrix[0])
    assert roughly == pytest.approx([1.0, 1.0, 1.0], abs=1e-3)


def test_a_row_of_zeros_is_near_nothing():
    roughly, slack = CoarseDots(np.zeros((2, 384), dtype=np.float32))(_rows(1, 1)[0])
    assert roughly == pytest.approx([0.0, 0.0], abs=1e-6)
    assert (slack < 1e-3).all()
