"""While the database takes nothing (a full disk, a lock that lasts), whoever writes is told so, once, without a record.

What they wrote is kept, by Telegram or in the inbox, and answered when the trouble is over. There is nowhere to record
that they were told, so a restart in the middle may tell a shopper once more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.reply import Line
from bot.telegram.updates import event_of
from bot.wording import language_of_code
from nlu.language import language_of
from storage.database import DatabaseTrouble, meaning
from storage.records import Language

_APART_S = 180.0  # troubles further apart than that are two
_REQUEST_S = 10
_log = logging.getLogger(__name__)


class Outage:
    """Who was told.

    Args:
        words: a line in a language.
        after: seconds of trouble for which nothing is said: most are over by then.
    """

    def __init__(self, bot: Bot, words: Callable[[Line, Language], str], after: float = 15.0) -> None:
        self._bot, self._words, self._after = bot, words, after
        self._since = self._last = float("-inf")
        self._told: set[int] = set()

    async def goes_on(self, updates: Iterable[Any]) -> None:
        """There is trouble still, and these raw updates wait for its end."""
        now = asyncio.get_running_loop().time()
        if now - self._last > _APART_S:
            self._since, self._told = now, set()
        self._last = now
        if now - self._since >= self._after:
            for raw in updates:
                await self._tell(raw)

    @asynccontextmanager
    async def over(self, updates: Iterable[Any]) -> AsyncIterator[None]:
        """Where the database takes nothing inside, these raw updates wait for the end of that. It is raised on."""
        try:
            yield
        except Exception as error:
            if isinstance(meaning(error), DatabaseTrouble):
                await self.goes_on(updates)
            raise

    async def _tell(self, raw: Any) -> None:
        kind, event = event_of(raw) if isinstance(raw, dict) else ("", {})
        chat, person = _private_chat(event), event.get("from")
        if kind not in ("message", "edited_message", "callback_query") or not isinstance(person, dict) or not chat:
            return
        if chat in self._told:
            return
        self._told.add(chat)
        text = self._words(Line("storage-wait"), _language(event, person))
        try:
            if kind == "callback_query":
                await self._bot.answer_callback_query(
                    str(event.get("id")), text, show_alert=True, request_timeout=_REQUEST_S
                )
            else:
                await self._bot.send_message(chat, text, parse_mode=None, request_timeout=_REQUEST_S)
        except AiogramError as error:
            _log.info("A shopper could not be told of the wait: %s", type(error).__name__)


def _private_chat(event: Any) -> int:
    """The shopper's own chat that a message or a tap came from; 0 for any other."""
    message = event.get("message", event)
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(chat, dict) or chat.get("type") != "private" or type(chat.get("id")) is not int:
        return 0
    return int(chat["id"])


def _language(event: Any, person: dict[str, Any]) -> Language:
    said = event.get("text")
    if isinstance(said, str) and any(letter.isalpha() for letter in said):
        return language_of(said)
    code = person.get("language_code")
    return language_of_code(code if isinstance(code, str) else None)
