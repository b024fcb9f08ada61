"""Which colours come in which sizes, in memory: for who asks for both at once, of products that fit either.

    pairs = Pairs(db, shelf)
    pairs.keep(flags, colors, sizes, in_stock)      # clears the flags of products that have no such variant

A product's variants are read when it is first asked about, and again when it has changed; they take nine bytes each.
"""

from __future__ import annotations

import json
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from storage.shelf import Shelf

_READ = 500  # rows of one read
_NEVER = -1


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

    def keep(self, flags: NDArray[np.bool_], colors: Collection[str], sizes: Collection[str], in_stock: bool) -> None:
        """Clears the flags of those that have none of these colours in any of these sizes."""
        self._follow(np.flatnonzero(flags))
        if not len(self._products):
            return
        fits = np.array(
            [color in ("", *colors) and size in ("", *sizes) for color, size in self._codes], dtype=np.bool_
        )
        chosen = fits[self._pairs] & self._there if in_stock else fits[self._pairs]
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
        held = [(self._products[current], self._pairs[current], self._there[current])]
        held += [self._read(old[start : start + _READ]) for start in range(0, len(old), _READ)]
        self._products, self._pairs, self._there = (np.concatenate(column) for column in zip(*held, strict=True))
        self._read_at[old] = self._shelf.changed[old]

    def _read(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
        """Product, pair and whether it is there, of every variant of these products."""
        marks = ", ".join("?" * len(numbers))
        sql = f"SELECT number, variants FROM products WHERE variants != '[]' AND number IN ({marks})"
        products, pairs, there, codes = list[int](), list[int](), list[bool](), self._codes
        for number, text in self._db.execute(sql, numbers.tolist()):  # one by one: many lists at once keep gc busy
            variants = json.loads(text)
            products += [number] * len(variants)
            pairs += [codes.setdefault((each[1], each[2]), len(codes)) for each in variants]
            there += [each[3] != 0 for each in variants]
        self._varied[products] = True
        return np.array(products, dtype=np.int32), np.array(pairs, dtype=np.int32), np.array(there, dtype=np.bool_)
