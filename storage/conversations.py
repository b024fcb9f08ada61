"""Conversations: one shopper's turns until a silence of two hours, each with the figures that lists are filtered by.

The figures are kept up in the transaction that changes them, so that a list of a year's talk is one pass over small
rows. A conversation's number grows with the time of its first turn.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows
from storage.records import Intent, Language, Reaction, Turn, Understanding

SILENCE = timedelta(hours=2)
BUTTON = "button"
"""The model of an understanding that no model read: what was tapped is certain and says nothing of the model."""

LANGUAGES: tuple[Language, ...] = ("en", "zh")
# The order of the bits in the tables: new ones go to the end, whatever the order of the enum.
_INTENTS = (
    *("search", "refine", "more", "inspire", "ask_product", "compare", "like", "dislike", "add_to_cart", "view_cart"),
    *("remove_from_cart", "checkout", "save", "view_saved", "order_status", "order_change", "return_refund"),
    *("shipping", "payment", "human", "confirm", "deny", "greet", "thanks", "goodbye", "help", "out_of_scope"),
)
_THUMBS = {Reaction.LIKE: "thumbs_up", Reaction.DISLIKE: "thumbs_down"}


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as the lists show it.

    `lowest_confidence` is that of the least sure message, 0..1, None where no message was read. `fallbacks` counts the
    turns in which the model did not answer alone (rules stood in, the bot asked back, or said that it did not
    understand), `degraded` those answered with less than the whole machine, `handoffs` the cases opened. `models`
    read its messages. The thumbs are those that hold.
    """

    id: int
    user_id: int
    first_turn: int
    last_turn: int
    began_at: datetime
    ended_at: datetime
    turns: int
    languages: tuple[Language, ...]
    intents: tuple[Intent, ...]
    lowest_confidence: float | None
    thumbs_up: int
    thumbs_down: int
    fallbacks: int
    degraded: int
    handoffs: int
    models: tuple[str, ...]


class Conversations:
    """What the bot writes of conversations, and what anybody reads of one."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, conversation_id: int) -> Conversation | None:
        found = row(self._db, "SELECT * FROM conversations WHERE id = ?", [conversation_id])
        return conversations_of([found], self.models())[0] if found else None

    def of_turn(self, turn_id: int) -> int | None:
        """The conversation that a turn belongs to; None where there is no such turn (any more)."""
        found = row(self._db, "SELECT conversation_id FROM turns WHERE id = ?", [turn_id])
        return found["conversation_id"] if found else None

    def of_shopper(self, user_id: int, limit: int) -> tuple[Conversation, ...]:
        """A shopper's conversations, the latest first."""
        found = rows(
            self._db, "SELECT * FROM conversations WHERE user_id = ? ORDER BY id DESC LIMIT ?", [user_id, limit]
        )
        return conversations_of(found, self.models())

    def models(self) -> dict[int, str]:
        """Every version that ever read a message, by its number."""
        return dict(self._db.execute("SELECT number, name FROM understanders ORDER BY number").fetchall())

    def handed_off(self, conversation_id: int) -> None:
        """Count a case that was opened in a conversation."""
        with immediate(self._db):
            self._db.execute("UPDATE conversations SET handoffs = handoffs + 1 WHERE id = ?", [conversation_id])


def join(db: Database, turn: Turn) -> int:
    """The conversation that a new turn belongs to, which is begun where the last one ended in silence."""
    said_at = instants.to_text(turn.said_at)
    last = row(db, "SELECT id, ended_at FROM conversations WHERE user_id = ? ORDER BY id DESC LIMIT 1", [turn.user_id])
    if last and said_at <= instants.to_text(instants.from_text(last["ended_at"]) + SILENCE):
        return int(last["id"])
    begun = db.conn.execute(
        "INSERT INTO conversations (user_id, first_turn, last_turn, began_at, ended_at) VALUES (?, 0, 0, ?, ?)",
        [turn.user_id, said_at, said_at],
    )
    assert begun.lastrowid is not None
    return begun.lastrowid


