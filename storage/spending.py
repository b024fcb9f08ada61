"""What writing has cost, by the shop's day: of each shopper and of all together, in tokens.

A call first reserves the most that it can take, in one transaction with the look at the limits, and is settled with
what it took: whatever happens in between, the limits hold, and a process that dies has spent what it had reserved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlite_utils import Database

from storage.database import immediate, row

KEPT_DAYS = 31  # of each shopper; the sums of the days stay


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens and calls of one day."""

    tokens: int = 0
    calls: int = 0


class Spending:
    """The book of the writer."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def reserve(self, day: date, user_id: int, tokens: int, *, shopper_limit: int, day_limit: int) -> bool:
        """Sets tokens aside for one call; false, and nothing is set aside, where a limit would be passed."""
        with immediate(self._db):
            if self.of(day, user_id).tokens + tokens > shopper_limit or self.total(day).tokens + tokens > day_limit:
                return False
            self._add(day, user_id, tokens, calls=1)
            self._db.execute("DELETE FROM spending WHERE day < ?", [_text(day - timedelta(days=KEPT_DAYS))])
        return True

    def settle(self, day: date, user_id: int, *, reserved: int, used: int) -> None:
        """Puts what a call took in the place of what was reserved for it. A shopper erased meanwhile stays erased."""
        with immediate(self._db):
            self._add(day, user_id, used - reserved, calls=0)

    def of(self, day: date, user_id: int) -> Spent:
        """A shopper's day."""
        found = row(self._db, "SELECT tokens, calls FROM spending WHERE day = ? AND user_id = ?", [_text(day), user_id])
        return Spent(found["tokens"], found["calls"]) if found else Spent()

    def total(self, day: date) -> Spent:
        """Everybody's day, those included who were erased since."""
        found = row(self._db, "SELECT tokens, calls FROM spending_days WHERE day = ?", [_text(day)])
        return Spent(found["tokens"], found["calls"]) if found else Spent()

    def _add(self, day: date, user_id: int, tokens: int, *, calls: int) -> None:
        at = {"day": _text(day), "user": user_id, "tokens": tokens, "calls": calls}
        if calls:
            self._db.execute("INSERT OR IGNORE INTO spending VALUES (:day, :user, 0, 0)", at)
            self._db.execute("INSERT OR IGNORE INTO spending_days VALUES (:day, 0, 0)", at)
        change = "SET tokens = max(0, tokens + :tokens), calls = calls + :calls"
        self._db.execute(f"UPDATE spending {change} WHERE day = :day AND user_id = :user", at)
        self._db.execute(f"UPDATE spending_days {change} WHERE day = :day", at)


def _text(day: date) -> str:
    return day.isoformat()
