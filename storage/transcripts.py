"""What was said, what was understood, what was answered, and how long each part took.

A turn is stored before anything is understood, so that a crash loses no word; answering marks it, once, in the same
commit as its showings. A replayed update finds its answer here and does not work twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from storage import codec, instants
from storage.conversations import count_answer, count_turn, join
from storage.database import immediate, row, rows
from storage.impressions import Impressions, feature_names
from storage.records import Need, Recommendation, Slate, Turn, Understanding
from storage.turn_words import TurnWords


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that was given. `reply_json` is the bot's own; the recommendations are all that were ranked."""

    turn: Turn
    reply_json: str
    recommendations: tuple[Recommendation, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The cards of one turn, in their order."""

    turn_id: int
    recommendations: tuple[Recommendation, ...]


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One turn as support reads it. All but `turn` is empty until the turn is answered."""

    turn: Turn
    understanding: Understanding | None
    need: Need | None
    reply_json: str
    timings: Mapping[str, float]
    versions: Mapping[str, str]
    degraded: bool
    answered_at: datetime | None
    conversation_id: int = 0
    fallback: bool = False


class Transcripts:
    """The conversation of every shopper."""

    def __init__(self, db: Database, impressions: Impressions) -> None:
        self._db = db
        self._impressions = impressions
        self._words = TurnWords(db)

    def begin(self, turn: Turn) -> Turn:
        """Store what was said and return it with its id; an update that came before returns what was stored."""
        with immediate(self._db):
            if found := row(self._db, "SELECT * FROM turns WHERE update_id = ?", [turn.update_id]):
                return _turn(found)
            conversation_id = join(self._db, turn)
            stored = self._db.conn.execute(
                """INSERT INTO turns (update_id, user_id, chat_id, text, said_at, language, source, conversation_id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                [
                    *(turn.update_id, turn.user_id, turn.chat_id, turn.text),
                    *(instants.to_text(turn.said_at), turn.language, turn.source, conversation_id),
                ],
            ).lastrowid
            assert stored is not None
            count_turn(self._db, conversation_id, stored, turn.said_at)
            self._words.add(conversation_id, stored, turn.text)
            found = row(self._db, "SELECT * FROM turns WHERE id = ?", [stored])
        assert found is not None
        return _turn(found)

    def finish(
        self,
        turn_id: int,
        *,
        understanding: Understanding | None,
        need: Need,
        slate: Slate | None,
        reply: str,
        timings: Mapping[str, float],
        versions: Mapping[str, str],
        degraded: bool,
        fallback: bool = False,
        cleared: bool = False,
    ) -> tuple[Recommendation, ...]:
        """Mark the turn answered with all that led to it, and return the slate's items with their ids.

        `timings` are milliseconds by stage, `versions` names by part. `fallback`: the model did not answer alone;
        `cleared`: nothing is on screen from here on. A turn that was answered before keeps its first answer. Raises
        LookupError for a turn that was never begun.
        """
        at = instants.to_text(instants.now())
        names = feature_names(slate.items) if slate else []
        with immediate(self._db):
            begun = row(self._db, "SELECT user_id, conversation_id, answered_at FROM turns WHERE id = ?", [turn_id])
            if begun is None:
                raise LookupError(f"Turn {turn_id} was never begun.")
            if begun["answered_at"] is not None:
                return self._impressions.of_turn(turn_id)
            self._db.execute(
                """UPDATE turns SET answered_at = ?, understanding = ?, need = ?, slate = ?, reply = ?,
                timings = ?, versions = ?, degraded = ?, fallback = ?, shown = ?, cleared = ?
                WHERE id = ?""",
                [
                    *(at, understanding and codec.understanding_to_text(understanding)),
                    *(codec.need_to_text(need), slate and codec.slate_to_text(slate, names), reply),
                    *(codec.dumps(timings), codec.dumps(versions), int(degraded), int(fallback)),
                    *(len(slate.page) if slate else 0, int(cleared), turn_id),
                ],
            )
            conversation_id = begun["conversation_id"]
            read = (conversation_id, understanding, need.language)
            count_answer(self._db, *read, fallback=fallback, degraded=degraded)
            if slate is None:
                return ()
            titles = (title for item in slate.page for title in (item.product.title, item.product.title_zh))
            self._words.add(conversation_id, turn_id, " ".join(titles), shown=True)
            self._impressions.add(turn_id, begun["user_id"], slate, names, at)
            return self._with_ids(turn_id, slate)

    def answered(self, update_id: int) -> Answered | None:
        """The answer this update was given; None while there is none."""
        found = row(self._db, "SELECT * FROM turns WHERE update_id = ? AND answered_at IS NOT NULL", [update_id])
        if found is None:
            return None
        return Answered(_turn(found), found["reply"], self._impressions.of_turn(found["id"]))

    def get(self, turn_id: int) -> TurnRecord | None:
        found = row(self._db, "SELECT * FROM turns WHERE id = ?", [turn_id])
        return turn_record(found) if found else None

    def owner(self, turn_id: int) -> int | None:
        """Whose turn it is; None where there is none (any more)."""
        found = row(self._db, "SELECT user_id FROM turns WHERE id = ?", [turn_id])
        return int(found["user_id"]) if found else None

    def last_before(self, user_id: int, at: datetime) -> int | None:
        """The shopper's last turn that was said up to an instant."""
        sql = "SELECT max(id) AS id FROM turns WHERE user_id = ? AND said_at <= ?"
        found = row(self._db, sql, [user_id, instants.to_text(at)])
        return found["id"] if found else None

    def need(self, turn_id: int) -> Need | None:
        """What the shopper wanted after this turn; None where it is not answered."""
        found = row(self._db, "SELECT need FROM turns WHERE id = ?", [turn_id])
        return codec.need_from_text(found["need"]) if found and found["need"] else None

    def latest_need(self, user_id: int) -> Need | None:
        """What the shopper wanted after the last answered turn."""
        found = row(
            self._db,
            "SELECT need FROM turns WHERE user_id = ? AND answered_at IS NOT NULL ORDER BY id DESC LIMIT 1",
            [user_id],
        )
        return codec.need_from_text(found["need"]) if found else None

    def latest_reply(self, user_id: int) -> tuple[str, datetime] | None:
        """The bot's own JSON of the reply this shopper got last, and when."""
        found = row(
            self._db,
            """SELECT reply, answered_at FROM turns WHERE user_id = ? AND answered_at IS NOT NULL
            ORDER BY id DESC LIMIT 1""",
            [user_id],
        )
        return (found["reply"], instants.from_text(found["answered_at"])) if found else None

    def latest_page(self, user_id: int) -> Page | None:
        """The cards this shopper saw last; None where there were none since the talk began anew."""
        found = row(
            self._db,
            "SELECT id, shown FROM turns WHERE user_id = ? AND (shown > 0 OR cleared) ORDER BY id DESC LIMIT 1",
            [user_id],
        )
        return Page(found["id"], self.page(found["id"])) if found and found["shown"] else None

    def page(self, turn_id: int) -> tuple[Recommendation, ...]:
        """The cards of a turn, in their order."""
        return self._impressions.page(turn_id)

    def last_written(self) -> datetime | None:
        """When the newest message in words was written, by Telegram's clock; None where there is none. One that came
        late hides none that came before it.
        """
        found = row(
            self._db,
            """SELECT max(said_at) AS at FROM
            (SELECT said_at FROM turns WHERE source = 'text' ORDER BY id DESC LIMIT 200)""",
        )
        return instants.from_text(found["at"]) if found and found["at"] else None

    def history(self, user_id: int, limit: int) -> list[TurnRecord]:
        """This shopper's last turns, the oldest of them first."""
        found = rows(
            self._db, "SELECT * FROM turns WHERE user_id = ? ORDER BY id DESC LIMIT ?", [user_id, max(limit, 0)]
        )
        return [turn_record(turn) for turn in reversed(found)]

    def _with_ids(self, turn_id: int, slate: Slate) -> tuple[Recommendation, ...]:
        """Rows of one statement were inserted in the slate's order under one lock, so their ids are too."""
        ids = [id for (id,) in self._db.execute("SELECT id FROM impressions WHERE turn_id = ? ORDER BY id", [turn_id])]
        return tuple(replace(item, id=id) for item, id in zip(slate.items, ids, strict=True))


def _turn(found: sqlite3.Row) -> Turn:
    return Turn(
        update_id=found["update_id"],
        user_id=found["user_id"],
        chat_id=found["chat_id"],
        text=found["text"],
        said_at=instants.from_text(found["said_at"]),
        language=found["language"],
        source=found["source"],
        id=found["id"],
    )


def turn_record(found: sqlite3.Row) -> TurnRecord:
    """A turn from its whole row."""
    understanding, need, answered_at = found["understanding"], found["need"], found["answered_at"]
    return TurnRecord(
        turn=_turn(found),
        understanding=codec.understanding_from_text(understanding) if understanding else None,
        need=codec.need_from_text(need) if need else None,
        reply_json=found["reply"] or "",
        timings=codec.loads(found["timings"] or "{}"),
        versions=codec.loads(found["versions"] or "{}"),
        degraded=bool(found["degraded"]),
        answered_at=instants.from_text(answered_at) if answered_at else None,
        conversation_id=found["conversation_id"],
        fallback=bool(found["fallback"]),
    )
