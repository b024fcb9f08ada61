"""How each synced feed is doing, so that the owner hears of one that went stale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, rows


@dataclass(frozen=True, slots=True)
class FeedState:
    """One feed: `every` is its pace in seconds (0: synced once), `good_at` the last round that worked."""

    source: str
    every: float
    checked_at: datetime
    good_at: datetime | None
    products: int
    error: str


class FeedStates:
    """One row a feed."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def note(self, source: str, every: float, at: float, error: str = "", products: int = 0) -> None:
        """Keeps one round: `at` in seconds since 1970, `error` empty when it worked."""
        instant = instants.to_text(datetime.fromtimestamp(at, UTC))
        with immediate(self._db):
            self._db.execute(
                """INSERT INTO feeds (source, every, checked_at, good_at, products, error) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (source) DO UPDATE SET every = excluded.every, checked_at = excluded.checked_at,
                good_at = coalesce(excluded.good_at, good_at), error = excluded.error,
                products = CASE WHEN excluded.products > 0 THEN excluded.products ELSE products END""",
                [source[:1000], float(every), instant, None if error else instant, products, error[:1000]],
            )

    def all(self) -> Iterator[FeedState]:
        for found in rows(self._db, "SELECT * FROM feeds ORDER BY source"):
            yield FeedState(
                source=found["source"],
                every=found["every"],
                checked_at=instants.from_text(found["checked_at"]),
                good_at=instants.from_text(found["good_at"]) if found["good_at"] else None,
                products=found["products"],
                error=found["error"],
            )
