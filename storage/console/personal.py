"""What in the console's database hangs on a shopper's turns, conversations or cases, and goes when they are gone.

The console keeps no shopper's id: a shopper is erased in the shop's database, by the bot (storage/personal.py), and
what staff noted about their turns is swept after it. Numbers of turns, conversations and cases are never given twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.console.database import ConsoleStore
from storage.database import immediate


@dataclass(frozen=True, slots=True)
class Swept:
    """Rows of `table` whose `column` names no row of the shop's table `of` any more are removed."""

    table: str
    column: str
    of: str


SWEPT: tuple[Swept, ...] = (
    Swept("case_notes", "case_id", "cases"),
    Swept("case_notes", "ticket_id", "tickets"),
    Swept("unmet", "turn_id", "turns"),
    Swept("claims", "turn_id", "turns"),
    Swept("review_queue", "turn_id", "turns"),
    Swept("opinions", "turn_id", "turns"),
    Swept("label_events", "turn_id", "turns"),
    Swept("labels", "turn_id", "turns"),
    Swept("notes", "turn_id", "turns"),
    Swept("notes", "conversation_id", "conversations"),
    Swept("tags", "conversation_id", "conversations"),
    Swept("reviewed_conversations", "conversation_id", "conversations"),
)
"""In the order of sweeping: what refers to a row goes before it."""


def sweep(store: ConsoleStore) -> dict[str, int]:
    """Remove what hangs on nothing, in one transaction; rows by table. Without the shop's database nothing is."""
    db = store.db
    if not store.attached:
        return {}
    db.execute("PRAGMA secure_delete = ON")
    gone: dict[str, int] = {}
    with immediate(db):
        db.execute("INSERT INTO sweeping VALUES (1)")  # label events go now, or never
        for each in SWEPT:
            done = db.execute(
                f"""DELETE FROM main.{each.table} WHERE {each.column} IS NOT NULL AND NOT EXISTS
                (SELECT 1 FROM shop.{each.of} AS there WHERE there.id = main.{each.table}.{each.column})"""
            )
            gone[each.table] = gone.get(each.table, 0) + done.rowcount
        db.execute("DELETE FROM sweeping")
    db.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchall()
    return gone
