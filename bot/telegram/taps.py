"""No button hangs: a tap whose turn is far is answered blank, and worked later.

Telegram shows a tapped button as busy until the tap is answered, and forgets a tap after some seconds. Whatever the
tap leads to comes as a message or as an edited one then.
"""

from __future__ import annotations

import asyncio
import logging

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.telegram.updates import Raw, query_of

_AFTER_S = 0.8
_log = logging.getLogger(__name__)


class Taps:
    """The taps that wait. `after`: seconds of waiting after which one is answered."""

    def __init__(self, bot: Bot, after: float = _AFTER_S) -> None:
        self._bot, self._after = bot, after
        self._answering: set[asyncio.Task[None]] = set()
        self._closed = False

    def expect(self, raw: Raw) -> None:
        """Watches an update from its arrival; what is no tap is not watched."""
        query_id = query_of(raw)
        if query_id is not None:
            asyncio.get_running_loop().call_later(self._after, self._due, query_id)

    async def close(self) -> None:
        """Answers no more."""
        self._closed = True
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    def _due(self, query_id: str) -> None:
        if self._closed:
            return
        task = asyncio.create_task(self._answer(query_id))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, query_id: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id)
        except AiogramError as error:  # mostly: it was answered, by what it led to
            _log.debug("A tap was not answered ahead: %s", error)
