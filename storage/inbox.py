"""Every update is stored here before Telegram is told that it arrived, and worked on once.

Delivery is then at least once from Telegram, and `update_id` makes it once for us. What was not finished when the
process died is pending at the next start.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows
from storage.records import Update

_MALFORMED_KEPT = 1000
_MALFORMED_LENGTH = 65536  # characters of a malformed update that are kept


class Inbox:
    """The queue of raw updates. `bot_id` says which bot took one, where a shop has had several."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, updates: Sequence[Update], *, bot_id: int = 0) -> int:
        """Store a batch in one commit, passing over what is known; how many were new."""
        if not updates:
            return 0
        with immediate(self._db):
            before = self._db.conn.total_changes
            self._db.conn.executemany(
                """INSERT OR IGNORE INTO updates (update_id, bot_id, user_id, body, received_at, state)
                VALUES (?, ?, ?, ?, ?, 'new')""",
                [(u.update_id, bot_id, u.user_id, u.body, instants.to_text(u.received_at)) for u in updates],
            )
            return self._db.conn.total_changes - before

    def pending(self) -> list[Update]:
        """What is not finished, in the order it was sent."""
        return [
            _update(found) for found in rows(self._db, "SELECT * FROM updates WHERE state = 'new' ORDER BY update_id")
        ]

    def waiting(self) -> int:
        """How many are not finished: counted in the index, however many and however long they are."""
        return int(self._db.execute("SELECT count(*) FROM updates WHERE state = 'new'").fetchone()[0])

    def pending_of(self, update_ids: Sequence[int]) -> list[Update]:
        """Those of these updates that are not finished, in the order they were sent."""
        marks = ",".join("?" * len(update_ids))
        sql = f"SELECT * FROM updates WHERE state = 'new' AND update_id IN ({marks}) ORDER BY update_id"
        return [_update(found) for found in rows(self._db, sql, list(update_ids))]

    def start(self, update_id: int) -> int:
        """Count one more attempt, before the work begins; how many there are now."""
        with immediate(self._db):
            self._db.execute("UPDATE updates SET attempts = attempts + 1 WHERE update_id = ?", [update_id])
            found = row(self._db, "SELECT attempts FROM updates WHERE update_id = ?", [update_id])
        return int(found["attempts"]) if found else 0

    def finish(self, update_id: int, outcome: str = "done") -> None:
        """Take an update off the queue. An outcome that begins with "failed" marks it as such."""
        self.finish_all([update_id], outcome)

    def finish_all(self, update_ids: Iterable[int], outcome: str) -> None:
        """Take several off the queue, in one commit."""
        state = "failed" if outcome.startswith("failed") else "done"
        at = instants.to_text(instants.now())
        with immediate(self._db):
            self._db.conn.executemany(
                "UPDATE updates SET state = ?, outcome = ?, finished_at = ? WHERE update_id = ?",
                [(state, outcome, at, update_id) for update_id in update_ids],
            )

    def report(self, body: str, error: str) -> None:
        """Keep an update that could not be read, for the owner; the last thousand are kept."""
        with immediate(self._db):
            self._db.execute(
                "INSERT INTO malformed_updates (body, error, received_at) VALUES (?, ?, ?)",
                [body[:_MALFORMED_LENGTH], error[:_MALFORMED_LENGTH], instants.to_text(instants.now())],
            )
            self._db.execute(
                """DELETE FROM malformed_updates WHERE id <=
                (SELECT max(id) FROM malformed_updates) - ?""",
                [_MALFORMED_KEPT],
            )

    def malformed(self) -> list[tuple[str, str]]:
        """(body, error) of the updates that could not be read, oldest first."""
        return [
            (body, error) for body, error in self._db.execute("SELECT body, error FROM malformed_updates ORDER BY id")
        ]


def _update(found: sqlite3.Row) -> Update:
    return Update(
        update_id=found["update_id"],
        user_id=found["user_id"],
        body=found["body"],
        received_at=instants.from_text(found["received_at"]),
        attempts=found["attempts"],
    )
