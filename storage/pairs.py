"""Which colours come in which sizes and for how much, in memory: for who asks for two of these at once, of products
that fit either.

    pairs = Pairs(db, shelf)
    pairs.keep(flags, Wanted(colors, sizes, in_stock))      # clears the flags of products that have no such variant

A product's variants are read when it is first asked about, and again when it has changed; they take 17 bytes each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from storage.shelf import Shelf

_READ = 500  # rows of one read
_NEVER = -1


Read = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one variant must be at once; no colours, sizes or `priced`: whatever. `priced` says of prices in minor
    units, with the codes of their currencies, which will do.
    """

    colors: Collection[str]
    sizes: Collection[str]
    in_stock: bool
    priced: Callable[[NDArray[np.int64], NDArray[np.int8]], NDArray[np.bool_]] | None = None

    def suits(self, color: str, size: str) -> bool:
        """Whether a variant of this colour and size will do."""
        colored = not self.colors or color in ("", *self.colors)
        return colored and (not self.sizes or size in ("", *self.sizes))


class Pairs:
    """By product number; `shelf` has followed the catalogue before each question."""

    def __init__(self, db: Database, shelf: Shelf) -> None:
        self._db, self._shelf = db, shelf
        self._read_at: NDArray[np.int64] = np.zeros(0, dtype=np.int64)  # the revision of the row that was read
        self._varied: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)  # has variants
        self._codes: dict[tuple[str, str], int] = {}  # of a colour in a size
        # Of each variant:
        self._products: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._pairs: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._there: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        self._units: NDArray[np.int64] = np.zeros(0, dtype=np.int64)  # its price in minor units

    def keep(self, flags: NDArray[np.bool_], wanted: Wanted) -> None:
        """Clears the flags of those that have none of these colours in any of these sizes at such a price."""
        self._follow(np.flatnonzero(flags))
        if not len(self._products):
            return
        fits = np.array([wanted.suits(color, size) for color, size in self._codes], dtype=np.bool_)
        chosen = fits[self._pairs] & self._there if wanted.in_stock else fits[self._pairs]
        if wanted.priced:
            chosen &= wanted.priced(self._units, self._shelf.codes[self._products])
        has = np.zeros(len(flags), dtype=np.bool_)
        has[self._products[chosen]] = True
        flags &= has | ~self._varied

    def _follow(self, numbers: NDArray[np.int64]) -> None:
        more = self._shelf.size - len(self._read_at)
        if more > 0:
            self._read_at = np.concatenate([self._read_at, np.full(more, _NEVER)])
            self._varied = np.concatenate([self._varied, np.zeros(more, dtype=np.bool_)])
        old = numbers[self._read_at[numbers] != self._shelf.changed[numbers]]
        if not len(old):
            return
        again = np.zeros(len(self._read_at), dtype=np.bool_)
        again[old[self._varied[old]]] = True
        self._varied[old] = False
        current = ~again[self._products]
        held = [(self._products[current], self._pairs[current], self._there[current], self._units[current])]
        held += [self._read(old[start : start + _READ]) for start in range(0, len(old), _READ)]
        products, pairs, there, units = zip(*held, strict=True)
        self._products, self._pairs = np.concatenate(products), np.concatenate(pairs)
        self._there, self._units = np.concatenate(there), np.concatenate(units)
        self._read_at[old] = self._shelf.changed[old]

    def _read(self, numbers: NDArray[np.int64]) -> Read:
        """Product, pair, whether it is there, and price of every variant of these products."""
        marks = ", ".join("?" * len(numbers))
        sql = f"SELECT number, price, variants FROM products WHERE variants != '[]' AND number IN ({marks})"
        products, pairs, there, units, codes = list[int](), list[int](), list[bool](), list[int](), self._codes
        for number, price, text in self._db.execute(sql, numbers.tolist()):  # many lists at once keep gc busy
            variants = json.loads(text)
            products += [number] * len(variants)
            pairs += [codes.setdefault((each[1], each[2]), len(codes)) for each in variants]
            there += [each[3] != 0 for each in variants]
            units += [price if each[4] is None else each[4] for each in variants]
        self._varied[products] = True
        return (
            np.array(products, dtype=np.int32),
            np.array(pairs, dtype=np.int32),
            np.array(there, dtype=np.bool_),
            np.array(units, dtype=np.int64),
        )
