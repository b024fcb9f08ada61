"""Pressed buttons that wait for answerCallbackQuery: one answer each, and only while they are fresh."""

from __future__ import annotations

import json
import random
from typing import Any

from sqlite_utils import Database

# Telegram names no figure; bots report that the id dies after 10 to 20 seconds.
LIFE_SECONDS = 15.0


class Queries:
    """Reads and writes pressed buttons; the caller opens the transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, chat_id: int, message_id: int, at: float) -> str:
        query_id = str(random.randint(10**17, 10**18 - 1))
        self._database.table("queries").insert(
            {"id": query_id, "chat_id": chat_id, "message_id": message_id, "asked": at, "answer": None}
        )
        return query_id

    def answer(self, query_id: str, answer: dict[str, Any], at: float) -> tuple[int, int] | None:
        """Chat and message of the button, None when the query is unknown, old or answered already."""
        rows = self._database.query(
            "SELECT chat_id, message_id FROM queries WHERE id = ? AND answer IS NULL AND asked > ?",
            [query_id, at - LIFE_SECONDS],
        )
        row = next(iter(rows), None)
        if row is None:
            return None
        self._database.execute(
            "UPDATE queries SET answer = ? WHERE id = ?", [json.dumps(answer, ensure_ascii=False), query_id]
        )
        return row["chat_id"], row["message_id"]

    def answered(self, query_id: str) -> dict[str, Any] | None:
        """What the bot answered, None while it has not."""
        rows = self._database.query("SELECT answer FROM queries WHERE id = ?", [query_id])
        row = next(iter(rows), None)
        return json.loads(row["answer"]) if row and row["answer"] else None
