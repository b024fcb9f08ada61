"""Views: what a list was narrowed to, kept under a name of somebody's own, for themselves or for everybody.

A view holds the query of an address and nothing that was found by it. Its owner may keep another one under the same
name in its place.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows

LONGEST_NAME, LONGEST_QUERY, MOST = 40, 2_000, 50
"""Code points of a name and of a query, and views of one owner on one page."""


class ViewError(ValueError):
    """A view that cannot be kept; `code` is "empty", "long" or "many"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class View:
    """One view. `page` is "conversations" or "review", `query` an address's query without its question mark."""

    id: int
    owner: str
    page: str
    name: str
    query: str
    shared: bool
    at: datetime


class Views:
    """All of them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, owner: str, page: str) -> list[View]:
        """Those that somebody sees on a page: their own by name, then what others share."""
        found = rows(
            self._db,
            """SELECT * FROM views WHERE page = ? AND (owner = ? OR shared) ORDER BY owner != ?, name, owner""",
            [page, owner, owner],
        )
        return [_view(each) for each in found]

    def get(self, view_id: int) -> View | None:
        found = row(self._db, "SELECT * FROM views WHERE id = ?", [view_id])
        return _view(found) if found else None

    def keep(self, owner: str, page: str, name: str, query: str, *, shared: bool = False) -> None:
        """Keeps a view, in place of the owner's own one of that name. Raises ViewError."""
        name = " ".join(name.split())
        if not name or not query:
            raise ViewError("empty")
        if len(name) > LONGEST_NAME or len(query) > LONGEST_QUERY:
            raise ViewError("long")
        with immediate(self._db):
            counted = self._db.execute(
                "SELECT count(*) FROM views WHERE owner = ? AND page = ? AND name <> ?", [owner, page, name]
            )
            if counted.fetchone()[0] >= MOST:
                raise ViewError("many")
            self._db.execute(
                """INSERT INTO views (owner, page, name, query, shared, at) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (owner, page, name) DO UPDATE SET
                    query = excluded.query, shared = excluded.shared, at = excluded.at""",
                [owner, page, name, query, int(shared), instants.to_text(instants.now())],
            )

    def remove(self, view_id: int) -> None:
        with immediate(self._db):
            self._db.execute("DELETE FROM views WHERE id = ?", [view_id])


def _view(found: sqlite3.Row) -> View:
    values = {name: found[name] for name in ("id", "owner", "page", "name", "query")}
    return View(**values, shared=bool(found["shared"]), at=instants.from_text(found["at"]))
