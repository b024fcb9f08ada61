"""Days on which the people of the shop keep other hours than in any week: holidays, stock-taking, late openings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, rows


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One day by the shop's clock. `hours` as "10:00-14:00, 16:00-18:00", "" where the shop is closed; `note` says why,
    for staff.
    """

    day: date
    hours: str
    note: str
    by: str
    at: datetime


class SpecialDays:
    """All of them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def since(self, day: date) -> list[SpecialDay]:
        """Those from a day on, the first one first."""
        found = rows(self._db, "SELECT * FROM special_days WHERE day >= ? ORDER BY day", [day.isoformat()])
        return [_day(each) for each in found]

    def keep(self, days: Iterable[date], hours: str, note: str, by: str, at: datetime) -> None:
        """Sets these days, in place of what was said of them."""
        with immediate(self._db):
            for day in days:
                self._db.execute(
                    """INSERT INTO special_days (day, hours, note, by, at) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (day) DO UPDATE SET
                        hours = excluded.hours, note = excluded.note, by = excluded.by, at = excluded.at""",
                    [day.isoformat(), hours, note, by, instants.to_text(at)],
                )

    def remove(self, day: date) -> bool:
        """The day is like any other of its kind again; false where it was."""
        with immediate(self._db):
            return bool(self._db.execute("DELETE FROM special_days WHERE day = ?", [day.isoformat()]).rowcount)


def _day(found: sqlite3.Row) -> SpecialDay:
    return SpecialDay(
        date.fromisoformat(found["day"]),
        found["hours"],
        found["note"],
        found["by"],
        instants.from_text(found["at"]),
    )
