"""What every page works with: this thread's databases, the words, and the way to the running bot.

Pages are plain functions in a pool of threads; SQLite connections do not cross threads, so each thread opens its own
at its first page and keeps it.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import Any

from bot.calendar import spans_of
from bot.desks.control import ControlClient, ControlError
from bot.lock import is_owned
from bot.office_hours import Exceptions, OfficeHours
from bot.settings import Settings
from bot.wording import Wording
from storage.console.database import ConsoleStore
from storage.records import Vocabulary
from storage.shop import Shop
from storage.terms import base_vocabulary

THREADS = 8
"""Of pages. Each has two connections."""
_BOT_TIMEOUT_S = 10.0
_WORDS_KEPT_S = 60.0


class BotAwayError(Exception):
    """No bot runs on this data folder, or it did not answer; the message says which."""


class _Mine(threading.local):
    """The connections of one thread."""

    store: ConsoleStore | None = None
    shop: Shop | None = None


class Desk:
    """One for the whole console; its properties belong to the thread that asks."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.wording = Wording(self.vocabulary)
        self._mine = _Mine()
        self._words: tuple[float, Vocabulary] = (0.0, base_vocabulary())

    @property
    def store(self) -> ConsoleStore:
        """The console's database, the shop's attached as soon as there is one."""
        if self._mine.store is None:
            self._mine.store = ConsoleStore.open(self.settings.data)
        self._mine.store.attach(self.settings.data)
        return self._mine.store

    @property
    def shop(self) -> Shop:
        """The shop's database, for reading. Raises DatabaseMissing or DatabaseOlder until a bot has made it."""
        if self._mine.shop is None:
            self._mine.shop = Shop.open(self.settings.data, readonly=True)
        return self._mine.shop

    def vocabulary(self) -> Vocabulary:
        """The shop's words, read anew every minute; the shipped ones until there is a shop."""
        read_at, words = self._words
        if time.monotonic() - read_at > _WORDS_KEPT_S:
            words = self.shop.catalogue.vocabulary()
            self._words = (time.monotonic(), words)
        return words

    @property
    def hours(self) -> OfficeHours:
        """When people of the shop are there, by the calendar as it is now."""
        days = self.shop.special_days.since(self.clock().date() - timedelta(days=1))
        return OfficeHours(self.settings.hours.spans, Exceptions(spans_of(days)))

    def bot(self, request: str, **fields: Any) -> dict[str, Any]:
        """The running bot's answer to a request (bot/desks/control.py). Raises BotAwayError, or ControlError where the
        bot refuses.
        """
        if not self.bot_runs():
            raise BotAwayError("No bot runs on this data folder.")
        try:
            return ControlClient(self.settings.data, timeout=_BOT_TIMEOUT_S).ask(request, **fields)
        except ControlError as error:
            if isinstance(error.__cause__, OSError):
                raise BotAwayError("The bot did not answer.") from error
            raise

    def bot_runs(self) -> bool:
        return is_owned(self.settings.data)

    def clock(self) -> datetime:
        """Now, by the shop's clock."""
        return datetime.now(self.settings.clock)

    def close(self) -> None:
        """Forgets every thread's connections; they end with their threads."""
        self._mine = _Mine()
