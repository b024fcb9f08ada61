"""What of the bot's health outlives a restart: signs of life, and how its alerts stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows


@dataclass(frozen=True, slots=True)
class AlertState:
    """How one alert stands. Instants in seconds since 1970, durations in seconds.

    over: for how long its reading has been over the threshold without a break; None: it is not.
    calm: the same for being well again, while it holds.
    since: when it began to hold; None: it does not.
    ended: when it ceased to, where the owner has yet to hear of that.
    told_at, tellings: when the owner was last told, and how often.
    """

    rule: str
    over: float | None = None
    calm: float | None = None
    since: float | None = None
    ended: float | None = None
    told_at: float | None = None
    tellings: int = 0


class Health:
    """Heartbeats and alerts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def beat(self, name: str, at: datetime) -> None:
        """A sign of life: a write that is really committed."""
        with immediate(self._db):
            self._db.execute("INSERT OR REPLACE INTO heartbeats VALUES (?, ?)", [name, instants.to_text(at)])

    def last_beat(self, name: str) -> datetime | None:
        found = row(self._db, "SELECT at FROM heartbeats WHERE name = ?", [name])
        return instants.from_text(found["at"]) if found else None

    def alerts(self) -> dict[str, AlertState]:
        """How each alert stood when it was kept last, by rule."""
        return {found["rule"]: AlertState(**dict(found)) for found in rows(self._db, "SELECT * FROM alerts")}

    def messages(self) -> tuple[float, ...]:
        """When the owner was written to lately, oldest first."""
        return tuple(found["at"] for found in rows(self._db, "SELECT at FROM alert_messages ORDER BY at"))

    def keep_alerts(self, states: Iterable[AlertState], messages: Sequence[float]) -> None:
        """Keeps how all alerts stand, and these instants of messages in the place of those kept before."""
        with immediate(self._db):
            self._db.execute("DELETE FROM alerts")
            self._db.conn.executemany(
                "INSERT INTO alerts VALUES (:rule, :over, :calm, :since, :ended, :told_at, :tellings)",
                [asdict(state) for state in states],
            )
            self._db.execute("DELETE FROM alert_messages")
            self._db.conn.executemany("INSERT INTO alert_messages (at) VALUES (?)", [(at,) for at in messages])
