"""Figures that are too much to count at a look, as they were counted last."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row


class Counted:
    """By name, each with when it was counted."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, name: str, body: Any, at: datetime) -> None:
        """Keeps what was counted, as JSON, in place of what was before."""
        with immediate(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO counted (name, at, body) VALUES (?, ?, ?)",
                [name, instants.to_text(at), json.dumps(body)],
            )

    def get(self, name: str) -> tuple[datetime, Any] | None:
        """(when, what); None where it was never counted."""
        found = row(self._db, "SELECT at, body FROM counted WHERE name = ?", [name])
        return (instants.from_text(found["at"]), json.loads(found["body"])) if found else None
