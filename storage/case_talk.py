"""What was said in a case, in order: the shopper's turns by their ids, the words of staff, and what became of the case.

The shopper's words stand in the transcript alone, so that erasing or correcting them there is enough.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from storage import codec, instants
from storage.database import immediate, row, rows


class Author(StrEnum):
    """Who a message of a case is by; EVENT is no message, but something that became of the case."""

    SHOPPER = "shopper"
    STAFF = "staff"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """One entry. `turn_id` is the shopper's turn, or the one that keeps the cards that staff sent; `name` the member of
    staff; `event` names what happened ("taken"), with its facts; `delivery` is "new", "sent" or "failed", "" where
    nothing was to be sent, and `why` says what failed; `file_id` is a file that staff sent along.
    """

    id: int
    case_id: int
    author: Author
    at: datetime
    turn_id: int | None = None
    name: str = ""
    text: str = ""
    event: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    delivery: str = ""
    why: str = ""
    file_id: int | None = None


class CaseTalk:
    """The messages of every case."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def heard(self, case_id: int, turn_id: int, at: datetime) -> None:
        """The shopper said something; a turn that is known stays where it is."""
        self._add(case_id, Author.SHOPPER, at, turn_id=turn_id)

    def said(
        self,
        case_id: int,
        name: str,
        text: str,
        at: datetime,
        *,
        outbox_id: int,
        turn_id: int | None = None,
        file_id: int | None = None,
    ) -> None:
        """Staff said something, which travels as `outbox_id`."""
        said = {"name": name, "text": text, "outbox_id": outbox_id, "turn_id": turn_id, "file_id": file_id}
        self._add(case_id, Author.STAFF, at, **said)

    def noted(
        self, case_id: int, event: str, at: datetime, facts: Mapping[str, Any] | None = None, *, outbox_id: int = 0
    ) -> None:
        """Something became of the case; `outbox_id` where the shopper is told."""
        body = codec.dumps(dict(facts)) if facts else ""
        self._add(case_id, Author.EVENT, at, name=event, text=body, outbox_id=outbox_id)

    def of(self, case_id: int, after: int = 0) -> list[CaseMessage]:
        """The messages of a case whose ids are above `after`, oldest first."""
        found = rows(
            self._db,
            """SELECT m.*, o.state AS delivery, o.why
            FROM case_messages AS m LEFT JOIN outbox AS o ON o.id = m.outbox_id
            WHERE m.case_id = ? AND m.id > ? ORDER BY m.id""",
            [case_id, after],
        )
        return [_message(each) for each in found]

    def version(self) -> tuple[int, str]:
        """Grows whenever a case, a message, a file or a delivery changed: what a page compares to know of news."""
        found = row(
            self._db,
            """SELECT coalesce((SELECT max(id) FROM case_messages), 0)
                + coalesce((SELECT max(id) FROM case_files), 0) AS messages,
            coalesce((SELECT max(sent_at) FROM outbox), '') AS delivered""",
        )
        assert found is not None
        return int(found["messages"]), str(found["delivered"])

    def _add(self, case_id: int, author: Author, at: datetime, **given: Any) -> None:
        columns = {"name": "", "text": "", "turn_id": None, "file_id": None, **given}
        columns["outbox_id"] = given.get("outbox_id") or None
        with immediate(self._db):
            self._db.execute(
                """INSERT OR IGNORE INTO case_messages (case_id, author, at, name, text, turn_id, outbox_id, file_id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                [
                    *(case_id, author.value, instants.to_text(at), columns["name"], columns["text"]),
                    *(columns["turn_id"], columns["outbox_id"], columns["file_id"]),
                ],
            )


def _message(found: sqlite3.Row) -> CaseMessage:
    event = found["author"] == Author.EVENT
    return CaseMessage(
        id=found["id"],
        case_id=found["case_id"],
        author=Author(found["author"]),
        at=instants.from_text(found["at"]),
        turn_id=found["turn_id"],
        name="" if event else found["name"],
        text="" if event else found["text"],
        event=found["name"] if event else "",
        facts=codec.loads(found["text"] or "{}") if event else {},
        delivery=found["delivery"] or "",
        why=found["why"] or "",
        file_id=found["file_id"],
    )
