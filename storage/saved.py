"""What each shopper keeps for later, and which of it they asked to be told about.

A row holds what the shopper knows of the product (price, whether it was sold out), so that a change is told once: what
was told is what is known from then on.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows
from storage.money import from_minor, to_minor
from storage.records import Product
from storage.variants import any_there


@dataclass(frozen=True, slots=True)
class SavedItem:
    """One item. `notify` is true where news of it were asked for; `price` and `sold_out` are what the shopper knows.
    `color` and `size` are those whose return is waited for, "" for any.
    """

    id: int
    user_id: int
    product_id: str
    impression_id: int
    notify: bool
    price: Decimal
    currency: str
    sold_out: bool
    color: str = ""
    size: str = ""


class Saved:
    """The items of every shopper."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, user_id: int) -> list[SavedItem]:
        """A shopper's items, the newest first."""
        sql = "SELECT * FROM saved WHERE user_id = ? ORDER BY id DESC"
        return [_item(found) for found in rows(self._db, sql, [user_id])]

    def get(self, item_id: int) -> SavedItem | None:
        """The item of a number, whosever it is."""
        found = row(self._db, "SELECT * FROM saved WHERE id = ?", [item_id])
        return _item(found) if found else None

    def find(self, user_id: int, product_id: str) -> SavedItem | None:
        """The shopper's item of a product."""
        found = row(self._db, "SELECT * FROM saved WHERE user_id = ? AND product_id = ?", [user_id, product_id])
        return _item(found) if found else None

    def add(self, user_id: int, product: Product, impression_id: int, at: datetime) -> None:
        """Keeps a product; one that is kept already stays as it is."""
        with immediate(self._db):
            self._db.execute(
                """INSERT OR IGNORE INTO saved (user_id, product_id, impression_id, saved_at, price, currency, sold_out)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
                [user_id, product.id, impression_id, instants.to_text(at), *_known(product)],
            )

    def remove(self, user_id: int, product_id: str) -> None:
        """Keeps it no longer."""
        with immediate(self._db):
            self._db.execute("DELETE FROM saved WHERE user_id = ? AND product_id = ?", [user_id, product_id])

    def notify(self, user_id: int, product: Product, wanted: bool, color: str = "", size: str = "") -> None:
        """News of a kept product are wanted from now on (against what it costs now, and whether there is some of this
        colour and size), or no longer.
        """
        with immediate(self._db):
            self._db.execute(
                """UPDATE saved SET notify = ?, price = ?, currency = ?, sold_out = ?, color = ?, size = ?
                WHERE user_id = ? AND product_id = ?""",
                [int(wanted), *_known(product, color, size), color, size, user_id, product.id],
            )

    def stop_notices(self, user_id: int) -> int:
        """No news of anything any more; how many items there were news of."""
        with immediate(self._db):
            return self._db.execute("UPDATE saved SET notify = 0 WHERE user_id = ? AND notify = 1", [user_id]).rowcount

    def watched(self) -> list[SavedItem]:
        """Every item that news were asked for of, shopper by shopper, the oldest first."""
        return [_item(found) for found in rows(self._db, "SELECT * FROM saved WHERE notify = 1 ORDER BY user_id, id")]

    def told(self, item: SavedItem, product: Product) -> None:
        """The shopper knows what a product costs now, and whether it is there."""
        with immediate(self._db):
            sql = "UPDATE saved SET price = ?, currency = ?, sold_out = ? WHERE id = ?"
            self._db.execute(sql, [*_known(product, item.color, item.size), item.id])

    def missed(self, item_id: int) -> None:
        """It was seen sold out, so that its return is news."""
        with immediate(self._db):
            self._db.execute("UPDATE saved SET sold_out = 1 WHERE id = ?", [item_id])


def is_there(product: Product, color: str = "", size: str = "") -> bool:
    """Whether it can be bought: listed, and not known to be sold out, in this colour and size where one is named."""
    named = bool(product.variants and (color or size))
    return product.available and product.stock != 0 and (not named or any_there(product, color, size))


def _known(product: Product, color: str = "", size: str = "") -> tuple[int, str, int]:
    return to_minor(product.price, product.currency), product.currency, int(not is_there(product, color, size))


def _item(found: sqlite3.Row) -> SavedItem:
    return SavedItem(
        id=found["id"],
        user_id=found["user_id"],
        product_id=found["product_id"],
        impression_id=found["impression_id"],
        notify=bool(found["notify"]),
        price=from_minor(found["price"], found["currency"]),
        currency=found["currency"],
        sold_out=bool(found["sold_out"]),
        color=found["color"],
        size=found["size"],
    )
