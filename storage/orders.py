"""Orders: those made in the chat, and those of the shop that were imported. An order keeps what was bought at what
price, whatever becomes of the catalogue's row.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows
from storage.money import from_minor, to_minor


class OrderStatus(StrEnum):
    """Where an order stands. UNPAID waits for a payment that may never come, and is nobody's order until then."""

    UNPAID = "unpaid"
    PLACED = "placed"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    REFUNDED = "refunded"


class OrderSource(StrEnum):
    """Where an order was made."""

    BOT = "bot"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One position. `variant` is what was chosen of it ("red, M"), in the words of the order; `unit_price` is exact."""

    product_id: str
    title: str
    variant: str
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `number` is what the shopper is told; `user_id` None is nobody's (imported and not linked). `payment`
    is the payment's id at Telegram, `campaign` the start payload that the shopper came with.
    """

    number: str
    user_id: int | None
    status: str
    placed_at: datetime
    currency: str
    total: Decimal
    lines: tuple[OrderLine, ...]
    source: OrderSource = OrderSource.BOT
    updated_at: datetime | None = None
    tracking: str = ""
    payment: str = ""
    campaign: str = ""
    id: int = 0


class Orders:
    """All orders by their number."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def fresh_number(self) -> str:
        """A number that no order has: seven digits that tell nothing of how many there are."""
        while True:
            number = f"SB-{secrets.randbelow(9_000_000) + 1_000_000}"
            if row(self._db, "SELECT 1 FROM orders WHERE number = ?", [number]) is None:
                return number

    def add(self, order: Order) -> int | None:
        """Keeps an order with its lines; its id, or None where the number is known already (nothing is written)."""
        with immediate(self._db):
            self._db.execute(
                """INSERT OR IGNORE INTO orders (number, user_id, status, placed_at, updated_at, currency, total,
                source, tracking, payment, campaign) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                [
                    *(order.number, order.user_id, order.status, instants.to_text(order.placed_at)),
                    *(instants.to_text(order.updated_at or order.placed_at), order.currency),
                    *(to_minor(order.total, order.currency), order.source.value, order.tracking),
                    *(order.payment, order.campaign),
                ],
            )
            if not self._db.execute("SELECT changes()").fetchone()[0]:
                return None
            found = row(self._db, "SELECT id FROM orders WHERE number = ?", [order.number])
            assert found is not None
            self._write_lines(int(found["id"]), order)
            return int(found["id"])

    def get(self, number: str) -> Order | None:
        """The order of a number, letter for letter."""
        found = row(self._db, "SELECT * FROM orders WHERE number = ?", [number])
        return self._order(found) if found else None

    def of(self, user_id: int, limit: int = 20) -> list[Order]:
        """A shopper's orders, the newest first; what waits for its payment is none yet."""
        sql = "SELECT * FROM orders WHERE user_id = ? AND status != 'unpaid' ORDER BY placed_at DESC, id DESC LIMIT ?"
        return [self._order(found) for found in rows(self._db, sql, [user_id, limit])]

    def change(self, order: Order) -> None:
        """Writes what an import may change of the order of this number."""
        with immediate(self._db):
            self._db.execute(
                """UPDATE orders SET status = ?, placed_at = ?, updated_at = ?, currency = ?, total = ?, tracking = ?
                WHERE id = ?""",
                [
                    *(order.status, instants.to_text(order.placed_at)),
                    *(instants.to_text(order.updated_at or order.placed_at), order.currency),
                    *(to_minor(order.total, order.currency), order.tracking, order.id),
                ],
            )
            self._db.execute("DELETE FROM order_lines WHERE order_id = ?", [order.id])
            self._write_lines(order.id, order)

    def set_status(self, number: str, status: str, at: datetime, *, payment: str = "", only: str = "") -> bool:
        """Moves an order on; false where there is none, or where it does not stand at `only`."""
        with immediate(self._db):
            moved = self._db.execute(
                """UPDATE orders SET status = :status, updated_at = :at,
                payment = CASE :payment WHEN '' THEN payment ELSE :payment END
                WHERE number = :number AND (:only = '' OR status = :only)""",
                {"status": status, "at": instants.to_text(at), "payment": payment, "number": number, "only": only},
            ).rowcount
        return bool(moved)

    def forget_unpaid(self, before: datetime) -> int:
        """Removes what was never paid; how many there were."""
        with immediate(self._db):
            sql = "DELETE FROM orders WHERE status = 'unpaid' AND placed_at < ?"
            return self._db.execute(sql, [instants.to_text(before)]).rowcount

    def _write_lines(self, order_id: int, order: Order) -> None:
        for place, line in enumerate(order.lines, start=1):
            self._db.execute(
                "INSERT INTO order_lines VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    *(order_id, place, line.product_id, line.title, line.variant, line.quantity),
                    to_minor(line.unit_price, order.currency),
                ],
            )

    def _order(self, found: sqlite3.Row) -> Order:
        currency = found["currency"]
        return Order(
            number=found["number"],
            user_id=found["user_id"],
            status=found["status"],
            placed_at=instants.from_text(found["placed_at"]),
            currency=currency,
            total=from_minor(found["total"], currency),
            lines=self._lines(found["id"], currency),
            source=OrderSource(found["source"]),
            updated_at=instants.from_text(found["updated_at"]),
            tracking=found["tracking"],
            payment=found["payment"],
            campaign=found["campaign"],
            id=found["id"],
        )

    def _lines(self, order_id: int, currency: str) -> tuple[OrderLine, ...]:
        held: Sequence[sqlite3.Row] = list(
            rows(self._db, "SELECT * FROM order_lines WHERE order_id = ? ORDER BY line", [order_id])
        )
        return tuple(
            OrderLine(
                each["product_id"],
                each["title"],
                each["variant"],
                each["quantity"],
                from_minor(each["unit_price"], currency),
            )
            for each in held
        )
