"""The queue of updates that wait for the bot, as Telegram's servers keep it.

An update waits until a later `getUpdates` names a higher offset, or until it expires: messages after a day,
pressed buttons after 150 seconds. Kinds that `allowed_updates` leaves out are not stored at all.
"""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

Update = dict[str, Any]
MESSAGE_SECONDS = 24 * 3600.0
QUERY_SECONDS = 150.0
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class UpdateQueue:
    """Reads and writes the queue; the caller opens the transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: str, body: Any, *, chat_id: int | None, at: float) -> int:
        """Queues `{update_id, kind: body}` and returns its id, 0 when the bot does not want this kind."""
        if not self.wants(kind):
            return 0
        update_id = int(self._fact("next_update_id"))
        self._set_fact("next_update_id", str(update_id + 1))
        life = QUERY_SECONDS if kind == "callback_query" else MESSAGE_SECONDS
        self._database.table("updates").insert(
            {
                "update_id": update_id,
                "kind": kind,
                "chat_id": chat_id,
                # ASCII: an update may hold lone surrogates, which SQLite does not.
                "body": json.dumps({"update_id": update_id, kind: body}),
                "expires": at + life,
            }
        )
        return update_id

    def wants(self, kind: str) -> bool:
        allowed = json.loads(self._fact("allowed_updates"))
        return kind in allowed if allowed else kind not in NOT_BY_DEFAULT

    def allow(self, kinds: list[str]) -> None:
        """Sticky until changed; an empty list means the default kinds."""
        wanted = json.dumps(kinds)
        if wanted != self._fact("allowed_updates"):
            self._set_fact("allowed_updates", wanted)

    def allowed(self) -> list[str]:
        found: list[str] = json.loads(self._fact("allowed_updates"))
        return found

    def forget_below(self, offset: int) -> None:
        """Drops what a `getUpdates` with this offset acknowledges; -n keeps the newest n."""
        if offset < 0:
            self._database.execute(
                "DELETE FROM updates WHERE update_id NOT IN "
                "(SELECT update_id FROM updates ORDER BY update_id DESC LIMIT ?)",
                [-offset],
            )
        elif offset > 0:
            self._database.execute("DELETE FROM updates WHERE update_id < ?", [offset])

    def head(self, limit: int, at: float) -> list[Update]:
        """The oldest `limit` updates that are still alive."""
        self._database.execute("DELETE FROM updates WHERE expires < ?", [at])
        rows = self._database.query("SELECT body FROM updates ORDER BY update_id LIMIT ?", [limit])
        return [json.loads(row["body"]) for row in rows]

    def heads(self, at: float) -> list[tuple[int, Update]]:
        """(queue, its oldest update) of each queue that has any; a chat's updates are a queue."""
        self._database.execute("DELETE FROM updates WHERE expires < ?", [at])
        rows = self._database.query(
            """SELECT coalesce(chat_id, 0) AS queue, min(update_id) AS first, body FROM updates
            GROUP BY queue ORDER BY first"""
        )
        return [(row["queue"], json.loads(row["body"])) for row in rows]

    def drop(self, update_id: int) -> None:
        """Forgets one that a webhook took."""
        self._database.execute("DELETE FROM updates WHERE update_id = ?", [update_id])

    def clear(self) -> None:
        self._database.execute("DELETE FROM updates")

    def count(self, chat_id: int | None = None) -> int:
        where = "" if chat_id is None else "WHERE chat_id = ?"
        row = next(
            iter(
                self._database.query(f"SELECT count(*) AS n FROM updates {where}", [] if chat_id is None else [chat_id])
            )
        )
        return int(row["n"])

    def _fact(self, name: str) -> str:
        row = next(iter(self._database.query("SELECT value FROM facts WHERE name = ?", [name])))
        return str(row["value"])

    def _set_fact(self, name: str, value: str) -> None:
        self._database.execute("UPDATE facts SET value = ? WHERE name = ?", [value, name])
