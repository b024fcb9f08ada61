"""Which colours come in which sizes, in memory: for who asks for both at once, of products that fit either.

    pairs = Pairs(db, shelf)
    pairs.keep(flags, colors, sizes, in_stock)      # clears the flags of products that have no such variant

Of most products every listed colour comes in every listed size, and nothing is to be kept of them. A product is read
when it is first asked about, and again when it has changed.
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
        self._uneven: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        self._variants: dict[int, list[tuple[str, str, bool]]] = {}  # colour, size, whether there; of uneven products

    def keep(self, flags: NDArray[np.bool_], colors: Collection[str], sizes: Collection[str], in_stock: bool) -> None:
        """Clears the flags of those that have none of these colours in any of these sizes."""
        numbers = np.flatnonzero(flags)
        self._follow(numbers)
        for number in numbers[self._uneven[numbers]].tolist():
            flags[number] = any(
                (there or not in_stock) and (not color or color in colors) and (not size or size in sizes)
                for color, size, there in self._variants[number]
            )

    def _follow(self, numbers: NDArray[np.int64]) -> None:
        more = self._shelf.size - len(self._read_at)
        if more > 0:
            self._read_at = np.concatenate([self._read_at, np.full(more, _NEVER)])
            self._uneven = np.concatenate([self._uneven, np.zeros(more, dtype=np.bool_)])
        old = numbers[self._read_at[numbers] != self._shelf.changed[numbers]]
        for start in range(0, len(old), _READ):
            self._read(old[start : start + _READ])
        self._read_at[old] = self._shelf.changed[old]

    def _read(self, numbers: NDArray[np.int64]) -> None:
        self._uneven[numbers] = False
        marks = ", ".join("?" * len(numbers))
        sql = f"SELECT number, variants FROM products WHERE variants != '[]' AND number IN ({marks})"
        for number, text in self._db.execute(sql, numbers.tolist()):
            variants = [(color, size, stock != 0) for _, color, size, stock, _ in json.loads(text)]
            there = {(color, size) for color, size, is_there in variants if is_there}
            colors, sizes = ({pair[at] for pair in there} for at in (0, 1))
            if not there or len(there) < len(colors) * len(sizes):
                self._variants[number], self._uneven[number] = variants, True
