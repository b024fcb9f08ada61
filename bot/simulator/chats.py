"""Shoppers and the private chats they have with the bot: who they are and every message still visible.

A chat has the id of its shopper. Message ids are 1, 2, 3 ... in each chat and shared by both sides; a message is
kept as the JSON object that the Bot API shows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

Message = dict[str, Any]
FIRST_SHOPPER = 700_000_001


@dataclass(frozen=True, slots=True)
class Person:
    """A shopper. `reachable` once they wrote to the bot; `last_update_id` is their newest update."""

    id: int
    first_name: str
    username: str
    language_code: str
    blocked: bool
    reachable: bool
    last_update_id: int
    last_message_id: int

    def user(self) -> dict[str, Any]:
        """As a Bot API `User`."""
        named = {"username": self.username} if self.username else {}
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            **named,
            "language_code": self.language_code,
        }

    def chat(self) -> dict[str, Any]:
        """As a Bot API `Chat`; a number below 0 is that of a group."""
        if self.id < 0:
            return {"id": self.id, "title": self.first_name, "type": "group"}
        named = {"username": self.username} if self.username else {}
        return {"id": self.id, "first_name": self.first_name, **named, "type": "private"}


class Chats:
    """Reads and writes shoppers and messages; the caller opens the transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_person(self, first_name: str, language_code: str, username: str, at: float) -> Person:
        row = self._row("SELECT coalesce(max(id) + 1, ?) AS id FROM shoppers", FIRST_SHOPPER)
        assert row is not None
        self._database.table("shoppers").insert(
            {
                "id": row["id"],
                "first_name": first_name,
                "username": username,
                "language_code": language_code,
                "created": at,
            }
        )
        person = self.person(row["id"])
        assert person is not None
        return person

    def add_group(self, title: str, at: float) -> Person:
        """A group, which the bot can write to at once."""
        row = self._row("SELECT min(coalesce(min(id), 0), 0) - 1 AS id FROM shoppers")
        assert row is not None
        self._database.table("shoppers").insert(
            {"id": row["id"], "first_name": title, "username": "", "language_code": "", "created": at, "reachable": 1}
        )
        group = self.person(row["id"])
        assert group is not None
        return group

    def person(self, chat_id: int) -> Person | None:
        row = self._row("SELECT * FROM shoppers WHERE id = ?", chat_id)
        return None if row is None else _person(row)

    def people(self) -> list[Person]:
        return [_person(row) for row in self._database.query("SELECT * FROM shoppers WHERE id > 0 ORDER BY id")]

    def set_blocked(self, chat_id: int, blocked: bool) -> None:
        self._database.execute("UPDATE shoppers SET blocked = ? WHERE id = ?", [int(blocked), chat_id])

    def wrote(self, chat_id: int, update_id: int) -> None:
        """Remembers that the shopper did something: the bot may write now, and `update_id` is the newest."""
        self._database.execute(
            "UPDATE shoppers SET reachable = 1, last_update_id = ? WHERE id = ?", [update_id, chat_id]
        )

    def add(self, chat_id: int, message: Message, *, from_bot: bool) -> Message:
        """Gives the message the chat's next id and stores it."""
        row = self._row("SELECT last_message_id + 1 AS id FROM shoppers WHERE id = ?", chat_id)
        assert row is not None
        numbered = {"message_id": row["id"], **message}
        self._database.execute(
            "UPDATE shoppers SET last_message_id = ? WHERE id = ?", [numbered["message_id"], chat_id]
        )
        self._database.table("messages").insert(
            {
                "chat_id": chat_id,
                "message_id": numbered["message_id"],
                "from_bot": int(from_bot),
                "body": json.dumps(numbered, ensure_ascii=False),
            }
        )
        return numbered

    def message(self, chat_id: int, message_id: int) -> Message | None:
        row = self._row("SELECT body FROM messages WHERE chat_id = ? AND message_id = ?", chat_id, message_id)
        return None if row is None else json.loads(row["body"])

    def replace(self, chat_id: int, message: Message) -> None:
        self._database.execute(
            "UPDATE messages SET body = ? WHERE chat_id = ? AND message_id = ?",
            [json.dumps(message, ensure_ascii=False), chat_id, message["message_id"]],
        )

    def delete(self, chat_id: int, message_id: int) -> None:
        self._database.execute("DELETE FROM messages WHERE chat_id = ? AND message_id = ?", [chat_id, message_id])

    def history(self, chat_id: int, *, after: int = 0, limit: int = 1000) -> list[Message]:
        """The newest `limit` messages with ids above `after`, oldest first."""
        rows = self._database.query(
            "SELECT body FROM messages WHERE chat_id = ? AND message_id > ? ORDER BY message_id DESC LIMIT ?",
            [chat_id, after, limit],
        )
        return [json.loads(row["body"]) for row in rows][::-1]

    def _row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        return next(iter(self._database.query(sql, list(values))), None)


def _person(row: dict[str, Any]) -> Person:
    return Person(
        id=row["id"],
        first_name=row["first_name"],
        username=row["username"],
        language_code=row["language_code"],
        blocked=bool(row["blocked"]),
        reachable=bool(row["reachable"]),
        last_update_id=row["last_update_id"],
        last_message_id=row["last_message_id"],
    )
