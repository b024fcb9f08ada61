"""What staff say a message meant: one label a turn, and every change of it for good.

A label holds ids and spans, never text: what the shopper wrote stays in one place and is erased there. `label_events`
can only grow (triggers refuse the rest), so who said what when can be told of every training example; an undo is an
event like any other. Two reviewers at one message are told apart by `version`: the second to save is refused and shown
what the first said.

    label = store.labels.put(Label(turn_id, Verdict.WRONG, Intent.REFINE, by="mei"), expected_version=0)
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from sqlite_utils import Database

from storage import instants
from storage.console.label_records import (
    Act,
    Label,
    LabelEvent,
    Lane,
    Reading,
    SlotSpan,
    StaleLabel,
    TurnGone,
    Verdict,
)
from storage.database import immediate, row, rows
from storage.records import Intent, SlotName

__all__ = [
    "Act",
    "Label",
    "LabelEvent",
    "Labels",
    "Lane",
    "Reading",
    "SlotSpan",
    "StaleLabel",
    "TurnGone",
    "Verdict",
    "in_order",
    "label_to_row",
    "reading_of",
]


class Labels:
    """The labels of a console.db with shop.db attached as `shop`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, turn_id: int) -> Label | None:
        """What holds for a turn; None where nobody labelled it, or where that was taken back."""
        found = row(self._db, "SELECT * FROM labels WHERE turn_id = ?", [turn_id])
        return _label(found) if found else None

    def verdicts(self, first: str, last: str) -> dict[str, int]:
        """How many labels of each verdict hold, of those given from an instant (text) until before another."""
        return dict(
            self._db.execute(
                "SELECT verdict, count(*) FROM labels WHERE at >= ? AND at < ? GROUP BY verdict", [first, last]
            ).fetchall()
        )

    def version(self, turn_id: int) -> int:
        """How often the turn's label changed; what a form must bring back to be saved."""
        found = self._db.execute("SELECT max(version) FROM label_events WHERE turn_id = ?", [turn_id]).fetchone()
        return int(found[0] or 0)

    def put(
        self, label: Label, expected_version: int, *, act: Act = Act.LABEL, batch: int = 0, undoes: int | None = None
    ) -> Label:
        """Store a label with its event, and return it with its version and instant.

        `batch` joins labels given together: the id of the first one's event (see `last_event`). Raises `StaleLabel`
        where the turn's version is another one, `TurnGone` without the turn, ValueError for a label that says nothing.
        """
        _check(label)
        with immediate(self._db):
            before = self._at_version(label.turn_id, expected_version)
            at = label.at or instants.now()
            kept = replace(label, slots=in_order(label.slots), at=at, version=expected_version + 1)
            self._store(kept)
            self._count(kept.turn_id)
            self._note(kept.turn_id, act, kept.by, before, kept, kept.version, batch, undoes)
        return kept

    def take_back(self, turn_id: int, by: str, expected_version: int, undoes: int, batch: int = 0) -> None:
        """Leave a turn without a label, as it was before the event `undoes`. Raises what `put` raises."""
        with immediate(self._db):
            before = self._at_version(turn_id, expected_version)
            self._db.execute("DELETE FROM labels WHERE turn_id = ?", [turn_id])
            self._count(turn_id)
            self._note(turn_id, Act.UNDO, by, before, None, expected_version + 1, batch, undoes)

    def note_opinion(self, opinion: Label) -> int:
        """Log a second reviewer's word, which changes no label; the event's id."""
        with immediate(self._db):
            version = self.version(opinion.turn_id)
            return self._note(opinion.turn_id, Act.OPINION, opinion.by, None, opinion, version, 0, None)

    def note_undone(self, opinion: LabelEvent, by: str) -> int:
        """Log that an opinion was taken back; the event's id."""
        with immediate(self._db):
            version = self.version(opinion.turn_id)
            return self._note(opinion.turn_id, Act.UNDO, by, opinion.after, None, version, 0, opinion.id)

    def events(self, turn_id: int) -> list[LabelEvent]:
        """Every change of a turn's label, oldest first."""
        return [_event(found) for found in rows(self._db, f"{_EVENTS} WHERE turn_id = ? ORDER BY id", [turn_id])]

    def last_event(self, by: str) -> int:
        """The id of this reviewer's newest event; 0 without one."""
        found = self._db.execute("SELECT max(id) FROM label_events WHERE by = ?", [by]).fetchone()
        return int(found[0] or 0)

    def undoable(self, by: str) -> list[LabelEvent]:
        """The events of this reviewer's last act that was not undone yet: several after a bulk, none at the start."""
        found = row(
            self._db,
            """SELECT batch FROM label_events WHERE by = ? AND act <> 'undo'
            AND batch NOT IN (SELECT undone.batch FROM label_events AS undo
                JOIN label_events AS undone ON undone.id = undo.undoes WHERE undo.by = ?)
            ORDER BY id DESC LIMIT 1""",
            [by, by],
        )
        if found is None:
            return []
        query = f"{_EVENTS} WHERE batch = ? AND by = ? AND act <> 'undo' ORDER BY id"
        return [_event(held) for held in rows(self._db, query, [found["batch"], by])]

    def settled(self) -> Iterator[Label]:
        """What may teach: labels that say what was meant, but for those a second reviewer disagrees with still."""
        yield from map(_label, rows(self._db, _SETTLED))

    def _at_version(self, turn_id: int, expected: int) -> Label | None:
        if self._db.execute("SELECT 1 FROM shop.turns WHERE id = ?", [turn_id]).fetchone() is None:
            raise TurnGone(f"Turn {turn_id} is not there, or no longer.")
        current = self.get(turn_id)
        if self.version(turn_id) != expected:
            raise StaleLabel(turn_id, current)
        return current

    def _store(self, label: Label) -> None:
        held = {"turn_id": label.turn_id} | label_to_row(label) | {"by": label.by, "version": label.version}
        held["at"] = instants.to_text(label.at or instants.now())
        self._db.execute(
            f"INSERT OR REPLACE INTO labels ({', '.join(held)}) VALUES ({', '.join(':' + name for name in held)})", held
        )

    def _count(self, turn_id: int) -> None:
        """How many turns of the turn's conversation are labelled: none leaves no row."""
        found = row(self._db, "SELECT conversation_id AS id FROM shop.turns WHERE id = ?", [turn_id])
        if found is None or found["id"] is None:
            return
        self._db.execute("DELETE FROM reviewed_conversations WHERE conversation_id = ?", [found["id"]])
        self._db.execute(
            """INSERT INTO reviewed_conversations (conversation_id, labelled, last_at)
            SELECT turns.conversation_id, count(*), max(labels.at) FROM shop.turns AS turns
            JOIN labels ON labels.turn_id = turns.id AND labels.verdict <> 'later'
            WHERE turns.conversation_id = ? GROUP BY turns.conversation_id""",
            [found["id"]],
        )

    def _note(
        self,
        turn_id: int,
        act: Act,
        by: str,
        before: Label | None,
        after: Label | None,
        version: int,
        batch: int,
        undoes: int | None,
    ) -> int:
        at = (after.at if after else None) or instants.now()
        kept = self._db.execute(
            """INSERT INTO label_events (turn_id, act, by, at, before, after, version, batch, undoes)
            VALUES (?, ?, ?, ?, ?, ?, ?, coalesce(nullif(?, 0),
                1 + coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'label_events'), 0)), ?)""",
            [turn_id, act, by, instants.to_text(at), _text(before), _text(after), version, batch, undoes],
        )
        return int(kept.lastrowid or 0)


