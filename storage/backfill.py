"""Old rows in a new layout: what a migration has to work out in Python. Each function belongs to one released step
and is left as it was.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.turn_words import number_of, words_of

_SILENCE = timedelta(hours=2)
_LANGUAGES = ("en", "zh")
_INTENTS = (
    *("search", "refine", "more", "inspire", "ask_product", "compare", "like", "dislike", "add_to_cart", "view_cart"),
    *("remove_from_cart", "checkout", "save", "view_saved", "order_status", "order_change", "return_refund"),
    *("shipping", "payment", "human", "confirm", "deny", "greet", "thanks", "goodbye", "help", "out_of_scope"),
)
# Replies that said: not understood, or not sure of it.
_UNSURE = {"did-you-mean", "unsure", "unsure-change", "not-my-business", "say-otherwise"}


def backfill_conversations(db: Database) -> None:
    """m009: every turn in its conversation, in the order of their beginnings, with figures and words."""
    # A conversation's row is written at its end, after the turns that refer to it.
    db.execute("PRAGMA defer_foreign_keys = ON")
    talks: dict[int, dict[str, Any]] = {}
    models: dict[str, int] = {}
    number = 0
    for turn in _batches(db, "SELECT * FROM turns WHERE id > ? ORDER BY id LIMIT 1000"):
        said_at, talk = datetime.fromisoformat(turn["said_at"]), talks.get(turn["user_id"])
        if talk is None or said_at > datetime.fromisoformat(talk["ended_at"]) + _SILENCE:
            if talk is not None:
                _store(db, talk)
            number += 1
            talk = talks[turn["user_id"]] = _begun(number, turn)
        _count(db, talk, turn, models)
    for talk in talks.values():
        _store(db, talk)
    db.conn.executemany("INSERT INTO understanders (name, number) VALUES (?, ?)", list(models.items()))
    _count_thumbs(db)
    _write_titles(db)


def _batches(db: Database, sql: str) -> Iterator[sqlite3.Row]:
    """Rows in batches by their first column, so that other statements may write in between."""
    last = 0
    cursor = db.conn.cursor()
    cursor.row_factory = sqlite3.Row
    while found := cursor.execute(sql, [last]).fetchall():
        yield from found
        last = found[-1][0]


def _begun(number: int, turn: sqlite3.Row) -> dict[str, Any]:
    figures = dict.fromkeys(("turns", "languages", "intents", "fallbacks", "degraded"), 0)
    said_at = turn["said_at"]
    return {
        **figures,
        "id": number,
        "user_id": turn["user_id"],
        "first_turn": turn["id"],
        "began_at": said_at,
        "ended_at": said_at,
        "lowest_confidence": None,
        "models": "",
    }


def _count(db: Database, talk: dict[str, Any], turn: sqlite3.Row, models: dict[str, int]) -> None:
    talk["turns"] += 1
    talk["last_turn"], talk["ended_at"] = turn["id"], max(talk["ended_at"], turn["said_at"])
    talk["degraded"] += turn["degraded"]
    fallback = False
    if turn["answered_at"] is not None:
        said = json.loads(turn["understanding"] or "{}")
        fallback = bool(said.get("degraded")) or _unsure(turn["reply"])
        talk["fallbacks"] += fallback
        if (language := json.loads(turn["need"] or "{}").get("language")) in _LANGUAGES:
            talk["languages"] |= 1 << _LANGUAGES.index(language)
        if said and said.get("model") != "button":
            _count_reading(talk, said, models)
    db.execute("UPDATE turns SET conversation_id = ?, fallback = ? WHERE id = ?", [talk["id"], fallback, turn["id"]])
    if words := words_of(turn["text"]):
        db.execute("INSERT INTO turn_text (rowid, words) VALUES (?, ?)", [number_of(talk["id"], turn["id"]), words])


def _count_reading(talk: dict[str, Any], said: dict[str, Any], models: dict[str, int]) -> None:
    for intent in (said["intent"], *said.get("also", ())):
        talk["intents"] |= 1 << _INTENTS.index(intent) if intent in _INTENTS else 0
    lowest = talk["lowest_confidence"]
    talk["lowest_confidence"] = said["confidence"] if lowest is None else min(lowest, said["confidence"])
    if model := said.get("model"):
        mark = f"|{models.setdefault(model, len(models) + 1)}|"
        talk["models"] += "" if mark in talk["models"] else mark


def _unsure(reply: str | None) -> bool:
    try:
        return any(line.get("$line") in _UNSURE for line in json.loads(reply or "{}").get("lines", ()))
    except (ValueError, AttributeError):
        return False


def _store(db: Database, talk: dict[str, Any]) -> None:
    db.execute(f"INSERT INTO conversations ({', '.join(talk)}) VALUES ({', '.join(f':{name}' for name in talk)})", talk)


def _count_thumbs(db: Database) -> None:
    for column, reaction in (("thumbs_up", "like"), ("thumbs_down", "dislike")):
        db.execute(
            f"""UPDATE conversations SET {column} = found.number FROM (
                SELECT t.conversation_id AS id, count(*) AS number FROM feedback AS f
                JOIN impressions AS i ON i.id = f.impression_id JOIN turns AS t ON t.id = i.turn_id
                WHERE f.reaction = ? GROUP BY t.conversation_id
            ) AS found WHERE found.id = conversations.id""",
            [reaction],
        )


def _write_titles(db: Database) -> None:
    for turn in _batches(
        db,
        """SELECT t.id, t.conversation_id, group_concat(p.title || ' ' || p.title_zh, ' ') AS titles FROM turns AS t
        JOIN impressions AS i ON i.turn_id = t.id AND i.position > 0 JOIN products AS p ON p.id = i.product_id
        WHERE t.id > ? AND t.shown > 0 GROUP BY t.id ORDER BY t.id LIMIT 1000""",
    ):
        if words := words_of(turn["titles"]):
            shown = number_of(turn["conversation_id"], turn["id"], shown=True)
            db.execute("INSERT INTO turn_text (rowid, words) VALUES (?, ?)", [shown, words])
