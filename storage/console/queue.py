"""What waits for a reviewer, and who has which message in hand.

Two lanes that never mix: by worth, where a look pays most, and a random sample in random order, which alone may tell
how good the model is. A prefix of a random order is itself a random sample, so the figures are honest at any time,
however many of the sampled messages are still open. A third lane brings back messages for a second opinion.

Serving a message claims it for a while, so that two reviewers do not do the same one; a claim that runs out is free.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from storage import instants
from storage.console.chance import drawn
from storage.console.labels import Lane
from storage.database import immediate, row

CLAIM = timedelta(minutes=10)
Why = tuple[str, float | str]
"""A reason code and what it is about (a margin, a count, another reader's intent), for showing."""
WHYS = ("disliked", "shadow", "asked-back", "fallback", "margin", "guess", "outside", "twin")
"""Every reason code there is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in the queue: `worth` 0..1, and why it is there (nothing: only by the draw)."""

    turn_id: int
    worth: float
    reasons: tuple[Why, ...]
    said_at: datetime
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class Only:
    """What the queue is narrowed to: a reason, a language; "" is any."""

    why: str = ""
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.why or self.language)


@dataclass(frozen=True, slots=True)
class Task:
    """A message in a reviewer's hand."""

    turn_id: int
    lane: Lane


@dataclass(frozen=True, slots=True)
class Open:
    """How many messages wait, by lane."""

    worth: int
    sample: int
    opinions: int
    later: int


class Queue:
    """The queue of a console.db with shop.db attached as `shop`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # --- filling ------------------------------------------------------------------------------------

    def mark(self, name: str) -> int:
        """How far the queue was filled from a source; 0 at first."""
        found = self._db.execute("SELECT value FROM queue_state WHERE name = ?", [name]).fetchone()
        return int(found[0]) if found else 0

    def advance(self, name: str, value: int) -> None:
        """Note how far the queue is filled; never back."""
        with immediate(self._db):
            self._db.execute(
                """INSERT INTO queue_state VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)""",
                [name, value],
            )

    def add(self, entries: Iterable[Entry], sample_share: float) -> int:
        """Queue messages, or say anew why open ones are there; how many are sampled or worth a look.

        `sample_share` (0..1) of all messages is drawn into the sample; a message once drawn stays so.
        """
        added = 0
        with immediate(self._db):
            for entry in entries:
                draw = drawn("sample", entry.turn_id)
                if not entry.reasons and draw >= sample_share:
                    continue
                added += 1
                self._db.execute(
                    """INSERT INTO review_queue (turn_id, worth, reasons, draw, sampled, said_at, done)
                    VALUES (:turn, :worth, :reasons, :draw, :sampled, :said_at,
                        EXISTS (SELECT 1 FROM labels WHERE turn_id = :turn AND verdict <> 'later'))
                    ON CONFLICT (turn_id) DO UPDATE SET worth = excluded.worth, reasons = excluded.reasons""",
                    {
                        "turn": entry.turn_id,
                        "worth": entry.worth,
                        "reasons": json.dumps(entry.reasons),
                        "draw": draw,
                        "sampled": int(draw < sample_share),
                        "said_at": instants.to_text(entry.said_at),
                    },
                )
        return added

    # --- serving ------------------------------------------------------------------------------------

    def take(self, by: str, now: datetime, only: Only | None = None) -> Task | None:
        """The message for this reviewer: the one in hand, else the next free one, claimed; None when all is done.

        `only` narrows it to messages of worth with a reason or in a language; one in hand that does not fit is let go.
        """
        with immediate(self._db):
            self._db.execute("DELETE FROM claims WHERE until <= ?", [instants.to_text(now)])
            task = (self._in_hand(by) or self._next(by)) if not only else self._narrowed(by, only)
            if task:
                self._claim(task, by, now)
        return task

    def in_hand(self, turn_id: int, by: str, now: datetime) -> Task | None:
        """This reviewer's claim on a message, while it holds."""
        found = row(
            self._db,
            "SELECT lane FROM claims WHERE turn_id = ? AND by = ? AND until > ?",
            [turn_id, by, instants.to_text(now)],
        )
        return Task(turn_id, Lane(found["lane"])) if found else None

    def holder(self, turn_id: int, now: datetime) -> str:
        """Who has a message in hand; empty for nobody."""
        found = self._db.execute(
            "SELECT by FROM claims WHERE turn_id = ? AND until > ?", [turn_id, instants.to_text(now)]
        ).fetchone()
        return str(found[0]) if found else ""

    def release(self, turn_id: int, by: str) -> None:
        """A reviewer lets go of a message without a decision."""
        with immediate(self._db):
            self._db.execute("DELETE FROM claims WHERE turn_id = ? AND by = ?", [turn_id, by])

    def close(self, turn_id: int, lane: Lane) -> None:
        """A message was dealt with. A sampled one that came up otherwise stays open: its own turn is yet to come, or
        the sample would lose what somebody chose to look at.
        """
        with immediate(self._db):
            self._db.execute(
                """UPDATE review_queue SET done = 1, waits_since = NULL
                WHERE turn_id = ? AND (sampled = 0 OR ? = 'sample')""",
                [turn_id, lane.value],
            )
            self._db.execute("DELETE FROM claims WHERE turn_id = ?", [turn_id])

    def put_off(self, turn_id: int, now: datetime) -> None:
        """ "Later": the message goes to the end of its lane."""
        with immediate(self._db):
            self._db.execute(
                "UPDATE review_queue SET waits_since = ? WHERE turn_id = ?", [instants.to_text(now), turn_id]
            )
            self._db.execute("DELETE FROM claims WHERE turn_id = ?", [turn_id])

    def reopen(self, turn_id: int, by: str, lane: Lane, now: datetime) -> None:
        """A label was taken back: the message is open again, and in this reviewer's hand."""
        with immediate(self._db):
            self._db.execute("UPDATE review_queue SET done = 0, waits_since = NULL WHERE turn_id = ?", [turn_id])
            queued = self.entry(turn_id)
            if queued and lane in (Lane.WORTH, Lane.SAMPLE):
                self._claim(Task(turn_id, lane), by, now)

    def claim(self, turn_id: int, lane: Lane, by: str, now: datetime) -> None:
        """Give a message into a reviewer's hand."""
        with immediate(self._db):
            self._claim(Task(turn_id, lane), by, now)

    def entry(self, turn_id: int) -> Entry | None:
        """What the queue says of a message."""
        found = row(self._db, "SELECT * FROM review_queue WHERE turn_id = ?", [turn_id])
        if found is None:
            return None
        reasons = tuple((str(code), about) for code, about in json.loads(found["reasons"]))
        said_at = instants.from_text(found["said_at"])
        return Entry(turn_id, found["worth"], reasons, said_at, bool(found["sampled"]))

    def open(self, by: str) -> Open:
        """What waits for this reviewer."""
        found = row(
            self._db,
            """SELECT count(*) FILTER (WHERE sampled = 0) AS worth, count(*) FILTER (WHERE sampled = 1) AS sample,
            count(waits_since) AS later, (SELECT count(*) FROM opinions JOIN labels USING (turn_id)
                WHERE given_at IS NULL AND first_by <> ?) AS opinions
            FROM review_queue WHERE done = 0""",
            [by],
        )
        assert found is not None
        return Open(found["worth"], found["sample"], found["opinions"], found["later"])

    def done(self, by: str, since: datetime) -> int:
        """How many messages this reviewer dealt with since an instant."""
        found = self._db.execute(
            "SELECT count(DISTINCT turn_id) FROM label_events WHERE by = ? AND at >= ? AND act <> 'undo'",
            [by, instants.to_text(since)],
        ).fetchone()
        return int(found[0])

    def _in_hand(self, by: str) -> Task | None:
        found = row(
            self._db,
            """SELECT turn_id, lane FROM claims WHERE by = ? AND EXISTS (SELECT 1 FROM shop.turns WHERE id = turn_id)
            ORDER BY until DESC LIMIT 1""",
            [by],
        )
        return Task(found["turn_id"], Lane(found["lane"])) if found else None

    def _next(self, by: str) -> Task | None:
        served = self._db.execute("SELECT count(*) FROM label_events WHERE by = ?", [by]).fetchone()[0]
        for lane in _turns(served):
            found = row(self._db, f"{_NEXT[lane]} LIMIT 1", {"by": by})
            if found:
                return Task(found["turn_id"], lane)
        return None

    def _narrowed(self, by: str, only: Only) -> Task | None:
        held = self._in_hand(by)
        facts = {"by": by, "why": f'%["{only.why}",%', "language": only.language, "held": held.turn_id if held else 0}
        found = row(self._db, _NARROWED, facts)
        return Task(found["turn_id"], Lane.WORTH) if found else None

    def _claim(self, task: Task, by: str, now: datetime) -> None:
        self._db.execute("DELETE FROM claims WHERE by = ? AND turn_id <> ?", [by, task.turn_id])
        self._db.execute(
            "INSERT OR REPLACE INTO claims (turn_id, by, lane, until) VALUES (?, ?, ?, ?)",
            [task.turn_id, by, task.lane.value, instants.to_text(now + CLAIM)],
        )


