"""Candidates without their rows: the facts they are ranked by as columns, the rows themselves only where they are read.

A page is ranked out of more than a hundred products and shows a few. What the ranking asks of all of them comes from
the catalogue's columns in memory (`ports.Facts`); `Rows` stands for their rows and reads those that somebody looks at.
`facts_of` makes the columns out of rows at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import overload

import numpy as np

from recommender.ports import Facts, Flags, Numbers, Scores
from storage.records import Product, SlotName

UNDATED = np.iinfo(np.int64).min
"""What stands for an unknown day."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LISTED = (SlotName.CATEGORY, SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE, SlotName.AUDIENCE)


@dataclass(frozen=True)
class RowFacts:
    """`ports.Facts` of rows at hand."""

    numbers: Numbers
    ids: Sequence[str]
    prices: Scores
    currencies: Sequence[str]
    ratings: Scores
    rating_counts: Numbers
    stocks: Scores
    created: Numbers
    sponsored: Flags
    brands: Sequence[str]
    titles: Numbers
    shelves: Numbers
    changed: Numbers
    lists: Mapping[SlotName, Sequence[tuple[str, ...]]]


def facts_of(products: Sequence[Product]) -> RowFacts:
    """The columns of these rows; they have no numbers."""
    shelves = [f"{product.brand}\0{product.category}".casefold() for product in products]
    return RowFacts(
        numbers=np.zeros(len(products), dtype=np.int64),
        ids=[product.id for product in products],
        prices=np.array([float(product.price) for product in products], dtype=np.float64),
        currencies=[product.currency for product in products],
        ratings=np.array([product.rating for product in products], dtype=np.float64),
        rating_counts=np.array([product.rating_count for product in products], dtype=np.int64),
        stocks=np.array([product.stock for product in products], dtype=np.float64),
        created=np.array([_created(product) for product in products], dtype=np.int64),
        sponsored=np.array([product.sponsored for product in products], dtype=np.bool_),
        brands=[product.brand for product in products],
        titles=np.array([hash(product.title.casefold()) for product in products], dtype=np.int64),
        shelves=np.array([hash(shelf) for shelf in shelves], dtype=np.int64),
        changed=np.full(len(products), -1, dtype=np.int64),
        lists={slot: [product.values(slot) for product in products] for slot in _LISTED},
    )


def values_in(facts: Facts, slot: SlotName) -> Sequence[tuple[str, ...]]:
    """Each product's normal forms for a slot, as `Product.values` gives them."""
    if slot is SlotName.BRAND:
        return [(brand.casefold(),) if brand else () for brand in facts.brands]
    return facts.lists.get(slot) or [()] * len(facts.ids)


def microseconds(instant: datetime) -> int:
    """Since 1970, exactly; a bare time counts as UTC."""
    return ((instant if instant.tzinfo else instant.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)


def _created(product: Product) -> int:
    return UNDATED if product.created_at is None else microseconds(product.created_at)


class Rows(Sequence[Product]):
    """The rows of products, read at first look; whoever goes through all of them reads them together.

    Args:
        ids: of products that there are.
        read: the live rows of ids.
    """

    def __init__(self, ids: Sequence[str], read: Callable[[Sequence[str]], Mapping[str, Product]]) -> None:
        self._ids, self._read = ids, read
        self._held: dict[int, Product] = {}

    def load(self, rows: Sequence[int]) -> None:
        """Reads these rows now, those that were not read before."""
        if lacking := [row for row in rows if row not in self._held]:
            found = self._read([self._ids[row] for row in lacking])
            self._held |= {row: found[self._ids[row]] for row in lacking}

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, row: int) -> Product: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Product]: ...
    def __getitem__(self, row: int | slice) -> Product | Sequence[Product]:
        if isinstance(row, int) and row in self._held:
            return self._held[row]
        rows = range(len(self._ids))[row]
        if isinstance(rows, int):
            self.load([rows])
            return self._held[rows]
        self.load(rows)
        return tuple(self._held[each] for each in rows)

    def __iter__(self) -> Iterator[Product]:
        return iter(self[:])
