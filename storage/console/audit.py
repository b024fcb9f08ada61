"""What staff did: who, when, what, to what. Rows are only ever added; the database refuses to change one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, rows


@dataclass(frozen=True, slots=True)
class Deed:
    """One row. `act` is a short name ("sign in", "reveal", "label"); `subject` names what it was done to."""

    id: int
    at: datetime
    staff: str
    act: str
    subject: str
    detail: str


class Audit:
    """The log."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, staff: str, act: str, subject: str = "", detail: str = "") -> None:
        """`detail` must hold nothing personal of a shopper: this log outlives an erasure."""
        with immediate(self._db):
            self._db.execute(
                "INSERT INTO audit (at, staff, act, subject, detail) VALUES (?, ?, ?, ?, ?)",
                [instants.to_text(instants.now()), staff, act, subject, detail],
            )

    def latest(self, limit: int, *, before: int = 0, staff: str = "", act: str = "") -> list[Deed]:
        """The newest rows first; `before` an id, and of one person or kind where these are named."""
        found = rows(
            self._db,
            """SELECT * FROM audit WHERE (:before = 0 OR id < :before) AND (:staff = '' OR staff = :staff)
            AND (:act = '' OR act = :act) ORDER BY id DESC LIMIT :limit""",
            {"before": before, "staff": staff, "act": act, "limit": limit},
        )
        return [
            Deed(
                each["id"],
                instants.from_text(each["at"]),
                *(each[name] for name in ("staff", "act", "subject", "detail")),
            )
            for each in found
        ]

    def acts(self) -> list[str]:
        """The kinds there are."""
        return [act for (act,) in self._db.execute("SELECT DISTINCT act FROM audit ORDER BY act").fetchall()]

    def forget_before(self, instant: datetime) -> int:
        """Removes what is older, as the retention period says; how many rows."""
        before = instants.to_text(instant)
        with immediate(self._db):
            self._db.execute("UPDATE audit_keep SET before = ?", [before])
            gone = self._db.execute("DELETE FROM audit WHERE at < ?", [before]).rowcount
            self._db.execute("UPDATE audit_keep SET before = ''")
        return int(gone)
