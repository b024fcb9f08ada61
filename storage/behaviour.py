"""What visitors did in the shop itself (views, carts, orders), as the owner imports it.

An event is its own key, so that importing a file twice, or two files that overlap, changes nothing. Visitors are
keyed hashes (storage/visitors.py): enough to see what one person bought together, not enough to say who.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import instants
from storage.database import immediate
from storage.records import Behaviour

_BATCH = 2_000  # events of one commit: the conversation's writes get in between


@dataclass(frozen=True, slots=True)
class DayCount:
    """How often something was done with a product on a day (UTC, YYYY-MM-DD)."""

    product_id: str
    kind: str
    day: str
    count: int


class BehaviourLog:
    """Events by visitor, product, kind and instant; each once."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, events: Iterable[Behaviour]) -> int:
        """Keep what is new, some thousand events to a commit; how many there were."""
        added, remaining = 0, iter(events)
        while batch := list(itertools.islice(remaining, _BATCH)):
            with immediate(self._db):
                before = self._db.conn.total_changes
                self._db.conn.executemany(
                    "INSERT OR IGNORE INTO behaviour (visitor, product_id, kind, at) VALUES (?, ?, ?, ?)",
                    [(each.visitor, each.product_id, each.kind.value, instants.to_text(each.at)) for each in batch],
                )
                new = self._db.conn.total_changes - before
                if new:
                    self._touch()
            added += new
        return added

    def events(self, since: datetime | None = None) -> Iterator[tuple[str, str, str, datetime]]:
        """(visitor, product id, kind, instant), visitor by visitor, each one's oldest first."""
        found = self._db.execute(
            "SELECT visitor, product_id, kind, at FROM behaviour WHERE at >= ? ORDER BY visitor, at, product_id, kind",
            [instants.start_text(since)],
        )
        for visitor, product_id, kind, at in found:
            yield visitor, product_id, kind, instants.from_text(at)

    def by_day(self, since: datetime | None = None) -> list[DayCount]:
        """Counts of every product, kind and day, the oldest day first."""
        found = self._db.execute(
            """SELECT product_id, kind, substr(at, 1, 10) AS day, count(*) FROM behaviour WHERE at >= ?
            GROUP BY product_id, kind, day ORDER BY day, product_id, kind""",
            [instants.start_text(since)],
        )
        return [DayCount(*each) for each in found]

    def counts(self, since: datetime, until: datetime) -> dict[tuple[str, str], int]:
        """How often each (product id, kind) happened at or after `since` and before `until`."""
        found = self._db.execute(
            "SELECT product_id, kind, count(*) FROM behaviour WHERE at >= ? AND at < ? GROUP BY product_id, kind",
            [instants.to_text(since), instants.to_text(until)],
        )
        return {(product_id, kind): number for product_id, kind, number in found}

    def span(self) -> tuple[datetime, datetime] | None:
        """The instants of the oldest and the newest event; None where there is none."""
        oldest, newest = self._db.execute("SELECT min(at), max(at) FROM behaviour").fetchone()
        return (instants.from_text(oldest), instants.from_text(newest)) if oldest else None

    def sizes(self) -> tuple[int, int, int]:
        """How many events, visitors and products there are."""
        found = self._db.execute(
            "SELECT count(*), count(DISTINCT visitor), count(DISTINCT product_id) FROM behaviour"
        ).fetchone()
        return int(found[0]), int(found[1]), int(found[2])

    def unknown_products(self) -> int:
        """How many products were imported events of that the catalogue does not have."""
        number: int = self._db.execute(
            """SELECT count(*) FROM (SELECT DISTINCT product_id FROM behaviour)
            WHERE product_id NOT IN (SELECT id FROM products)"""
        ).fetchone()[0]
        return number

    def forget(self, visitor: str) -> int:
        """Remove all that one visitor (a keyed hash) did; how many events that was."""
        with immediate(self._db):
            gone = self._db.execute("DELETE FROM behaviour WHERE visitor = ?", [visitor]).rowcount
            if gone:
                self._touch()
        return gone

    def revision(self) -> int:
        """A number that grows with every change."""
        found = self._db.execute("SELECT value FROM catalogue_state WHERE name = 'behaviour'").fetchone()
        return int(found[0]) if found else 0

    def _touch(self) -> None:
        self._db.execute("UPDATE catalogue_state SET value = value + 1 WHERE name = 'behaviour'")