def in_order(slots: Iterable[SlotSpan]) -> tuple[SlotSpan, ...]:
    """Slots from left to right, as they are stored."""
    return tuple(sorted(slots, key=lambda span: (span.start, span.end)))


def label_to_row(label: Label) -> dict[str, Any]:
    """What a label says as columns; equal readings give equal texts."""
    return {
        "verdict": label.verdict.value,
        "intent": label.intent.value if label.intent else None,
        "also": json.dumps([intent.value for intent in label.also], separators=(",", ":")),
        "slots": json.dumps(
            [[span.name.value, span.start, span.end, span.negated] for span in in_order(label.slots)],
            separators=(",", ":"),
        ),
        "lane": label.lane.value,
    }


def reading_of(found: Mapping[str, Any] | sqlite3.Row) -> Reading:
    """The reading in columns that `label_to_row` filled."""
    return Reading(
        intent=Intent(found["intent"]) if found["intent"] else None,
        also=tuple(map(Intent, json.loads(found["also"]))),
        slots=tuple(
            SlotSpan(SlotName(name), start, end, bool(negated))
            for name, start, end, negated in json.loads(found["slots"])
        ),
    )


_EVENTS = "SELECT id, turn_id, act, by, at, before, after, version, batch, undoes FROM label_events"
_SETTLED = """SELECT labels.* FROM labels LEFT JOIN opinions USING (turn_id)
    WHERE labels.verdict IN ('correct', 'wrong')
    AND (opinions.given_at IS NULL OR opinions.resolved_at IS NOT NULL
        OR (opinions.intent IS labels.intent AND opinions.also = labels.also AND opinions.slots = labels.slots))
    ORDER BY labels.turn_id"""


def _check(label: Label) -> None:
    """A label that teaches names an intent, others than that in `also`, and slots that stand apart."""
    if label.verdict in (Verdict.DISCARD, Verdict.LATER):
        if label.reading != Reading():
            raise ValueError("A discarded message has no intent and no slots.")
        return
    if label.intent is None:
        raise ValueError("A label names an intent.")
    if label.intent in label.also or len({*label.also}) < len(label.also):
        raise ValueError("Each request of a message is named once.")
    spans = in_order(label.slots)
    if any(span.start < 0 or span.end <= span.start for span in spans):
        raise ValueError("A slot covers at least one character.")
    if any(one.end > other.start for one, other in pairwise(spans)):
        raise ValueError("Two slots cannot share a character.")


def _label(found: sqlite3.Row) -> Label:
    reading = reading_of(found)
    return Label(
        turn_id=found["turn_id"],
        verdict=Verdict(found["verdict"]),
        intent=reading.intent,
        also=reading.also,
        slots=reading.slots,
        by=found["by"],
        at=instants.from_text(found["at"]),
        version=found["version"],
        lane=Lane(found["lane"]),
    )


def _text(label: Label | None) -> str | None:
    return json.dumps(label_to_row(label), separators=(",", ":")) if label else None


def _event(found: sqlite3.Row) -> LabelEvent:
    def label(text: str | None, version: int) -> Label | None:
        if text is None:
            return None
        held = json.loads(text)
        reading = reading_of(held)
        return Label(
            found["turn_id"],
            Verdict(held["verdict"]),
            reading.intent,
            reading.also,
            reading.slots,
            version=version,
            lane=Lane(held["lane"]),
        )

    version = found["version"]
    return LabelEvent(
        id=found["id"],
        turn_id=found["turn_id"],
        act=Act(found["act"]),
        by=found["by"],
        at=instants.from_text(found["at"]),
        before=label(found["before"], max(version - 1, 0)),
        after=label(found["after"], version),
        batch=found["batch"],
        undoes=found["undoes"],
    )
