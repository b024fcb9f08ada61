"""What stood on pages and what came of it, counted: for popularity, for new arrivals, and for the owner's report."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import codec, instants
from storage.database import rows

_MARK = re.compile(r'"(?:sponsored|pinned|explored|rule:\d+)"')


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


@dataclass(frozen=True, slots=True)
class Showing:
    """One card that stood on a page. `marks` say how it got its place beside its score; `campaign` is what the link
    carried that led the shopper here; `created_at` is when the product came to the shop.
    """

    product_id: str
    category: str
    brand: str
    created_at: datetime | None
    campaign: str
    position: int
    shown_at: datetime
    marks: frozenset[str]
    reactions: frozenset[str]


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

    def showings(self, since: datetime | None, until: datetime | None) -> Iterator[Showing]:
        """Every card shown at or after `since` and before `until`, in the order shown; None is open."""
        found = rows(
            self._db,
            """SELECT i.product_id, i.position, i.shown_at, i.features, t.slate, p.category, p.brand, p.created_at,
            coalesce(s.start_payload, '') AS campaign,
            (SELECT group_concat(reaction) FROM feedback AS f WHERE f.impression_id = i.id) AS reactions
            FROM impressions AS i JOIN turns AS t ON t.id = i.turn_id JOIN products AS p ON p.id = i.product_id
            LEFT JOIN shoppers AS s ON s.user_id = i.user_id
            WHERE i.position > 0 AND i.shown_at >= ? AND i.shown_at < ? ORDER BY i.id""",
            [instants.start_text(since), instants.to_text(until) if until else "~"],
        )
        return map(_showing, found)

    def reactions_by_day(self, since: datetime) -> list[Reactions]:
        found = self._db.execute(
            """SELECT i.product_id, i.position, f.reaction, substr(i.shown_at, 1, 10) AS day, count(*)
            FROM feedback AS f JOIN impressions AS i ON i.id = f.impression_id
            WHERE i.shown_at >= ? GROUP BY i.product_id, i.position, f.reaction, day""",
            [instants.to_text(since)],
        )
        return [Reactions(*each) for each in found]


def _showing(found: sqlite3.Row) -> Showing:
    return Showing(
        product_id=found["product_id"],
        category=found["category"],
        brand=found["brand"],
        created_at=instants.from_text(found["created_at"]) if found["created_at"] else None,
        campaign=found["campaign"],
        position=found["position"],
        shown_at=instants.from_text(found["shown_at"]),
        marks=_marks(found["slate"], found["features"]),
        reactions=frozenset((found["reactions"] or "").split(",")) - {""},
    )


def _marks(slate: str | None, features: str) -> frozenset[str]:
    """The logged numbers of a card that are no features: "sponsored", "pinned", "explored", "rule:4"."""
    if not slate or not _MARK.search(slate):
        return frozenset()
    numbers = codec.numbers_from_text(features, codec.loads(slate)["features"])
    named = {name for name, value in numbers.items() if value and _MARK.fullmatch(f'"{name}"')}
    moved = {f"rule {'up' if numbers[name] > 1 else 'down'}" for name in named if name.startswith("rule:")}
    return frozenset(named | (moved if "pinned" not in named else set()))
