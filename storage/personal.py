"""The one list of every place that holds something personal, and what walks it: erasing (storage/forgetting.py) and
exporting.

A new table with a shopper's or a chat's id must be entered here; a test reads the schema and fails until it is. What
visitors of the shop's own site did (`behaviour`) holds keyed hashes of the shop's ids and no shopper's or chat's id;
who asks the shop to be forgotten is erased there by `shopbot events forget`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from storage.database import rows
from storage.shop import Shop
from storage.tastes import unpack


@dataclass(frozen=True, slots=True)
class Store:
    """A table with rows about a shopper. `columns` hold the ids that say so; `where` finds the rows by :user.

    `blank`, where it is set, empties the rows instead of deleting them. `exported` is false where a row may be
    somebody else's, `erased` where it is nobody's as soon as the row that it belongs to is.
    """

    table: str
    columns: tuple[str, ...]
    where: str
    blank: str = ""
    exported: bool = True
    erased: bool = True


ERASING = "erasures"
"""Who is being forgotten right now."""

# In the order of erasing: what refers to a row goes before it.
STORES = (
    Store("feedback", ("user_id",), "user_id = :user"),
    Store("feedback_events", ("user_id",), "user_id = :user"),
    Store("impressions", ("user_id",), "turn_id IN (SELECT id FROM turns WHERE user_id = :user)"),
    Store(
        "sent",
        ("chat_id",),
        """chat_id = :user OR turn_id IN (SELECT id FROM turns WHERE user_id = :user)
        OR update_id IN (SELECT update_id FROM updates WHERE user_id = :user)""",
    ),
    Store("second_readings", (), "turn_id IN (SELECT id FROM turns WHERE user_id = :user)"),
    Store("tickets", ("user_id", "chat_id"), "user_id = :user"),
    Store("case_messages", (), "case_id IN (SELECT id FROM cases WHERE user_id = :user)"),
    Store(
        "outbox",
        ("user_id", "chat_id"),
        "user_id = :user OR chat_id = :user OR case_id IN (SELECT id FROM cases WHERE user_id = :user)",
    ),
    # The files themselves go after their rows: storage/case_files.py.
    Store("case_files", ("user_id",), "user_id = :user OR case_id IN (SELECT id FROM cases WHERE user_id = :user)"),
    Store("cases", ("user_id", "chat_id"), "user_id = :user"),
    # Each turn takes its words with it, out of turn_text.
    Store("turns", ("user_id", "chat_id"), "user_id = :user"),
    Store("conversations", ("user_id",), "user_id = :user"),
    Store("tastes", ("user_id",), "user_id = :user"),
    # The sum of the day stays in spending_days, which knows nobody.
    Store("spending", ("user_id",), "user_id = :user"),
    # The number of the update stays, so that a late second delivery is still known for what it is.
    Store(
        "updates",
        ("user_id",),
        "user_id = :user",
        blank="user_id = 0, body = '', state = 'done', outcome = 'erased'",
    ),
    # Nobody knows whose a malformed update was: whatever mentions the number goes, and nobody is handed it.
    Store(
        "malformed_updates",
        (),
        "'|' || body || '|' || error || '|' GLOB '*[^0-9]' || :user || '[^0-9]*'",
        exported=False,
    ),
    Store("link_tries", ("user_id",), "user_id = :user"),
    Store("cart_lines", ("user_id",), "user_id = :user"),
    Store("cart_views", ("user_id",), "user_id = :user"),
    Store("saved", ("user_id",), "user_id = :user"),
    # What was sold stays in the shop's books, as nobody's.
    Store("order_lines", (), "order_id IN (SELECT id FROM orders WHERE user_id = :user)", erased=False),
    Store("orders", ("user_id",), "user_id = :user", blank="user_id = NULL, campaign = ''"),
    Store("preferences", ("user_id",), "user_id = :user"),
    Store("campaign_visits", ("user_id",), "user_id = :user"),
    Store("shoppers", ("user_id",), "user_id = :user"),
    # The last: while it is there, whoever opens the database next goes on.
    Store(ERASING, ("user_id",), "user_id = :user", exported=False),
)

_JSON_COLUMNS = {"understanding", "need", "slate", "timings", "versions", "features", "parts", "reasons"}


def export(shop: Shop, user_id: int) -> dict[str, list[dict[str, Any]]]:
    """All that is held about a shopper, rows by table, ready for JSON."""
    return {
        store.table: [
            {name: _readable(name, found[name]) for name in found.keys()}  # noqa: SIM118 (a Row iterates values)
            for found in rows(shop.db, f"SELECT * FROM {store.table} WHERE {store.where}", {"user": user_id})
        ]
        for store in STORES
        if store.exported
    }


def counts(shop: Shop, user_id: int) -> dict[str, int]:
    """How many rows each table holds about a shopper."""
    return {
        store.table: int(
            shop.db.execute(f"SELECT count(*) FROM {store.table} WHERE {store.where}", {"user": user_id}).fetchone()[0]
        )
        for store in STORES
        if store.exported
    }


def _readable(column: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return list(unpack(value))
    if column in _JSON_COLUMNS and value is not None:
        return json.loads(value)
    return value
