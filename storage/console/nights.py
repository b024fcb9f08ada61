"""The nightly work: which nights it was done in, and what it said.

A night is claimed before it is worked, so that two processes never work the same one; one that failed, or whose
process died, is tried again some hours later, three times at most.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows

TRIES = 3
_AGAIN, _DEAD = timedelta(hours=1), timedelta(hours=6)
Said = tuple[str, dict[str, Any]]
"""A step's code and its facts; the code ends in "-failed" where it did not go well."""


@dataclass(frozen=True, slots=True)
class Night:
    """One night, named by the day in which it began by the shop's clock. `state` is "running", "done" or "failed"."""

    day: date
    state: str
    tries: int
    began_at: datetime
    ended_at: datetime | None
    said: tuple[Said, ...]


class Nights:
    """All of them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def due(self, day: date, now: datetime) -> bool:
        """Whether a night is still to be worked."""
        found = row(self._db, "SELECT * FROM nights WHERE day = ?", [day.isoformat()])
        if found is None:
            return True
        waited = now - instants.from_text(found["began_at"])
        patience = {"failed": _AGAIN, "running": _DEAD}.get(found["state"])
        return patience is not None and waited >= patience and found["tries"] < TRIES

    def claim(self, day: date, now: datetime, *, force: bool = False) -> bool:
        """Takes a night in hand; false where it is not due. `force` takes it whatever was done."""
        with immediate(self._db):
            if not force and not self.due(day, now):
                return False
            self._db.execute(
                """INSERT INTO nights (day, state, tries, began_at, said) VALUES (?, 'running', 1, ?, '[]')
                ON CONFLICT (day) DO UPDATE SET
                    state = 'running', tries = tries + 1, began_at = excluded.began_at, ended_at = NULL, said = '[]'""",
                [day.isoformat(), instants.to_text(now)],
            )
        return True

    def end(self, day: date, said: Sequence[Said], at: datetime) -> None:
        """It was worked: what its steps said."""
        state = "failed" if any(code.endswith("-failed") for code, _ in said) else "done"
        with immediate(self._db):
            self._db.execute(
                "UPDATE nights SET state = ?, ended_at = ?, said = ? WHERE day = ?",
                [state, instants.to_text(at), json.dumps(said, ensure_ascii=False), day.isoformat()],
            )

    def last(self, limit: int = 30) -> list[Night]:
        """The latest nights, the newest first."""
        return [_night(each) for each in rows(self._db, "SELECT * FROM nights ORDER BY day DESC LIMIT ?", [limit])]


def _night(found: sqlite3.Row) -> Night:
    return Night(
        date.fromisoformat(found["day"]),
        found["state"],
        found["tries"],
        instants.from_text(found["began_at"]),
        instants.from_text(found["ended_at"]) if found["ended_at"] else None,
        tuple((code, facts) for code, facts in json.loads(found["said"])),
    )
