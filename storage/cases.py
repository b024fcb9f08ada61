"""Cases: talks that a person of the shop takes over from the bot, from the wish for a person to its end.

A shopper has at most one open case (the schema holds it). While it is open the bot keeps quiet, unless the shopper
chose to go on with the bot while waiting.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlite_utils import Database

from storage import instants
from storage.database import Parameters, immediate, row, rows
from storage.records import Language

_RECENT_WAITS = 20


class CaseReason(StrEnum):
    """Why a case was opened: the shopper asked, the bot failed repeatedly, or staff took over."""

    ASKED = "asked"
    FAILED = "failed"
    STAFF = "staff"


class CaseState(StrEnum):
    """Where a case stands. One person owns a held one."""

    WAITING = "waiting"
    HELD = "held"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended: solved or handed back by its owner, turned down by staff, or left by the shopper."""

    SOLVED = "solved"
    RETURNED = "returned"
    DECLINED = "declined"
    LEFT = "left"


class Satisfaction(StrEnum):
    """What the shopper said of it afterwards, in one tap."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `turn_id` is the turn that opened it, None where staff did or the turn is gone; `owner` the name of the
    member of staff, "" while nobody is; `bot_speaks` is true where the shopper goes on with the bot while waiting;
    `late_at` when the shopper was told that it takes longer.
    """

    id: int
    user_id: int
    chat_id: int
    language: Language
    reason: CaseReason
    state: CaseState
    opened_at: datetime
    turn_id: int | None = None
    owner: str = ""
    bot_speaks: bool = False
    taken_at: datetime | None = None
    late_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    satisfaction: Satisfaction | None = None

    @property
    def quiet(self) -> bool:
        """Whether the bot keeps quiet for it."""
        return self.state is not CaseState.CLOSED and not self.bot_speaks


