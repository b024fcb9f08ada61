"""Sentences of an answer in the making, as Telegram's draft: a bubble that grows and that the real message replaces.

Only sentences that were checked come here. The newest state wins, at most about two a second are sent, and nothing is
waited for: a draft that cannot be sent is a draft that nobody misses.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.telegram.flow import HeldBackError
from bot.telegram.protocols import Show
from bot.telegram.split import TEXT_LIMIT

_APART_S = 0.4
_TIMEOUT_S = 5
_GRACE_S = 1.0  # for a draft under way when the answer is ready: it must not come after it
_FAILURES = 3
_MOST_ID = 2**31 - 1
_log = logging.getLogger(__name__)


@asynccontextmanager
async def preview(bot: Bot, chat_id: int, update_id: int) -> AsyncIterator[Show]:
    """Gives a `show` that draws the sentences so far in the chat, for as long as the block runs."""
    board = _Board(bot, chat_id, update_id % _MOST_ID or 1)
    try:
        yield board.show
    finally:
        await board.close()


class _Board:
    def __init__(self, bot: Bot, chat_id: int, draft_id: int) -> None:
        self._bot, self._chat_id, self._draft_id = bot, chat_id, draft_id
        self._text, self._changed, self._closed = "", asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def show(self, sentences: Sequence[str]) -> None:
        self._text = "\n".join(sentences)[:TEXT_LIMIT]
        self._changed.set()
        if self._task is None and not self._closed.is_set():
            self._task = asyncio.create_task(self._draw())

    async def close(self) -> None:
        """Lets a request under way end, for a moment."""
        self._closed.set()
        self._changed.set()
        if self._task:
            await asyncio.wait({self._task}, timeout=_GRACE_S)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _draw(self) -> None:
        failures = 0
        while not self._closed.is_set() and failures < _FAILURES:
            self._changed.clear()
            try:
                await self._bot.send_message_draft(
                    self._chat_id, self._draft_id, text=self._text, parse_mode=None, request_timeout=_TIMEOUT_S
                )
            except HeldBackError:
                self._changed.set()  # as it is then, it is shown when there is room
            except AiogramError as error:
                failures += 1
                _log.debug("No draft: %s", error)
            try:
                await asyncio.wait_for(self._closed.wait(), _APART_S)
            except TimeoutError:
                await self._changed.wait()