def count_turn(db: Database, conversation_id: int, turn_id: int, said_at: datetime) -> None:
    """Count a turn that was stored."""
    db.execute(
        """UPDATE conversations SET turns = turns + 1, last_turn = ?, ended_at = max(ended_at, ?),
        first_turn = iif(turns = 0, ?, first_turn) WHERE id = ?""",
        [turn_id, instants.to_text(said_at), turn_id, conversation_id],
    )


def count_answer(
    db: Database,
    conversation_id: int,
    understanding: Understanding | None,
    language: Language,
    *,
    fallback: bool,
    degraded: bool,
) -> None:
    """Count what a turn was understood as and how it was answered."""
    read = understanding if understanding and understanding.model != BUTTON else None
    model = f"|{_number_of(db, read.model)}|" if read and read.model else ""
    db.execute(
        """UPDATE conversations SET languages = languages | ?, intents = intents | ?,
        lowest_confidence = min(coalesce(lowest_confidence, ?), coalesce(?, lowest_confidence)),
        fallbacks = fallbacks + ?, degraded = degraded + ?,
        models = iif(instr(models, ?), models, models || ?) WHERE id = ?""",
        [
            *(language_bit(language), intent_bits((read.intent, *read.also)) if read else 0),
            *((read.confidence, read.confidence) if read else (None, None)),
            *(int(fallback), int(degraded), model, model, conversation_id),
        ],
    )


def count_thumb(db: Database, impression_id: int, reaction: Reaction, by: int) -> None:
    """Count a like or dislike that holds from now on (`by` 1) or no longer (-1); other reactions are not counted."""
    if column := _THUMBS.get(reaction):
        db.execute(
            f"""UPDATE conversations SET {column} = {column} + ? WHERE id = (SELECT t.conversation_id
            FROM impressions AS i JOIN turns AS t ON t.id = i.turn_id WHERE i.id = ?)""",
            [by, impression_id],
        )


def language_bit(language: Language) -> int:
    """The bit of a language; 0 for one that the bot does not speak."""
    return 1 << LANGUAGES.index(language) if language in LANGUAGES else 0


def intent_bits(intents: Iterable[str]) -> int:
    """The bits of intents; what is no intent (any more) has none."""
    bits = 0
    for intent in intents:
        bits |= 1 << _INTENTS.index(intent) if intent in _INTENTS else 0
    return bits


def conversations_of(found: Sequence[sqlite3.Row], models: dict[int, str]) -> tuple[Conversation, ...]:
    """Conversations from rows of their table."""
    return tuple(_conversation(held, models) for held in found)


def _conversation(found: sqlite3.Row, models: dict[int, str]) -> Conversation:
    return Conversation(
        id=found["id"],
        user_id=found["user_id"],
        first_turn=found["first_turn"],
        last_turn=found["last_turn"],
        began_at=instants.from_text(found["began_at"]),
        ended_at=instants.from_text(found["ended_at"]),
        turns=found["turns"],
        languages=tuple(code for at, code in enumerate(LANGUAGES) if found["languages"] >> at & 1),
        intents=tuple(Intent(name) for at, name in enumerate(_INTENTS) if found["intents"] >> at & 1),
        lowest_confidence=found["lowest_confidence"],
        thumbs_up=found["thumbs_up"],
        thumbs_down=found["thumbs_down"],
        fallbacks=found["fallbacks"],
        degraded=found["degraded"],
        handoffs=found["handoffs"],
        models=tuple(models.get(int(number), "?") for number in found["models"].split("|") if number),
    )


def _number_of(db: Database, model: str) -> int:
    """The number of a version, given out at first sight."""
    db.execute("INSERT INTO understanders (name) VALUES (?) ON CONFLICT (name) DO NOTHING", [model])
    return int(db.execute("SELECT number FROM understanders WHERE name = ?", [model]).fetchone()[0])
