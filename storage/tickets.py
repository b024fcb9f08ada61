"""Tickets: returns, changes and other things that outlive a talk, as a queue to be worked by staff."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlite_utils import Database

from storage import instants
from storage.database import Parameters, immediate, row, rows


class TicketKind(StrEnum):
    """What is asked for."""

    RETURN = "return"
    CHANGE = "change"
    OTHER = "other"


class TicketState(StrEnum):
    """Where a ticket stands; WAITING is for an answer from the shopper or a carrier."""

    OPEN = "open"
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket. `order_said` is the order's number as the shopper said it, unchecked; `version` counts changes."""

    id: int
    user_id: int
    chat_id: int
    kind: TicketKind
    text: str
    state: TicketState
    opened_by: str
    opened_at: datetime
    case_id: int | None = None
    order_said: str = ""
    owner: str = ""
    due: date | None = None
    closed_at: datetime | None = None
    version: int = 1


class StaleTicket(Exception):  # noqa: N818
    """Somebody else changed the ticket meanwhile."""


class Tickets:
    """The queue."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, ticket_id: int) -> Ticket | None:
        found = row(self._db, "SELECT * FROM tickets WHERE id = ?", [ticket_id])
        return _ticket(found) if found else None

    def of(self, user_id: int) -> list[Ticket]:
        """A shopper's tickets, the newest first."""
        return self._all("user_id = ? ORDER BY id DESC", [user_id])

    def open(self) -> list[Ticket]:
        """What is not done: what is due first comes first, then the oldest."""
        return self._all("state != 'done' ORDER BY due IS NULL, due, id", [])

    def done(self, limit: int) -> list[Ticket]:
        """What was done last, the newest first."""
        return self._all("state = 'done' ORDER BY closed_at DESC, id DESC LIMIT ?", [max(limit, 0)])

    def add(
        self,
        user_id: int,
        chat_id: int,
        kind: TicketKind,
        text: str,
        by: str,
        at: datetime,
        *,
        case_id: int | None = None,
        order_said: str = "",
        owner: str = "",
        due: date | None = None,
        key: str = "",
    ) -> int:
        """Opens a ticket; its id. A `key` that is known gives the ticket that it opened."""
        with immediate(self._db):
            known = row(self._db, "SELECT id FROM tickets WHERE key = ?", [key]) if key else None
            if known:
                return int(known["id"])
            cursor = self._db.execute(
                """INSERT INTO tickets (key, user_id, chat_id, case_id, kind, order_said, text, state, owner, due,
                opened_by, opened_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?)""",
                [
                    *(key or None, user_id, chat_id, case_id, kind.value, order_said, text, owner),
                    *(due.isoformat() if due else None, by, instants.to_text(at)),
                ],
            )
        assert cursor.lastrowid is not None
        return int(cursor.lastrowid)

    def change(
        self, ticket_id: int, version: int, *, state: TicketState, owner: str, due: date | None, at: datetime
    ) -> None:
        """Changes state, owner and due date. Raises LookupError, or StaleTicket where `version` is not the last."""
        closed = instants.to_text(at) if state is TicketState.DONE else None
        with immediate(self._db):
            ticket = self.get(ticket_id)
            if ticket is None:
                raise LookupError(f"There is no ticket {ticket_id}.")
            if ticket.version != version:
                raise StaleTicket(f"Ticket {ticket_id} was changed meanwhile.")
            self._db.execute(
                """UPDATE tickets SET state = ?, owner = ?, due = ?, closed_at = ?, version = version + 1
                WHERE id = ?""",
                [state.value, owner, due.isoformat() if due else None, closed, ticket_id],
            )

    def _all(self, where: str, parameters: Parameters) -> list[Ticket]:
        return [_ticket(found) for found in rows(self._db, f"SELECT * FROM tickets WHERE {where}", parameters)]


def _ticket(found: sqlite3.Row) -> Ticket:
    return Ticket(
        id=found["id"],
        user_id=found["user_id"],
        chat_id=found["chat_id"],
        kind=TicketKind(found["kind"]),
        text=found["text"],
        state=TicketState(found["state"]),
        opened_by=found["opened_by"],
        opened_at=instants.from_text(found["opened_at"]),
        case_id=found["case_id"],
        order_said=found["order_said"],
        owner=found["owner"],
        due=date.fromisoformat(found["due"]) if found["due"] else None,
        closed_at=instants.from_text(found["closed_at"]) if found["closed_at"] else None,
        version=found["version"],
    )
