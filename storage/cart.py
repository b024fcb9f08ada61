"""What each shopper means to buy. Only what was chosen is kept; what it costs, and whether it is there, is the
catalogue's to say each time. The price beside a line is the last one that the shopper was told.
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
from storage.variants import offer_of

MOST_LINES, MOST_PIECES = 20, 99


@dataclass(frozen=True, slots=True)
class CartLine:
    """One line. `color` and `size` are normal forms, "" where nothing was to be chosen; `impression_id` is the showing
    that it came from; `price` is what the shopper was told last.
    """

    id: int
    user_id: int
    product_id: str
    color: str
    size: str
    quantity: int
    price: Decimal
    currency: str
    impression_id: int


class Cart:
    """The lines of every shopper, the first one put in first."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, user_id: int) -> list[CartLine]:
        """A shopper's lines."""
        return [
            _line(found)
            for found in rows(self._db, "SELECT * FROM cart_lines WHERE user_id = ? ORDER BY id", [user_id])
        ]

    def add(
        self, user_id: int, product: Product, at: datetime, *, color: str, size: str, quantity: int, impression_id: int
    ) -> None:
        """Puts pieces in, on top of those of the same kind; never more than `MOST_PIECES` of one line, and nothing
        where the cart has `MOST_LINES` others.
        """
        offer = offer_of(product, color, size)
        price = offer.price if offer else product.price
        with immediate(self._db):
            held = row(
                self._db,
                "SELECT id FROM cart_lines WHERE user_id = ? AND product_id = ? AND color = ? AND size = ?",
                [user_id, product.id, color, size],
            )
            if held is None and len(self.of(user_id)) >= MOST_LINES:
                return
            self._db.execute(
                """INSERT INTO cart_lines (user_id, product_id, color, size, quantity, price, currency,
                impression_id, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (user_id, product_id, color, size) DO UPDATE SET
                quantity = min(quantity + excluded.quantity, ?),
                price = excluded.price, currency = excluded.currency""",
                [
                    *(user_id, product.id, color, size, min(quantity, MOST_PIECES)),
                    *(to_minor(price, product.currency), product.currency, impression_id),
                    *(instants.to_text(at), MOST_PIECES),
                ],
            )

    def set_quantity(self, user_id: int, line_id: int, quantity: int) -> None:
        """So many pieces of a line; none takes it out."""
        with immediate(self._db):
            if quantity <= 0:
                self._db.execute("DELETE FROM cart_lines WHERE user_id = ? AND id = ?", [user_id, line_id])
            else:
                self._db.execute(
                    "UPDATE cart_lines SET quantity = ? WHERE user_id = ? AND id = ?",
                    [min(quantity, MOST_PIECES), user_id, line_id],
                )

    def told(self, user_id: int, line_id: int, price: Decimal, currency: str) -> None:
        """The shopper was told this price of a line."""
        with immediate(self._db):
            self._db.execute(
                "UPDATE cart_lines SET price = ?, currency = ? WHERE user_id = ? AND id = ?",
                [to_minor(price, currency), currency, user_id, line_id],
            )

    def empty(self, user_id: int) -> None:
        """Takes everything out."""
        with immediate(self._db):
            self._db.execute("DELETE FROM cart_lines WHERE user_id = ?", [user_id])

    def shown_in(self, user_id: int) -> int:
        """The turn whose messages show the cart; 0 where none do."""
        found = row(self._db, "SELECT turn_id FROM cart_views WHERE user_id = ?", [user_id])
        return int(found["turn_id"]) if found else 0

    def shown(self, user_id: int, turn_id: int) -> None:
        """The messages of this turn show the cart now."""
        with immediate(self._db):
            self._db.execute("INSERT OR REPLACE INTO cart_views VALUES (?, ?)", [user_id, turn_id])


def _line(found: sqlite3.Row) -> CartLine:
    return CartLine(
        id=found["id"],
        user_id=found["user_id"],
        product_id=found["product_id"],
        color=found["color"],
        size=found["size"],
        quantity=found["quantity"],
        price=from_minor(found["price"], found["currency"]),
        currency=found["currency"],
        impression_id=found["impression_id"],
    )
