"""Sifting by rough products finds what comparing everything finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.coarse import BLOCK, CoarseRows
from recommender.snapshot import Snapshot

COUNT = 18_000


class Rough:
    """Products off by up to what they say: rounded to hundredths, in blocks that count themselves."""

    made = 0

    def __init__(self, matrix):
        Rough.made += 1
        self._matrix = matrix

    def __call__(self, vector):
        products = self._matrix @ vector
        return np.round(products, 2).astype(np.float32), np.full(len(products), 0.00501, dtype=np.float32)


def _snapshot(matrix, hashes=None):
    count = len(matrix)
    ids, hashes = tuple(map(str, range(count))), hashes or tuple(f"h{n}" for n in range(count))
    return Snapshot("e", ids, hashes, matrix, np.arange(1, count + 1))


@pytest.fixture(scope="module")
def matrix():
    rng = np.random.default_rng(5)
    steps = rng.standard_normal((COUNT, 384), dtype=np.float32)
    rows = 2 * rng.standard_normal((60, 384), dtype=np.float32)[rng.integers(0, 60, COUNT)] + steps
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def both(matrix):
    plain, prepared = _snapshot(matrix), _snapshot(matrix)
    prepared.prepare(Rough)
    return plain, prepared


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0]), st.sampled_from([1, 50, 300]))
def test_the_nearest_are_the_same_as_without(both, seed, share, limit):
    plain, prepared = both
    rng = np.random.default_rng(seed)
    vector = rng.standard_normal(384).astype(np.float32) * 0.01 + plain.matrix[rng.integers(COUNT)]
    flags = None if share == 1.0 else rng.random(COUNT) < share
    found, exact = (each.nearest_rows(vector, flags, limit) for each in (prepared, plain))
    assert [cosine for _, cosine in found] == pytest.approx([cosine for _, cosine in exact], abs=1e-6)
    apart = {id for id, _ in found} ^ {id for id, _ in exact}  # equals at the very end may change places
    last = exact[-1][1] if exact else 0.0
    assert all(abs(float(plain.matrix[int(id)] @ vector) - last) < 1e-6 for id in apart)


def test_a_changed_text_prepares_its_block_alone(matrix):
    first = _snapshot(matrix)
    first.prepare(Rough)
    made = Rough.made
    hashes = [f"h{n}" for n in range(COUNT)]
    hashes[BLOCK + 5] = "changed"
    second = _snapshot(matrix, tuple(hashes))
    second.prepare(Rough, first)
    assert Rough.made == made + 1
    second.prepare(Rough, first)
    assert Rough.made == made + 1


def test_fewer_admitted_than_asked_for_are_all_found(matrix):
    rows = CoarseRows.of(matrix, np.arange(COUNT), ["h"] * COUNT, Rough)
    flags = np.zeros(COUNT, dtype=np.bool_)
    flags[[7, 17_000]] = True
    assert rows.may_be_best(matrix[0], flags, 5).tolist() == [7, 17_000]
