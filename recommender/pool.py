"""The candidates of one request, side by side, with what retrieval said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from recommender.candidates import Rows, facts_of
from recommender.heat import COLD, Heat
from recommender.ports import Facts, Numbers, Vectors
from recommender.prior import Matrix
from recommender.seasons import marks_of
from storage.records import Event, Product


@dataclass(frozen=True)
class Pool:
    """n candidates. All arrays are aligned with `products`.

    `lexical` is bm25 (0: not found by words), `dense` the cosine with the question (0 where nothing was asked),
    `fused` the fused score 0..1, `vectors` (n, 384) unit rows, zero where a product has none yet. `heat` says what is
    popular and trending in the shop, `goes_with` how well each goes with what the shopper took (0..1), `halves` what
    words and what meaning give to `fused`: None where nothing was asked. `columns` are the facts of the products where
    these have not been read yet (`candidates.Rows`), `seasonal` their marks; else both are taken from the rows.
    """

    products: Sequence[Product]
    lexical: Matrix
    dense: Matrix
    fused: Matrix
    vectors: Vectors
    heat: Heat = COLD
    goes_with: Matrix | None = None
    halves: tuple[Matrix, Matrix] | None = None
    columns: Facts | None = None
    seasonal: Numbers | None = None

    def __len__(self) -> int:
        return len(self.products)

    def read(self, rows: Sequence[int]) -> None:
        """Reads the rows of these products together, those that were not read yet."""
        if isinstance(self.products, Rows):
            self.products.load(rows)

    @cached_property
    def facts(self) -> Facts:
        """What the products are ranked by."""
        return facts_of(self.products) if self.columns is None else self.columns

    @cached_property
    def marks(self) -> Numbers:
        """What the products' texts say of times, (n,): see `seasons.marks_of`."""
        if self.seasonal is not None:
            return self.seasonal
        texts = [(each.title, each.title_zh, each.description, each.description_zh) for each in self.products]
        return np.array([marks_of(*found) for found in texts], dtype=np.int64)

    @cached_property
    def text(self) -> Matrix:
        """Match of the words and of the meaning, each against the pool's best, averaged: 0..1, (n,)."""
        match: Matrix = (share_of_best(self.lexical) + share_of_best(self.dense)) / 2
        return match


@dataclass(frozen=True)
class Evidence:
    """What the shopper did lately: events with their products (aligned), and the products' vectors, (m, 384).

    `goes_with`: what others take together with what this shopper took, and how strongly, the strongest first.
    """

    events: tuple[Event, ...] = ()
    products: tuple[Product, ...] = ()
    vectors: Vectors = field(default_factory=lambda: np.zeros((0, 384), dtype=np.float32))
    anchor: Product | None = None
    anchor_vector: Vectors | None = None
    goes_with: Mapping[str, float] = field(default_factory=dict)


def share_of_best(values: Matrix) -> Matrix:
    """Values over the largest of them, negatives at 0; all 0 where none is positive."""
    best = float(values.max(initial=0.0))
    shares: Matrix = np.clip(values, 0.0, None) / best if best > 0 else np.zeros_like(values)
    return shares
