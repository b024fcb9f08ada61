"""Messages that no update caused: stored in the commit that decides on them, and delivered from here in their order.

The key is the sender's own name for the message: the same one is stored once, however often it is asked for.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message to be sent. `body` is the bot's own JSON of a reply; `turn_id` the turn whose cards come with it;
    `user_id` is 0 where it goes to nobody who shops (the owner's warnings).
    """

    id: int
    user_id: int
    chat_id: int
    body: str
    turn_id: int | None
    attempts: int


class Outbox:
    """The queue, in order for each chat."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(
        self,
        key: str,
        chat_id: int,
        body: str,
        at: datetime,
        *,
        user_id: int = 0,
        case_id: int | None = None,
        turn_id: int | None = None,
    ) -> int | None:
        """Stores a message; its id, or None where the key is known already."""
        with immediate(self._db):
            self._db.execute(
                """INSERT OR IGNORE INTO outbox (key, user_id, chat_id, case_id, turn_id, body, state, at)
                VALUES (?, ?, ?, ?, ?, ?, 'new', ?)""",
                [key, user_id, chat_id, case_id, turn_id, body, instants.to_text(at)],
            )
            if not self._db.execute("SELECT changes()").fetchone()[0]:
                return None
            found = row(self._db, "SELECT id FROM outbox WHERE key = ?", [key])
        assert found is not None
        return int(found["id"])

    def attach(self, outbox_id: int, turn_id: int) -> None:
        """The cards of a turn go with the message."""
        with immediate(self._db):
            self._db.execute("UPDATE outbox SET turn_id = ? WHERE id = ?", [turn_id, outbox_id])

    def chats(self) -> list[int]:
        """Chats with something to be sent, the longest waiting first."""
        found = self._db.execute("SELECT chat_id FROM outbox WHERE state = 'new' GROUP BY chat_id ORDER BY min(id)")
        return [chat_id for (chat_id,) in found]

    def next_of(self, chat_id: int) -> OutboxRow | None:
        """The oldest message to be sent to a chat."""
        found = row(self._db, "SELECT * FROM outbox WHERE chat_id = ? AND state = 'new' ORDER BY id LIMIT 1", [chat_id])
        return _row(found) if found else None

    def sent(self, outbox_id: int, message_id: int, at: datetime) -> None:
        """Telegram has taken it, as `message_id`."""
        self._end(outbox_id, "sent", at, "", message_id)

    def failed(self, outbox_id: int, why: str, at: datetime) -> None:
        """It is given up: `why` is "unreachable" or "refused"."""
        self._end(outbox_id, "failed", at, why, None)

    def tried(self, outbox_id: int) -> int:
        """Counts an attempt; how many there were."""
        with immediate(self._db):
            self._db.execute("UPDATE outbox SET attempts = attempts + 1 WHERE id = ?", [outbox_id])
            found = row(self._db, "SELECT attempts FROM outbox WHERE id = ?", [outbox_id])
        return int(found["attempts"]) if found else 0

    def states(self) -> dict[str, int]:
        """How many messages are new, sent and failed."""
        return {r["state"]: r["n"] for r in rows(self._db, "SELECT state, count(*) AS n FROM outbox GROUP BY state")}

    def _end(self, outbox_id: int, state: str, at: datetime, why: str, message_id: int | None) -> None:
        with immediate(self._db):
            self._db.execute(
                "UPDATE outbox SET state = ?, why = ?, message_id = ?, sent_at = ? WHERE id = ?",
                [state, why, message_id, instants.to_text(at), outbox_id],
            )


def _row(found: sqlite3.Row) -> OutboxRow:
    return OutboxRow(
        id=found["id"],
        user_id=found["user_id"],
        chat_id=found["chat_id"],
        body=found["body"],
        turn_id=found["turn_id"],
        attempts=found["attempts"],
    )
