"""What limits compare, in memory by product number: the same truth as `filtering`'s SQL, a hundred times as quick.

    columns = Columns(db, Shelf(db))
    columns.follow(revision, values_revision)
    flags = columns.flags(filters, currencies)      # one for each product number, true where it is admitted

Prices and stock are the shelf's. The products that carry a value are read when somebody asks for the value, and again
when a word or value of the catalogue has changed. Whoever shows a product reads its row again all the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from storage.filtering import minor_range
from storage.money import from_minor
from storage.pairs import Pairs, Wanted
from storage.records import FILTERED_SLOTS, Filters, PriceRange, SlotName
from storage.shelf import Shelf
from storage.unsaid import says_sql

Flags = NDArray[np.bool_]
_KEPT = 512  # values whose products are remembered


class Columns:
    """Price, currency, rating, stock and values of every product, as flags over product numbers (0 is nobody's)."""

    def __init__(self, db: Database, shelf: Shelf) -> None:
        self._db, self._shelf = db, shelf
        self._pairs = Pairs(db, shelf)
        self._values_revision, self._size = -1, 0
        self._carriers: OrderedDict[tuple[SlotName, str], NDArray[np.int32]] = OrderedDict()
        self._stated: dict[SlotName, Flags] = {}
        self._last: tuple[Filters, Flags] | None = None

    def follow(self, revision: int, values_revision: int) -> None:
        """Reads what changed since. Both numbers are of the catalogue's state, read before anything else."""
        if self._shelf.follow(revision):
            self._last = None
        if values_revision != self._values_revision or self._shelf.size != self._size:
            self._last = None
            self._carriers.clear()
            self._stated.clear()
            self._values_revision, self._size = values_revision, self._shelf.size

    def flags(self, filters: Filters, currencies: Collection[str]) -> Flags:
        """Whether each product number is admitted, (numbers,), to be read only. `currencies` are those the catalogue
        sells in. A page asks for the same flags again and again.
        """
        if self._last is None or self._last[0] != filters:
            admitted = self._admitted(filters, currencies)
            admitted.setflags(write=False)
            self._last = (filters, admitted)
        return self._last[1]

    def prices(self, flags: Flags, limit: int, *, dearest: bool = False) -> list[Decimal]:
        """The lowest prices (or the highest) among the flagged products, at most `limit`, in order, equal ones too."""
        found: list[Decimal] = []
        shelf = self._shelf
        for code, currency in enumerate(shelf.currencies):
            units = shelf.units[flags & (shelf.codes == code)]
            ends = np.sort(-units if dearest else units)[:limit]
            found += [from_minor(abs(int(unit)), currency) for unit in ends]
        return sorted(found, reverse=dearest)[:limit]

    # --- inside -------------------------------------------------------------------------------------

    def _admitted(self, filters: Filters, currencies: Collection[str]) -> Flags:
        shelf = self._shelf
        admitted = shelf.open & shelf.stocked if filters.in_stock else shelf.open.copy()
        if filters.price:
            admitted &= self._priced(filters.price, currencies)
        if filters.least_rating is not None:
            admitted &= (shelf.ratings >= filters.least_rating) & (shelf.rating_counts > 0)
        if filters.only is not None:
            admitted &= self._named(filters.only)
        for slot, values in filters.include.items():
            if slot in FILTERED_SLOTS:
                admitted &= self._carry(slot, values) | ~self._state(slot)
        for slot, values in filters.exclude.items():
            if slot in FILTERED_SLOTS:
                admitted &= ~self._carry(slot, values)
        for word in filters.unsaid:
            admitted &= ~self._say(word)
        if filters.of_one_variant:
            self._pairs.keep(admitted, self._wanted(filters, currencies))
        return admitted

    def _wanted(self, filters: Filters, currencies: Collection[str]) -> Wanted:
        """The colours, the sizes and the price that one variant must have."""
        colors, sizes = (filters.include.get(slot, frozenset()) for slot in (SlotName.COLOR, SlotName.SIZE))
        price = filters.price
        priced = partial(self._within, price, currencies) if price else None
        return Wanted(colors, sizes, filters.in_stock, priced)

    def _priced(self, price: PriceRange, currencies: Collection[str]) -> Flags:
        return self._within(price, currencies, self._shelf.units, self._shelf.codes)

    def _within(
        self, price: PriceRange, currencies: Collection[str], units: NDArray[np.int64], codes: NDArray[Any]
    ) -> Flags:
        """Which prices, in minor units of the currencies with these codes, lie between the ends."""
        found = np.zeros(len(units), dtype=np.bool_)
        for currency in sorted(currencies) if price.currency is None else [price.currency]:
            bounds = minor_range(price, currency)
            if bounds is None or currency not in self._shelf.currencies:
                continue
            fits = codes == self._shelf.currencies.index(currency)
            least, most = bounds
            if least is not None:
                fits &= units >= least
            if most is not None:
                fits &= units <= most
            found |= fits
        return found

    def _named(self, ids: Collection[str]) -> Flags:
        """Which products go by one of the ids."""
        found = np.zeros(self._shelf.size, dtype=np.bool_)
        found[self._shelf.numbers(sorted(ids))] = True
        return found

    def _say(self, word: str) -> Flags:
        """Which products say the word of themselves. Read anew: few shoppers refuse a property in their own words."""
        clause, parameters = says_sql(word)
        found = np.zeros(self._shelf.size, dtype=np.bool_)
        rows = self._db.execute(f"SELECT p.number FROM products AS p WHERE {clause}", parameters)
        found[[number for (number,) in rows if number < len(found)]] = True
        return found

    def _carry(self, slot: SlotName, values: Iterable[str]) -> Flags:
        """Which products carry any of the values."""
        found = np.zeros(self._shelf.size, dtype=np.bool_)
        for value in values:
            found[self._carriers_of(slot, value)] = True
        return found

    def _carriers_of(self, slot: SlotName, value: str) -> NDArray[np.int32]:
        key = (slot, value)
        if key not in self._carriers:
            self._carriers[key] = self._numbers("slot = ? AND value = ?", [slot.value, value])
            while len(self._carriers) > _KEPT:
                self._carriers.popitem(last=False)
        self._carriers.move_to_end(key)
        return self._carriers[key]

    def _state(self, slot: SlotName) -> Flags:
        """Which products say anything at all about the slot."""
        if slot not in self._stated:
            found = np.zeros(self._shelf.size, dtype=np.bool_)
            found[self._numbers("slot = ?", [slot.value])] = True
            self._stated[slot] = found
        return self._stated[slot]

    def _numbers(self, where: str, parameters: Sequence[Any]) -> NDArray[np.int32]:
        """Products of `product_values`. One text from SQLite is read some five times as quickly as as many rows."""
        sql = f"SELECT group_concat(product) FROM product_values WHERE {where}"
        numbers = _parsed(self._db.execute(sql, parameters).fetchone()[0]).astype(np.int32)
        return numbers[numbers < self._shelf.size]


def _parsed(text: str | None) -> NDArray[np.int64]:
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.zeros(0, dtype=np.int64)
