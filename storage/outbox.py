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
    `user_id` is 0 where it goes to nobody who shops (the owner's warnings); `file_id` a file that goes with it.
    """

    id: int
    user_id: int
    chat_id: int
    body: str
    turn_id: int | None
    attempts: int
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """How a message stands: `state` is "new", "sent" or "failed", `why` what failed; a new one may wait until
    `not_before`.
    """

    state: str
    why: str
    at: datetime
    not_before: datetime | None


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
        file_id: int | None = None,
        not_before: datetime | None = None,
    ) -> int | None:
        """Stores a message, to be sent from `not_before` on; its id, or None where the key is known already."""
        with immediate(self._db):
            self._db.execute(
                """INSERT OR IGNORE INTO outbox
                (key, user_id, chat_id, case_id, turn_id, file_id, body, state, at, not_before)
                VALUES (?, ?, ?, ?, ?, ?, ?, 'new', ?, ?)""",
                [
                    *(key, user_id, chat_id, case_id, turn_id, file_id, body, instants.to_text(at)),
                    instants.to_text(not_before) if not_before else None,
                ],
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

    def attach_file(self, outbox_id: int, file_id: int) -> None:
        """A file goes with the message."""
        with immediate(self._db):
            self._db.execute("UPDATE outbox SET file_id = ? WHERE id = ?", [file_id, outbox_id])

    def chats(self, now: datetime | None = None) -> list[int]:
        """Chats with something to be sent now, the longest waiting first."""
        found = self._db.execute(
            f"SELECT chat_id FROM outbox WHERE {_DUE} GROUP BY chat_id ORDER BY min(id)", [_instant(now)]
        )
        return [chat_id for (chat_id,) in found]

    def next_of(self, chat_id: int, now: datetime | None = None) -> OutboxRow | None:
        """The oldest message to be sent to a chat now; what waits for its hour holds up nothing."""
        found = row(
            self._db,
            f"SELECT * FROM outbox WHERE {_DUE} AND chat_id = ? ORDER BY id LIMIT 1",
            [_instant(now), chat_id],
        )
        return _row(found) if found else None

    def last_posted(self, key_prefix: str) -> Posted | None:
        """How the newest message stands whose key begins with this."""
        found = row(
            self._db,
            "SELECT state, why, at, not_before FROM outbox WHERE key >= ? AND key < ? ORDER BY id DESC LIMIT 1",
            [key_prefix, key_prefix[:-1] + chr(ord(key_prefix[-1]) + 1)],
        )
        if found is None:
            return None
        not_before = instants.from_text(found["not_before"]) if found["not_before"] else None
        return Posted(found["state"], found["why"], instants.from_text(found["at"]), not_before)

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


_DUE = "state = 'new' AND (not_before IS NULL OR not_before <= ?)"


def _instant(now: datetime | None) -> str:
    return instants.to_text(now or instants.now())


def _row(found: sqlite3.Row) -> OutboxRow:
    return OutboxRow(
        id=found["id"],
        user_id=found["user_id"],
        chat_id=found["chat_id"],
        body=found["body"],
        turn_id=found["turn_id"],
        attempts=found["attempts"],
        file_id=found["file_id"],
    )