class Cases:
    """Every case there is. Who may do what is for the caller to judge."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, case_id: int) -> Case | None:
        return self._one("id = ?", [case_id])

    def open_of(self, user_id: int) -> Case | None:
        """The shopper's open case."""
        return self._one("user_id = ? AND state != 'closed'", [user_id])

    def last_closed(self, user_id: int) -> Case | None:
        """The shopper's case that ended last."""
        return self._one("user_id = ? AND state = 'closed' ORDER BY closed_at DESC, id DESC LIMIT 1", [user_id])

    def waiting_count(self) -> int:
        """How many wait for a person and for nobody else."""
        found = row(self._db, "SELECT count(*) AS n FROM cases WHERE state = 'waiting' AND bot_speaks = 0")
        return int(found["n"]) if found else 0

    def waiting(self) -> list[Case]:
        """Those that nobody has taken, the longest waiting first."""
        return self._all("state = 'waiting' ORDER BY opened_at, id", [])

    def held(self) -> list[Case]:
        """Those that somebody has, the longest held first."""
        return self._all("state = 'held' ORDER BY taken_at, id", [])

    def closed(self, limit: int) -> list[Case]:
        """Those that ended last, the newest first."""
        return self._all("state = 'closed' ORDER BY closed_at DESC, id DESC LIMIT ?", [max(limit, 0)])

    def of(self, user_id: int) -> list[Case]:
        """All cases of a shopper, the newest first."""
        return self._all("user_id = ? ORDER BY id DESC", [user_id])

    def late(self, opened_before: datetime) -> list[Case]:
        """Those waiting since before an instant whose shoppers keep waiting and have not been told so."""
        where = "state = 'waiting' AND late_at IS NULL AND bot_speaks = 0 AND opened_at < ? ORDER BY opened_at, id"
        return self._all(where, [instants.to_text(opened_before)])

    def usual_wait(self) -> timedelta | None:
        """The median wait of the cases taken last; None where fewer than five were."""
        found = self._db.execute(
            """SELECT (julianday(taken_at) - julianday(opened_at)) AS days FROM cases
            WHERE taken_at IS NOT NULL AND reason != 'staff' ORDER BY id DESC LIMIT ?""",
            [_RECENT_WAITS],
        )
        waits = sorted(days for (days,) in found)
        return timedelta(days=waits[len(waits) // 2]) if len(waits) >= 5 else None

    # --- what becomes of one ------------------------------------------------------------------------

    def open(
        self,
        user_id: int,
        chat_id: int,
        language: Language,
        reason: CaseReason,
        at: datetime,
        turn_id: int | None = None,
    ) -> tuple[Case, bool]:
        """The shopper's open case, or a new one, waiting; true where it is new. A turn opens one case only."""
        with immediate(self._db):
            found = self._one("turn_id = ?", [turn_id]) if turn_id else None
            if found := found or self.open_of(user_id):
                return found, False
            self._db.execute(
                """INSERT INTO cases (user_id, chat_id, language, reason, turn_id, state, opened_at)
                VALUES (?, ?, ?, ?, ?, 'waiting', ?)""",
                [user_id, chat_id, language, reason.value, turn_id, instants.to_text(at)],
            )
            made = self.open_of(user_id)
        assert made is not None
        return made, True

    def take(self, case_id: int, owner: str, at: datetime) -> None:
        """Gives an open case to an owner, whoever had it."""
        self._change(case_id, "state = 'held', bot_speaks = 0, owner = ?, taken_at = coalesce(taken_at, ?)", owner, at)

    def let_bot_speak(self, case_id: int, speaks: bool) -> None:
        """Whether the bot answers while the shopper waits."""
        self._change(case_id, "bot_speaks = ?", int(speaks))

    def told_late(self, case_id: int, at: datetime) -> None:
        """The shopper was told that it takes longer."""
        self._change(case_id, "late_at = ?", at)

    def close(self, case_id: int, outcome: Outcome, at: datetime) -> None:
        """Ends an open case."""
        self._change(case_id, "state = 'closed', bot_speaks = 0, outcome = ?, closed_at = ?", outcome.value, at)

    def rate(self, case_id: int, user_id: int, said: Satisfaction) -> str:
        """Keeps what the shopper said of it, once: "new", "same" where something was said before, else "gone"."""
        with immediate(self._db):
            case = self.get(case_id)
            if case is None or case.user_id != user_id or case.state is not CaseState.CLOSED:
                return "gone"
            if case.satisfaction is not None:
                return "same"
            self._db.execute("UPDATE cases SET satisfaction = ? WHERE id = ?", [said.value, case_id])
        return "new"

    def _change(self, case_id: int, change: str, *values: object) -> None:
        given = [instants.to_text(value) if isinstance(value, datetime) else value for value in values]
        with immediate(self._db):
            self._db.execute(f"UPDATE cases SET {change} WHERE id = ? AND state != 'closed'", [*given, case_id])

    def _one(self, where: str, parameters: Parameters) -> Case | None:
        found = row(self._db, f"SELECT * FROM cases WHERE {where}", parameters)
        return _case(found) if found else None

    def _all(self, where: str, parameters: Parameters) -> list[Case]:
        return [_case(found) for found in rows(self._db, f"SELECT * FROM cases WHERE {where}", parameters)]


def _case(found: sqlite3.Row) -> Case:
    def instant(name: str) -> datetime | None:
        return instants.from_text(found[name]) if found[name] else None

    return Case(
        id=found["id"],
        user_id=found["user_id"],
        chat_id=found["chat_id"],
        language=found["language"],
        reason=CaseReason(found["reason"]),
        state=CaseState(found["state"]),
        opened_at=instants.from_text(found["opened_at"]),
        turn_id=found["turn_id"],
        owner=found["owner"],
        bot_speaks=bool(found["bot_speaks"]),
        taken_at=instant("taken_at"),
        late_at=instant("late_at"),
        closed_at=instant("closed_at"),
        outcome=Outcome(found["outcome"]) if found["outcome"] else None,
        satisfaction=Satisfaction(found["satisfaction"]) if found["satisfaction"] else None,
    )
