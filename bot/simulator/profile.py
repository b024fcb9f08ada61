"""What the bot says about itself: command menus by scope and language, name, descriptions, menu button."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

Command = dict[str, str]


class Profile:
    """Reads and writes the profile; the caller opens the transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set_commands(self, scope: str, chat_id: int, language: str, commands: list[Command]) -> None:
        self._database.table("commands").upsert(
            {
                "scope": scope,
                "chat_id": chat_id,
                "language": language,
                "body": json.dumps(commands, ensure_ascii=False),
            },
            pk=("scope", "chat_id", "language"),
        )

    def delete_commands(self, scope: str, chat_id: int, language: str) -> None:
        self._database.execute(
            "DELETE FROM commands WHERE scope = ? AND chat_id = ? AND language = ?", [scope, chat_id, language]
        )

    def commands(self, scope: str, chat_id: int, language: str) -> list[Command]:
        rows = self._database.query(
            "SELECT body FROM commands WHERE scope = ? AND chat_id = ? AND language = ?",
            [scope, chat_id, language],
        )
        return next((json.loads(row["body"]) for row in rows), [])

    def menu(self, chat_id: int, language: str) -> list[Command]:
        """What a shopper sees in a private chat: the narrowest scope and language that has commands."""
        for scope, chat in (("chat", chat_id), ("all_private_chats", 0), ("default", 0)):
            for code in (language, ""):
                found = self.commands(scope, chat, code)
                if found:
                    return found
        return []

    def get(self, name: str, language: str) -> str:
        """A text such as "description" in a language, else in the default one, else ""."""
        for key in (f"{name}:{language}", f"{name}:"):
            rows = self._database.query("SELECT value FROM facts WHERE name = ?", [key])
            for row in rows:
                return str(row["value"])
        return ""

    def set(self, name: str, language: str, value: str) -> None:
        """Sets a text; an empty one removes it."""
        key = f"{name}:{language}"
        if value:
            self._database.table("facts").upsert({"name": key, "value": value}, pk="name")
        else:
            self._database.execute("DELETE FROM facts WHERE name = ?", [key])

    def menu_button(self, chat_id: int) -> dict[str, Any]:
        stored = self.get("menu_button", str(chat_id)) or self.get("menu_button", "0")
        return json.loads(stored) if stored else {"type": "commands"}
