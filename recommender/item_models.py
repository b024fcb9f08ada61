"""Which product follows or goes with which, from histories: two models on the same contract, (n, n) item to item.

A history is the products of one visitor, the oldest first, as numbers below n. Row a of a model says how strongly each
product is suggested by a; a visitor's suggestions are the faded sum of the rows of what she had (`suggested`).

The plain twin counts who had both, near to each other in the history (item-to-item collaborative filtering: Linden,
Smith and York, IEEE Internet Computing 2003), over how many had the first. EASE solves for the item-to-item weights
that reproduce every history best without the item itself, in closed form (Steck, "Embarrassingly shallow autoencoders
for sparse data", WWW 2019). With the likeness of texts added to its Gram matrix it also carries what is known of one
product over to those like it (Jeunen, Van Balen and Goethals, "Closed-form models for collaborative filtering with
side-information", RecSys 2020): most products of a small shop have hardly any history of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Histories = Sequence[Sequence[int]]
Square = NDArray[np.float32]
Sparse = Any  # scipy.sparse has no types: a csr_array

WINDOW, NEARBY = 5, 0.8  # how far apart in a history two products still count together, and what each step costs
SHRINK = 2.0  # as many visitors who had the first product and nothing else: one pair is no rule
RIDGE = 15.0
TEXT_WEIGHT = 10.0
FADING = 0.8  # of each step back in the visitor's own history


def sparse() -> Any:
    """scipy's sparse arrays, imported at first use: half a second that no start should wait for."""
    from scipy import sparse as arrays

    return arrays


def pairs(histories: Histories, size: int, *, window: int = WINDOW, nearby: float = NEARBY) -> Sparse:
    """How often two products were had together, each pair counted less by its distance; symmetric, (n, n)."""
    rows, columns, counts = [], [], []
    for history in histories:
        for at, first in enumerate(history):
            for distance, second in enumerate(history[at + 1 : at + 1 + window]):
                if first != second:
                    rows += [first, second]
                    columns += [second, first]
                    counts += [nearby**distance] * 2
    return sparse().csr_array((counts, (rows, columns)), shape=(size, size), dtype=np.float32)


def cooccurrence(histories: Histories, size: int) -> Sparse:
    """The chance to have the second product for who had the first, shrunk where few had it; (n, n), 0..1 for
    histories without repeats.
    """
    had = gram(histories, size).diagonal()
    return sparse().diags_array(1.0 / (had + SHRINK)) @ pairs(histories, size)


def gram(histories: Histories, size: int) -> Sparse:
    """How many visitors had both products, whatever lies between; the diagonal: how many had the one. (n, n)."""
    rows = [at for at, history in enumerate(histories) for _ in set(history)]
    columns = [product for history in histories for product in set(history)]
    shape = (len(histories), size)
    had = sparse().csr_array((np.ones(len(rows)), (rows, columns)), shape=shape, dtype=np.float32)
    return (had.T @ had).tocsr()


def ease(histories: Histories, size: int, likeness: Square | None = None) -> Square:
    """EASE over the histories, (n, n) with a zero diagonal; weights may be negative.

    Args:
        histories: of all visitors.
        size: n; the cost is of order n^3 (3,500 products: some seconds).
        likeness: of the products' texts, positive semidefinite, (n, n); None for histories alone.
    """
    told = gram(histories, size).toarray()
    if likeness is not None:
        told += TEXT_WEIGHT * likeness
    told[np.diag_indices(size)] += RIDGE
    from scipy import linalg

    lower, _ = linalg.cho_factor(told, lower=True, overwrite_a=True, check_finite=False)
    inverse, _ = linalg.lapack.spotri(lower, lower=1, overwrite_c=1)
    inverse = np.tril(inverse) + np.tril(inverse, -1).T
    weights: Square = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return weights


def text_likeness(vectors: NDArray[np.float32]) -> Square:
    """The fourth power of the cosines of unit vectors, (n, d) to (n, n): 0..1, and next to 0 for unrelated texts.

    A whole power of a Gram matrix, element by element, stays positive semidefinite (Schur's product theorem), so that
    EASE's sum with it can be inverted; cosines cut off at 0 would not.
    """
    likeness: Square = ((vectors @ vectors.T) ** 4).astype(np.float32)
    return likeness


def suggested(model: Any, histories: Histories, *, fading: float = FADING, last: int | None = None) -> Any:
    """What each history suggests: the faded sum of its products' rows, (visitors, n).

    `last`: only so many of the newest products speak.
    """
    rows, columns, weights = [], [], []
    for at, history in enumerate(histories):
        for back, product in enumerate(reversed(history)):
            if last is None or back < last:
                rows.append(at)
                columns.append(product)
                weights.append(fading**back)
    shape = (len(histories), model.shape[0])
    had = sparse().csr_array((weights, (rows, columns)), shape=shape, dtype=np.float32)
    return had @ model
