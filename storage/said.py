"""What shoppers said and what it was said into: a message with the question before it and the cards on the screen.

    for said in Said(db).of(turn_ids): ...

For training sets and for watching how the talk changes; reads only.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import codec, instants
from storage.database import rows
from storage.records import Language, Understanding

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SaidTurn:
    """A message. `asked` is what the bot had asked (as `Need.asked` has it), `shown` how many cards were on the screen,
    `understanding` what was read at the time.
    """

    turn_id: int
    conversation_id: int
    text: str
    language: Language
    said_at: datetime
    source: str
    asked: str | None
    shown: int
    understanding: Understanding | None


@dataclass(frozen=True, slots=True)
class Noted:
    """What is counted of a message that a model read; `confidence` 0..1."""

    conversation_id: int
    user_id: int
    text: str
    language: Language
    intent: str
    confidence: float


class Said:
    """The messages of a shop's database; `schema` is its name where it is attached to another one."""

    def __init__(self, db: Database, schema: str = "main") -> None:
        self._db, self._schema = db, schema

    def of(self, turn_ids: Iterable[int]) -> Iterator[SaidTurn]:
        """The turns that there are, in the order of their ids."""
        wanted = sorted(set(turn_ids))
        for at in range(0, len(wanted), _AT_ONCE):
            asked = json.dumps(wanted[at : at + _AT_ONCE])
            yield from map(_turn, rows(self._db, _OF.format(schema=self._schema), [asked]))

    def existing(self, turn_ids: Iterable[int]) -> set[int]:
        """Those of the ids that are still there."""
        found = rows(
            self._db,
            f"SELECT id FROM {self._schema}.turns WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(sorted(set(turn_ids)))],
        )
        return {each["id"] for each in found}

    def last(self) -> datetime | None:
        """When the newest message was said."""
        found = rows(self._db, f"SELECT said_at FROM {self._schema}.turns ORDER BY id DESC LIMIT 1")
        return instants.from_text(found[0]["said_at"]) if found else None

    def between(self, begin: datetime, end: datetime, most: int) -> list[Noted]:
        """At most so many messages of whole conversations that models read in [begin, end); the conversations are
        drawn by a hash of their number, so the same are drawn every time.
        """
        bounds = [instants.to_text(begin), instants.to_text(end)]
        where = _READ.format(schema=self._schema)
        count = rows(self._db, f"SELECT count(*) AS count {where}", bounds)[0]["count"]
        # Knuth's multiplicative hash: conversations that follow each other are drawn independently of each other.
        kept = min(1.0, most / max(count, 1))
        found = rows(
            self._db,
            f"""SELECT turns.conversation_id AS conversation_id, user_id, text, language,
            understanding ->> 'intent' AS intent, understanding ->> 'confidence' AS confidence {where}
            AND (turns.conversation_id * 2654435761) % 4294967296 < ? ORDER BY turns.id""",
            [*bounds, int(kept * 4294967296)],
        )
        return [
            Noted(
                *(each["conversation_id"], each["user_id"], each["text"], each["language"]),
                *(each["intent"], float(each["confidence"])),
            )
            for each in found
        ]


_OF = """SELECT turns.id AS id, conversation_id, text, language, said_at, source, understanding,
    (SELECT before.need FROM {schema}.turns AS before WHERE before.user_id = turns.user_id AND before.id < turns.id
        AND before.answered_at IS NOT NULL ORDER BY before.id DESC LIMIT 1) AS need,
    (SELECT before.shown FROM {schema}.turns AS before WHERE before.user_id = turns.user_id AND before.id < turns.id
        AND (before.shown > 0 OR before.cleared) ORDER BY before.id DESC LIMIT 1) AS cards
    FROM {schema}.turns AS turns WHERE turns.id IN (SELECT value FROM json_each(?)) ORDER BY turns.id"""
_READ = """FROM {schema}.turns AS turns WHERE said_at >= ? AND said_at < ? AND source = 'text'
    AND understanding IS NOT NULL AND understanding ->> 'model' <> '' AND understanding ->> 'model' <> 'button'
    AND NOT coalesce(understanding ->> 'degraded', 0)"""


def _turn(found: sqlite3.Row) -> SaidTurn:
    need = codec.need_from_text(found["need"]) if found["need"] else None
    understanding = codec.understanding_from_text(found["understanding"]) if found["understanding"] else None
    return SaidTurn(
        turn_id=found["id"],
        conversation_id=found["conversation_id"] or 0,
        text=found["text"],
        language=found["language"],
        said_at=instants.from_text(found["said_at"]),
        source=found["source"],
        asked=need.asked if need else None,
        shown=found["cards"] or 0,
        understanding=understanding,
    )