def _turns(served: int) -> tuple[Lane, ...]:
    """Whose turn it is after so many messages: of five, one is of the sample and one may be for a second opinion."""
    if served % 5 == 4:
        return Lane.SAMPLE, Lane.WORTH, Lane.OPINION
    if served % 5 == 2:
        return Lane.OPINION, Lane.WORTH, Lane.SAMPLE
    return Lane.WORTH, Lane.SAMPLE, Lane.OPINION


_FREE = """EXISTS (SELECT 1 FROM shop.turns WHERE turns.id = turn_id)
    AND NOT EXISTS (SELECT 1 FROM claims WHERE claims.turn_id = {}.turn_id)"""
_NARROWED = f"""SELECT turn_id FROM review_queue WHERE done = 0 AND sampled = 0
    AND (:why = '%["",%' OR reasons LIKE :why)
    AND EXISTS (SELECT 1 FROM shop.turns WHERE turns.id = turn_id AND (:language = '' OR turns.language = :language))
    AND (turn_id = :held OR {_FREE.format("review_queue")})
    ORDER BY turn_id <> :held, waits_since, worth DESC, turn_id DESC LIMIT 1"""
_NEXT = {
    Lane.WORTH: f"""SELECT turn_id FROM review_queue WHERE done = 0 AND sampled = 0 AND {_FREE.format("review_queue")}
        ORDER BY waits_since, worth DESC, turn_id DESC""",
    Lane.SAMPLE: f"""SELECT turn_id FROM review_queue WHERE done = 0 AND sampled = 1 AND {_FREE.format("review_queue")}
        ORDER BY waits_since, draw""",
    # Whoever gave the first opinion cannot give the second.
    Lane.OPINION: f"""SELECT turn_id FROM opinions WHERE given_at IS NULL AND first_by <> :by
        AND EXISTS (SELECT 1 FROM labels WHERE labels.turn_id = opinions.turn_id AND labels.verdict <> 'later')
        AND {_FREE.format("opinions")}
        ORDER BY asked_at""",
}
