"""What limits compare, in memory by product number: the same truth as `filtering`'s SQL, a hundred times as quick.

    columns = Columns(db)
    flags = columns.flags(filters, currencies)      # one for each product number, true where it is admitted

The columns follow the catalogue: prices and stock are read again when its revision moves, the products that carry a
value when a word or value changes, and that only when somebody asks for the value. A million products take 11 MB and
the numbers of those with the values asked for. Whoever shows a product reads its row again all the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from storage.filtering import minor_range
from storage.money import from_minor
from storage.records import FILTERED_SLOTS, Filters, PriceRange, SlotName

Flags = NDArray[np.bool_]
_KEPT = 512  # values whose products are remembered


class Columns:
    """Price, currency, stock and values of every product, as arrays over product numbers (0 is nobody's)."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._revision = self._values_revision = -1
        self._open: Flags = np.zeros(1, dtype=np.bool_)  # available
        self._stocked: Flags = self._open
        self._price: NDArray[np.int64] = np.zeros(1, dtype=np.int64)
        self._currency: NDArray[np.int8] = np.full(1, -1, dtype=np.int8)
        self._currencies: list[str] = []
        self._carriers: OrderedDict[tuple[SlotName, str], NDArray[np.int32]] = OrderedDict()
        self._stated: dict[SlotName, Flags] = {}

    def follow(self, revision: int, values_revision: int) -> None:
        """Reads what changed since. Both numbers are of the catalogue's state, read before anything else."""
        if values_revision != self._values_revision:
            self._carriers.clear()
            self._stated.clear()
            self._values_revision = values_revision
        if revision != self._revision:
            self._read_live()
            self._revision = revision

    def flags(self, filters: Filters, currencies: Collection[str]) -> Flags:
        """Whether each product number is admitted, (numbers,). `currencies` are those the catalogue sells in."""
        admitted = self._open & self._stocked if filters.in_stock else self._open.copy()
        if filters.price:
            admitted &= self._priced(filters.price, currencies)
        for slot, values in filters.include.items():
            if slot in FILTERED_SLOTS:
                admitted &= self._carry(slot, values) | ~self._state(slot)
        for slot, values in filters.exclude.items():
            if slot in FILTERED_SLOTS:
                admitted &= ~self._carry(slot, values)
        return admitted

    def prices(self, flags: Flags, limit: int, *, dearest: bool = False) -> list[Decimal]:
        """The lowest prices (or the highest) among the flagged products, at most `limit`, in order, equal ones too."""
        found: list[Decimal] = []
        for code, currency in enumerate(self._currencies):
            units = self._price[flags & (self._currency == code)]
            ends = np.sort(-units if dearest else units)[:limit]
            found += [from_minor(abs(int(unit)), currency) for unit in ends]
        return sorted(found, reverse=dearest)[:limit]

    # --- inside -------------------------------------------------------------------------------------

    def _priced(self, price: PriceRange, currencies: Collection[str]) -> Flags:
        found = np.zeros(len(self._price), dtype=np.bool_)
        for currency in sorted(currencies) if price.currency is None else [price.currency]:
            bounds = minor_range(price, currency)
            if bounds is None or currency not in self._currencies:
                continue
            fits = self._currency == self._currencies.index(currency)
            least, most = bounds
            if least is not None:
                fits &= self._price >= least
            if most is not None:
                fits &= self._price <= most
            found |= fits
        return found

    def _carry(self, slot: SlotName, values: Iterable[str]) -> Flags:
        """Which products carry any of the values."""
        found = np.zeros(len(self._price), dtype=np.bool_)
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
            found = np.zeros(len(self._price), dtype=np.bool_)
            found[self._numbers("slot = ?", [slot.value])] = True
            self._stated[slot] = found
        return self._stated[slot]

    def _numbers(self, where: str, parameters: Sequence[Any]) -> NDArray[np.int32]:
        """Products of `product_values`. One text from SQLite is read some five times as quickly as as many rows."""
        sql = f"SELECT group_concat(product) FROM product_values WHERE {where}"
        numbers = _parsed(self._db.execute(sql, parameters).fetchone()[0]).astype(np.int32)
        return numbers[numbers < len(self._price)]

    def _read_live(self) -> None:
        size = (self._db.execute("SELECT max(number) FROM products").fetchone()[0] or 0) + 1
        if size != len(self._price):
            self._carriers.clear()
            self._stated.clear()
        self._open, self._stocked = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
        self._price, self._currency = np.zeros(size, dtype=np.int64), np.full(size, -1, dtype=np.int8)
        self._currencies = [c for (c,) in self._db.execute("SELECT DISTINCT currency FROM products ORDER BY currency")]
        for code, currency in enumerate(self._currencies):
            # All of it stands in the index `products_by_price`.
            texts = self._db.execute(
                """SELECT group_concat(number), group_concat(price), group_concat(stock IS NULL OR stock > 0)
                FROM products WHERE available = 1 AND currency = ?""",
                [currency],
            ).fetchone()
            numbers, prices, stocked = map(_parsed, texts)
            known = numbers < size
            self._open[numbers[known]] = True
            self._price[numbers[known]] = prices[known]
            self._stocked[numbers[known]] = stocked[known] > 0
            self._currency[numbers[known]] = code


def _parsed(text: str | None) -> NDArray[np.int64]:
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.zeros(0, dtype=np.int64)
