"""Writing products: only what changed, in short transactions, so that the conversation is never kept waiting.

Segmenting is the slow part and happens before the write lock is taken. A changed price or stock touches one row of
one table: neither the full-text index nor the text hash that the vectors hang on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlite_utils import Database

from storage import product_rows
from storage.database import immediate, rows
from storage.product_rows import COLUMNS, LIVE_COLUMNS, TEXT_COLUMNS
from storage.records import Product

_Row = Mapping[str, Any] | sqlite3.Row
_Document = tuple[str, str, str, str]

_REMEMBERED = 32_768  # segmented texts of one import
_STEADY_COLUMNS = tuple(name for name in COLUMNS if name not in LIVE_COLUMNS)
# The revision that the transaction ends with (`_bump`).
_NEXT = "(SELECT value + 1 FROM catalogue_state WHERE name = 'revision')"
_INSERT = f"""INSERT INTO products ({", ".join(COLUMNS)}, changed)
VALUES ({", ".join(f":{name}" for name in COLUMNS)}, {_NEXT})"""


@dataclass(frozen=True, slots=True)
class Changes:
    """What an upsert did, in products."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    vanished: int = 0

    def __add__(self, other: Changes) -> Changes:
        return Changes(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.vanished + other.vanished,
        )

    @property
    def any(self) -> bool:
        return bool(self.added or self.changed or self.vanished)


class ProductWriter:
    """Writes batches of products with their filter values and search words."""

    def __init__(self, db: Database, segment: Callable[[str], str]) -> None:
        self._db = db
        # Brands, names of values and attributes come again with every other product.
        self._segment = lru_cache(maxsize=_REMEMBERED)(segment)

    def write(self, products: Mapping[str, Product]) -> Changes:
        """Add or change these products in one transaction."""
        wanted = {id: product_rows.to_row(product) for id, product in products.items()}
        documents = self._documents(products, wanted, self._held(wanted))
        with immediate(self._db):
            held = self._held(wanted)
            new = [id for id in wanted if id not in held]
            changed = [id for id in wanted if id in held and _differs(held[id], wanted[id])]
            steady = {id for id in changed if _differs(held[id], wanted[id], _STEADY_COLUMNS)}
            self._db.conn.executemany(_INSERT, [wanted[id] for id in new])
            self._db.conn.executemany(_update(COLUMNS), [wanted[id] for id in changed if id in steady])
            self._db.conn.executemany(_update(LIVE_COLUMNS), [wanted[id] for id in changed if id not in steady])
            rewritten = self._numbers([*new, *steady])
            self._write_values({number: products[id] for id, number in rewritten.items()})
            documents |= self._documents(products, wanted, held, done=documents)
            self._write_words({rewritten[id]: documents[id] for id in documents if id in rewritten})
            changes = Changes(len(new), len(changed), len(wanted) - len(new) - len(changed))
            self._bump(changes, values=bool(rewritten))
        return changes

    def withdraw(self, ids: Collection[str]) -> Changes:
        """Make these products unavailable: nothing finds them any more, old cards can still name them."""
        if not ids:
            return Changes()
        with immediate(self._db):
            self._db.conn.executemany(
                f"UPDATE products SET available = 0, changed = {_NEXT} WHERE id = ?", [(id,) for id in ids]
            )
            changes = Changes(vanished=len(ids))
            self._bump(changes, values=True)
        return changes

    def write_words_anew(self) -> None:
        """Segment every product again."""
        for row in rows(self._db, "SELECT * FROM products"):
            product = product_rows.to_product(row)
            self._write_words({row["number"]: product_rows.search_document(product, self._segment)})

    def _documents(
        self,
        products: Mapping[str, Product],
        wanted: Mapping[str, _Row],
        held: Mapping[str, _Row],
        done: Collection[str] = (),
    ) -> dict[str, _Document]:
        """Search words of the products whose text is new. Asked again under the lock, there is rarely one left."""
        return {
            id: product_rows.search_document(product, self._segment)
            for id, product in products.items()
            if id not in done and (id not in held or _differs(held[id], wanted[id], TEXT_COLUMNS))
        }

    def _held(self, ids: Iterable[str]) -> dict[str, sqlite3.Row]:
        wanted = list(ids)
        marks = ", ".join("?" * len(wanted))
        return {row["id"]: row for row in rows(self._db, f"SELECT * FROM products WHERE id IN ({marks})", wanted)}

    def _numbers(self, ids: Iterable[str]) -> dict[str, int]:
        return {id: row["number"] for id, row in self._held(ids).items()}

    def _write_values(self, products: Mapping[int, Product]) -> None:
        self._db.conn.executemany("DELETE FROM product_values WHERE product = ?", [(n,) for n in products])
        self._db.conn.executemany(
            "INSERT INTO product_values VALUES (?, ?, ?)",
            [
                (number, slot, value)
                for number, product in products.items()
                for slot, value in product_rows.filtered_values(product)
            ],
        )

    def _write_words(self, documents: Mapping[int, _Document]) -> None:
        self._db.conn.executemany("DELETE FROM product_text WHERE rowid = ?", [(n,) for n in documents])
        self._db.conn.executemany(
            "INSERT INTO product_text (rowid, title, title_zh, words, description) VALUES (?, ?, ?, ?, ?)",
            [(number, *document) for number, document in documents.items()],
        )

    def _bump(self, changes: Changes, *, values: bool) -> None:
        names = [name for name, moved in (("revision", changes.any), ("values", values)) if moved]
        for name in names:
            self._db.execute("UPDATE catalogue_state SET value = value + 1 WHERE name = ?", [name])


def _update(columns: Iterable[str]) -> str:
    return f"UPDATE products SET {', '.join(f'{name} = :{name}' for name in columns)}, changed = {_NEXT} WHERE id = :id"


def _differs(held: _Row, wanted: _Row, columns: Iterable[str] = COLUMNS) -> bool:
    return any(held[name] != wanted[name] for name in columns)
