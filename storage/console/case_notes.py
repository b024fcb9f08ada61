"""What staff note about a case or a ticket among themselves; no shopper ever sees it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import instants
from storage.console.notes import LONGEST_NOTE, NoteError
from storage.database import immediate, rows


@dataclass(frozen=True, slots=True)
class CaseNote:
    """One note."""

    id: int
    text: str
    by: str
    at: datetime


class CaseNotes:
    """Notes by case and by ticket, the oldest first."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def write(self, text: str, by: str, *, case_id: int | None = None, ticket_id: int | None = None) -> None:
        """Keeps a note. Raises NoteError for an empty or overlong one."""
        said = text.strip()
        if not said:
            raise NoteError("empty")
        if len(said) > LONGEST_NOTE:
            raise NoteError("long")
        with immediate(self._db):
            self._db.execute(
                "INSERT INTO case_notes (case_id, ticket_id, text, by, at) VALUES (?, ?, ?, ?, ?)",
                [case_id, ticket_id, said, by, instants.to_text(instants.now())],
            )

    def of_case(self, case_id: int) -> list[CaseNote]:
        found = rows(self._db, "SELECT * FROM case_notes WHERE case_id = ? ORDER BY id", [case_id])
        return [_note(each) for each in found]

    def of_ticket(self, ticket_id: int) -> list[CaseNote]:
        found = rows(self._db, "SELECT * FROM case_notes WHERE ticket_id = ? ORDER BY id", [ticket_id])
        return [_note(each) for each in found]


def _note(found: sqlite3.Row) -> CaseNote:
    return CaseNote(found["id"], found["text"], found["by"], instants.from_text(found["at"]))
