"""All state of the simulator behind one object that lives in one thread.

A method of the Bot API or an act of a shopper is a plain function of a `Store`; it runs inside one transaction and
lists in `events` what those who watch (the web chat, waiting tests) should hear once it is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bot.simulator.calls import Calls
from bot.simulator.chats import Chats
from bot.simulator.clock import Clock
from bot.simulator.database import open_database
from bot.simulator.files import Files
from bot.simulator.invoices import Invoices
from bot.simulator.profile import Profile
from bot.simulator.queries import Queries
from bot.simulator.updates import UpdateQueue
from bot.simulator.webhook import Webhook

BOT_ID = 123456
R = TypeVar("R")
Event = dict[str, Any]


class Store:
    """Chats, updates, files, pressed buttons, profile and calls over one database."""

    def __init__(self, path: Path, clock: Clock, bot_name: str, bot_username: str) -> None:
        self._database = open_database(path)
        self.clock = clock
        self.chats = Chats(self._database)
        self.updates = UpdateQueue(self._database)
        self.webhook = Webhook(self._database)
        self.files = Files(self._database)
        self.queries = Queries(self._database)
        self.invoices = Invoices(self._database)
        self.profile = Profile(self._database)
        self.calls = Calls(self._database)
        self.events: list[Event] = []
        self._name = bot_name
        self._username = bot_username

    def bot(self) -> dict[str, Any]:
        """The bot as a Bot API `User`."""
        return {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": self.profile.get("name", "") or self._name,
            "username": self._username,
        }

    def act(self, function: Callable[[Store], R]) -> tuple[R, list[Event]]:
        """Runs `function` in one transaction; its result and the events it caused."""
        self.events = []
        with self._database.atomic():
            result = function(self)
        return result, self.events

    def tell(self, kind: str, chat_id: int, **facts: Any) -> None:
        """Adds an event for those who watch."""
        self.events.append({"kind": kind, "chat_id": chat_id, **facts})

    def close(self) -> None:
        self._database.close()
