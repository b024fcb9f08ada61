""" "typing…" while an answer is in the making: never waited for, never in the way. A message is told so at once; a tap
only when it takes a while, since most are answered by a toast, and Telegram would go on showing it for five seconds.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.exceptions import AiogramError

_AGAIN_S = 4.5  # Telegram shows an action for five seconds.
_TIMEOUT_S = 5
_log = logging.getLogger(__name__)
_running: set[asyncio.Task[None]] = set()


@asynccontextmanager
async def typing(bot: Bot, chat_id: int, after: float = 0.0) -> AsyncIterator[None]:
    """Shows the action for as long as the block runs, from `after` seconds on. A request under way is left to end by
    itself: cancelling it would close its connection, which the answer can use.
    """
    done = asyncio.Event()
    task = asyncio.create_task(_show(bot, chat_id, done, after))
    _running.add(task)
    task.add_done_callback(_running.discard)
    try:
        yield
    finally:
        done.set()


async def _show(bot: Bot, chat_id: int, done: asyncio.Event, after: float) -> None:
    if after and await _within(done, after):
        return
    while not done.is_set():
        try:
            await bot.send_chat_action(chat_id, "typing", request_timeout=_TIMEOUT_S)
        except AiogramError as error:
            _log.debug("No typing action: %s", error)
            return
        await _within(done, _AGAIN_S)


async def _within(done: asyncio.Event, seconds: float) -> bool:
    """Whether it was done by then."""
    try:
        await asyncio.wait_for(done.wait(), seconds)
    except TimeoutError:
        return False
    return True
