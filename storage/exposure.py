"""What stood on pages and what came of it, counted: for popularity, for new arrivals, and for the owner's report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import instants


@dataclass(frozen=True, slots=True)
class Showings:
    """How often a product stood at a place on a day (UTC, YYYY-MM-DD)."""

    product_id: str
    position: int
    day: str
    count: int


@dataclass(frozen=True, slots=True)
class Reactions:
    """How often a showing at a place met a reaction that holds; `day` is that of the showing."""

    product_id: str
    position: int
    reaction: str
    day: str
    count: int


class Exposure:
    """Counts over impressions that were on a page, and the reactions to them that hold."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def shown_by_day(self, since: datetime) -> list[Showings]:
        found = self._db.execute(
            """SELECT product_id, position, substr(shown_at, 1, 10) AS day, count(*) FROM impressions
            WHERE position > 0 AND shown_at >= ? GROUP BY product_id, position, day""",
            [instants.to_text(since)],
        )
        return [Showings(*each) for each in found]

    def reactions_by_day(self, since: datetime) -> list[Reactions]:
        found = self._db.execute(
            """SELECT i.product_id, i.position, f.reaction, substr(i.shown_at, 1, 10) AS day, count(*)
            FROM feedback AS f JOIN impressions AS i ON i.id = f.impression_id
            WHERE i.shown_at >= ? GROUP BY i.product_id, i.position, f.reaction, day""",
            [instants.to_text(since)],
        )
        return [Reactions(*each) for each in found]
