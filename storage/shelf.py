"""Every product's facts in memory, as columns by product number: what a page ranks hundreds of candidates by.

    shelf = Shelf(db)
    shelf.follow(revision)             # before each question: reads what changed since, and nothing else
    facts = shelf.facts(numbers)       # of these products, in this order

A row of the catalogue carries the revision that changed it last, so following costs what has changed. Texts stay in the
database but for what tells titles apart. A product takes about 250 bytes. Whoever shows a product reads its row again
all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from storage.money import exponent
from storage.product_rows import strings
from storage.records import SlotName

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Flags = NDArray[np.bool_]
UNDATED = np.iinfo(np.int64).min
"""What stands for a day that the shop does not know."""
_WIDTH = len("2026-01-31T09:05:00.000000")
_T = TypeVar("_T")
_READ = 5_000  # rows of one read
_TEXTS = ("brand", "category", "currency")
_LISTS = {
    SlotName.CATEGORY: "categories",
    SlotName.COLOR: "colors",
    SlotName.MATERIAL: "materials",
    SlotName.SIZE: "sizes",
    SlotName.AUDIENCE: "audience",
}
_NUMBERS = ("price", "stock", "rating", "rating_count", "created_at", "sponsored", "available", "changed")
_READ_COLUMNS = ("number", "id", "title", *_TEXTS, *_LISTS.values(), *_NUMBERS)


@dataclass(frozen=True)
class ShelfFacts:
    """What ranking knows of some products, all aligned.

    Prices are in major units; ratings and stocks are NaN where unknown, instants microseconds since 1970 or `UNDATED`.
    `titles` and `shelves` tell titles, and brand with category, apart whatever their case. `changed` is the revision
    of the catalogue in which each product was changed last.
    """

    numbers: Whole
    ids: Sequence[str]
    prices: Real
    currencies: Sequence[str]
    ratings: Real
    rating_counts: Whole
    stocks: Real
    created: Whole
    sponsored: Flags
    brands: Sequence[str]
    titles: Whole
    shelves: Whole
    changed: Whole
    lists: Mapping[SlotName, Sequence[tuple[str, ...]]]


class Shelf:
    """Columns over product numbers; 0 is nobody's. Arrays may be longer than there are products."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._revision, self._newest = -1, -1  # followed up to; of the newest product that was read
        self._forget()

    def follow(self, revision: int) -> bool:
        """Reads what changed up to this revision of the catalogue, which must have been read before; whether anything
        may have.
        """
        if revision == self._revision:
            return False
        if revision < self._revision:  # another catalogue in this one's place
            self._forget()
        self._read()
        self._revision = revision
        return True

    def facts(self, numbers: Sequence[int] | Whole) -> ShelfFacts:
        """Of known products, in this order."""
        at = np.asarray(numbers, dtype=np.int64)
        rows = at.tolist()
        return ShelfFacts(
            numbers=at,
            ids=[self._ids[row] for row in rows],
            prices=self.prices[at],
            currencies=[self._texts["currency"][row] for row in rows],
            ratings=self.ratings[at],
            rating_counts=self.rating_counts[at],
            stocks=self._stocks[at],
            created=self._created[at],
            sponsored=self._sponsored[at],
            brands=[self._texts["brand"][row] for row in rows],
            titles=self._titles[at],
            shelves=self._shelves[at],
            changed=self.changed[at],
            lists={slot: [column[row] for row in rows] for slot, column in self._lists.items()},
        )

    def ids(self, numbers: Sequence[int] | Whole) -> list[str]:
        """Of known products, in this order."""
        return [self._ids[number] for number in np.asarray(numbers, dtype=np.int64).tolist()]

    def numbers(self, ids: Sequence[str]) -> Whole:
        """The numbers of these products, 0 for an unknown one."""
        return np.array([self._numbers.get(id, 0) for id in ids], dtype=np.int64)

    @property
    def currencies(self) -> Sequence[str]:
        """The currencies that products have, in the order of their codes."""
        return self._currencies

    # --- inside -------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._revision, self._newest = -1, -1
        self.size = 1
        self._ids, self._numbers = [""], dict[str, int]()
        self._texts: dict[str, list[str]] = {name: [""] for name in _TEXTS}
        self._lists: dict[SlotName, list[tuple[str, ...]]] = {slot: [()] for slot in _LISTS}
        self._currencies = list[str]()
        # Of each number below `size`.
        self.open: Flags = np.zeros(1, dtype=np.bool_)  # available
        self.stocked: Flags = np.zeros(1, dtype=np.bool_)  # not known to be sold out
        self.units: Whole = np.zeros(1, dtype=np.int64)  # prices in minor units
        self.codes: NDArray[np.int8] = np.full(1, -1, dtype=np.int8)  # of currencies
        self.prices: Real = np.zeros(1)
        self.ratings, self._stocks = np.full(1, np.nan), np.full(1, np.nan)
        self.rating_counts, self._created = np.zeros(1, dtype=np.int64), np.full(1, UNDATED, dtype=np.int64)
        self._sponsored: Flags = np.zeros(1, dtype=np.bool_)
        self._titles, self._shelves, self.changed = (np.zeros(1, dtype=np.int64) for _ in range(3))

    def _read(self) -> None:
        """By the index over `changed`, all of them in the table's order. One statement sees whole revisions only."""
        way = "NOT INDEXED" if self._newest < 0 else ""
        sql = f"SELECT {', '.join(_READ_COLUMNS)} FROM products {way} WHERE changed > ?"
        found = self._db.execute(sql, [self._newest])
        while batch := found.fetchmany(_READ):
            columns = dict(zip(_READ_COLUMNS, zip(*batch, strict=True), strict=True))
            self._make_room(max(columns["number"]) + 1)
            self._keep(columns)
            self._newest = max(self._newest, *columns["changed"])

    def _make_room(self, size: int) -> None:
        more = size - self.size
        if more <= 0:
            return
        for name in ("open", "stocked", "units", "codes", "prices", "ratings", "_stocks", "rating_counts",
                     "_created", "_sponsored", "_titles", "_shelves", "changed"):  # fmt: skip
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, np.full(more, column[0])]))
        for texts in (self._ids, *self._texts.values()):
            texts.extend([""] * more)
        for lists in self._lists.values():
            lists.extend([()] * more)
        self.size = size

    def _keep(self, columns: Mapping[str, Sequence[Any]]) -> None:
        numbers = columns["number"]
        at = np.array(numbers, dtype=np.int64)
        for currency in sorted(set(columns["currency"]).difference(self._currencies)):
            self._currencies.append(currency)
        codes = np.array([self._currencies.index(currency) for currency in columns["currency"]], dtype=np.int8)
        digits = np.array([10 ** exponent(currency) for currency in self._currencies])
        self.codes[at], self.units[at] = codes, columns["price"]
        self.prices[at] = self.units[at] / digits[codes]
        self.open[at], self._sponsored[at] = columns["available"], columns["sponsored"]
        self._stocks[at] = np.array(columns["stock"], dtype=np.float64)
        self.stocked[at] = ~(self._stocks[at] <= 0)
        self.ratings[at] = np.array(columns["rating"], dtype=np.float64)
        self.rating_counts[at] = columns["rating_count"]
        # Instants are texts of one width, in UTC; what stands for none is the least number there is.
        days = np.array([text[:_WIDTH] if text else "NaT" for text in columns["created_at"]], dtype="datetime64[us]")
        self._created[at] = days.astype(np.int64)
        self._titles[at] = [hash(title.casefold()) for title in columns["title"]]
        shelves = zip(columns["brand"], columns["category"], strict=True)
        self._shelves[at] = [hash(f"{brand}\0{category}".casefold()) for brand, category in shelves]
        self.changed[at] = columns["changed"]
        self._numbers.update(zip(columns["id"], numbers, strict=True))
        _put(self._ids, numbers, columns["id"])
        for name, texts in self._texts.items():
            _put(texts, numbers, list(map(_one, columns[name])))
        for slot, lists in self._lists.items():
            _put(lists, numbers, list(map(strings, columns[_LISTS[slot]])))


def _put(column: list[_T], numbers: Sequence[int], values: Sequence[_T]) -> None:
    """`values` at these places; mostly they lie side by side."""
    first, last = numbers[0], numbers[-1]
    if last - first + 1 == len(numbers) and all(map(int.__lt__, numbers, numbers[1:])):
        column[first : last + 1] = values
        return
    for number, value in zip(numbers, values, strict=True):
        column[number] = value


@lru_cache(maxsize=65_536)
def _one(text: str) -> str:
    """The same object for the same text: a brand is kept once."""
    return text
