"""Every call the bot made: what, to whom, with which outcome, how long it took.

Written in the transaction of the call's own effect, so "accepted by the server" is exactly what this table says:
tests count repeated answers here. `after_update` is the chat's newest update at that moment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

KEEP = 100_000
_PRUNE_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `code` is 200 when accepted; `at` is Unix time of arrival; `seconds` until the effect was stored."""

    method: str
    chat_id: int | None
    message_id: int | None
    after_update: int | None
    text: str
    code: int
    description: str
    at: float
    seconds: float
    arguments: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        return self.code == 200


class Calls:
    """Reads and writes the table; the caller opens the transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, call: Call) -> None:
        row = {**asdict(call), "arguments": json.dumps(dict(call.arguments), ensure_ascii=False)}
        number = self._database.table("calls").insert(row).last_pk
        if isinstance(number, int) and number % _PRUNE_EVERY == 0:
            self._database.execute("DELETE FROM calls WHERE id <= ?", [number - KEEP])

    def find(self, *, method: str = "", chat_id: int | None = None, since: float = 0.0) -> list[Call]:
        """Calls in order; `method` is compared without regard to case, "" means all."""
        rows = self._database.query(
            "SELECT * FROM calls WHERE at >= :since AND (:method = '' OR lower(method) = lower(:method)) "
            "AND (:chat IS NULL OR chat_id = :chat) ORDER BY id",
            {"since": since, "method": method, "chat": chat_id},
        )
        return [_call(row) for row in rows]

    def clear(self) -> None:
        self._database.execute("DELETE FROM calls")


def _call(row: dict[str, Any]) -> Call:
    row.pop("id")
    return Call(**{**row, "arguments": json.loads(row["arguments"])})
