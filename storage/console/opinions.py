"""Second opinions: a sampled share of the labels is given again by another reviewer who does not see the first.

What both said is kept as it was then, so that agreement can be told whatever becomes of the label. Where they differ,
the label teaches nothing until it was resolved, or changed to what the second one said.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import instants
from storage.console.chance import drawn
from storage.console.labels import Label, Labels, Reading, Verdict, label_to_row, reading_of
from storage.database import immediate, row, rows


@dataclass(frozen=True, slots=True)
class Word:
    """What one of the two said; a discarded message has an empty reading."""

    by: str
    verdict: Verdict
    reading: Reading


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reviewers' words on one message. `resolved_by` is empty while a disagreement is open."""

    turn_id: int
    first: Word
    second: Word
    given_at: datetime
    resolved_by: str = ""

    @property
    def agree(self) -> bool:
        return self.first.reading == self.second.reading


class Opinions:
    """Who is asked, and what came back."""

    def __init__(self, db: Database, labels: Labels) -> None:
        self._db, self._labels = db, labels

    def ask(self, label: Label, share: float) -> bool:
        """Wants a second opinion on a label, for this share (0..1) of messages; whether it does."""
        if label.verdict is Verdict.LATER or drawn("opinion", label.turn_id) >= share:
            return False
        with immediate(self._db):
            self._db.execute(
                "INSERT OR IGNORE INTO opinions (turn_id, first_by, asked_at) VALUES (?, ?, ?)",
                [label.turn_id, label.by, instants.to_text(label.at or instants.now())],
            )
        return True

    def give(self, opinion: Label) -> bool:
        """Keep the second word; whether both agree. Raises LookupError where none is wanted of this reviewer."""
        with immediate(self._db):
            first = self._labels.get(opinion.turn_id)
            wanted = row(
                self._db,
                "SELECT 1 FROM opinions WHERE turn_id = ? AND given_at IS NULL AND first_by <> ?",
                [opinion.turn_id, opinion.by],
            )
            if first is None or wanted is None:
                raise LookupError(f"No second opinion on turn {opinion.turn_id} is wanted any more.")
            self._labels.note_opinion(opinion)
            self._db.execute(
                """UPDATE opinions SET by = :by, given_at = :at, verdict = :verdict, intent = :intent, also = :also,
                slots = :slots, first_verdict = :first_verdict, first_intent = :first_intent, first_also = :first_also,
                first_slots = :first_slots, first_by = :first_by WHERE turn_id = :turn""",
                _columns(opinion)
                | {f"first_{name}": value for name, value in _columns(first).items()}
                | {"by": opinion.by, "first_by": first.by, "turn": opinion.turn_id}
                | {"at": instants.to_text(opinion.at or instants.now())},
            )
        return first.reading == opinion.reading

    def take_back(self, turn_id: int) -> None:
        """The second word is taken back; another may be given."""
        with immediate(self._db):
            self._db.execute(
                """UPDATE opinions SET by = NULL, given_at = NULL, verdict = NULL, intent = NULL, also = NULL,
                slots = NULL WHERE turn_id = ? AND resolved_at IS NULL""",
                [turn_id],
            )

    def withdraw(self, turn_id: int) -> None:
        """The label is gone: nobody needs be asked about it."""
        with immediate(self._db):
            self._db.execute("DELETE FROM opinions WHERE turn_id = ? AND given_at IS NULL", [turn_id])

    def resolve(self, turn_id: int, by: str, at: datetime) -> None:
        """The label as it is now holds."""
        with immediate(self._db):
            self._db.execute(
                "UPDATE opinions SET resolved_by = ?, resolved_at = ? WHERE turn_id = ? AND given_at IS NOT NULL",
                [by, instants.to_text(at), turn_id],
            )

    def unresolve(self, turn_id: int) -> None:
        """The disagreement is open again."""
        with immediate(self._db):
            self._db.execute("UPDATE opinions SET resolved_by = NULL, resolved_at = NULL WHERE turn_id = ?", [turn_id])

    def put_off(self, turn_id: int, now: datetime) -> None:
        """ "Later": others are asked first."""
        with immediate(self._db):
            self._db.execute("UPDATE opinions SET asked_at = ? WHERE turn_id = ?", [instants.to_text(now), turn_id])

    def pair(self, turn_id: int) -> Pair | None:
        """Both words on a message; None while the second is not given."""
        found = row(self._db, f"{_GIVEN} AND turn_id = ?", [turn_id])
        return next(iter(_pairs([found])), None) if found else None

    def pairs(self) -> list[Pair]:
        """All pairs, oldest first."""
        return list(_pairs(rows(self._db, f"{_GIVEN} ORDER BY given_at")))

    def open(self) -> list[Pair]:
        """The disagreements that stand: not resolved, and the label still says something else."""
        found = rows(
            self._db,
            f"""{_GIVEN} AND resolved_at IS NULL AND EXISTS (
                SELECT 1 FROM labels AS held WHERE held.turn_id = opinions.turn_id
                AND NOT (held.intent IS opinions.intent AND held.also = opinions.also AND held.slots = opinions.slots))
            ORDER BY given_at""",
        )
        return list(_pairs(found))


_GIVEN = "SELECT * FROM opinions WHERE given_at IS NOT NULL"


def _columns(label: Label) -> dict[str, str | None]:
    return {name: value for name, value in label_to_row(label).items() if name != "lane"}


def _pairs(found: list[sqlite3.Row]) -> Iterator[Pair]:
    for held in found:
        first = {name: held[f"first_{name}"] for name in ("intent", "also", "slots")}
        yield Pair(
            turn_id=held["turn_id"],
            first=Word(held["first_by"], Verdict(held["first_verdict"]), reading_of(first)),
            second=Word(held["by"], Verdict(held["verdict"]), reading_of(held)),
            given_at=instants.from_text(held["given_at"]),
            resolved_by=held["resolved_by"] or "",
        )
