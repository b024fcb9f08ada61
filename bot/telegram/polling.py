"""Our own polling: nothing is acknowledged before it is stored.

One commit takes a whole batch to the inbox; only the next getUpdates, by its offset, tells Telegram to forget it. The
batch is fetched raw, so that one update that no longer fits aiogram's types cannot block the queue for ever.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from bot.telegram.backoff import Backoff
from bot.telegram.triage import is_stale
from bot.telegram.updates import MalformedUpdateError, body_of, read_update
from bot.workers import Worker
from storage.records import Update
from storage.shop import Shop

_BATCH = 100
_GRACE_S = 10  # how much longer than its long poll a request may take
_log = logging.getLogger(__name__)


class TokenRefusedError(Exception):
    """Telegram does not know the token."""


class GetRawUpdates(TelegramMethod[list[Any]]):
    """getUpdates with its result left unparsed."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class Polling:
    """The loop that fetches and stores.

    Args:
        hand_over: takes the stored updates; called after the commit.
        allowed: the kinds of update to ask for.
        timeout: seconds of a long poll, at most 50.
        backoff: pauses after trouble; `idle` those after empty answers that came too quickly.
    """

    def __init__(
        self,
        bot: Bot,
        database: Worker[Shop],
        hand_over: Callable[[Sequence[Update]], None],
        allowed: list[str],
        timeout: int = 30,
        backoff: Backoff | None = None,
        idle: Backoff | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._bot, self._database, self._hand_over = bot, database, hand_over
        self._allowed, self._timeout, self._now = allowed, timeout, now
        self._backoff = backoff or Backoff(first=1.0, cap=60.0)
        self._idle = idle or Backoff(first=0.5, cap=5.0)
        # None asks from the head of the queue. So does every start: what is stored was acknowledged or is known by
        # its number, whereas an offset kept from earlier could skip updates (their numbers may begin anew).
        self._offset: int | None = None
        self._held: list[Update] = []
        self.last_success: datetime | None = None

    async def run(self) -> None:
        """Polls until cancelled. Raises TokenRefusedError where Telegram never accepted the token."""
        while True:
            try:
                await self.once()
                self._backoff.reset()
            except TelegramRetryAfter as flood:
                _log.warning("getUpdates: Telegram asks for a pause of %s s", flood.retry_after)
                await asyncio.sleep(flood.retry_after)
            except Exception as trouble:
                # Whatever it is, the bot must come back by itself when it is over.
                self._give_up_on_token(trouble)
                pause = self._backoff.pause()
                _log.error("getUpdates: %s Next try in %.0f s.", self._sentence(trouble), pause)
                await asyncio.sleep(pause)

    async def once(self) -> None:
        """One poll: fetch, store, move the offset, hand over."""
        loop = asyncio.get_running_loop()
        asked = loop.time()
        batch = await self._fetch()
        self.last_success = self._now()
        if not batch:
            # Nothing is left to acknowledge, and after a quiet week the next number is drawn at random.
            self._offset = None
            self._release()
            await self._breathe(loop.time() - asked)
            return
        updates, broken = _read(batch, self.last_success)
        fresh = await self._database.run(lambda shop: _store(shop, updates, broken, self._bot.id))
        if updates:
            self._offset = max(update.update_id for update in updates) + 1
            self._idle.reset()
        else:
            await asyncio.sleep(self._idle.pause())
        self._held += fresh
        if not self._catching_up(batch):
            self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        self._hand_over(held)

    def _catching_up(self, batch: Sequence[Any]) -> bool:
        """Whether more of an outage is still to come: its messages are judged together, so they go on together."""
        return len(batch) == _BATCH and isinstance(batch[-1], dict) and is_stale(batch[-1], self._now())

    async def _fetch(self) -> list[Any]:
        method = GetRawUpdates(offset=self._offset, limit=_BATCH, timeout=self._timeout, allowed_updates=self._allowed)
        return await self._bot(method, request_timeout=self._timeout + _GRACE_S)

    async def _breathe(self, took: float) -> None:
        """A server that does not poll long would make this a hot loop."""
        if took < min(self._timeout, 1) / 2:
            await asyncio.sleep(self._idle.pause())
        else:
            self._idle.reset()

    def _give_up_on_token(self, trouble: Exception) -> None:
        if self.last_success is None and isinstance(trouble, TelegramUnauthorizedError | TelegramNotFound):
            raise TokenRefusedError(
                "Telegram refused the token: check TELEGRAM_BOT_TOKEN against what @BotFather shows."
            ) from trouble

    def _sentence(self, trouble: Exception) -> str:
        return sentence(trouble).replace(self._bot.token, "<token>")


def sentence(trouble: Exception) -> str:
    """What went wrong with a poll, and what to do, in a sentence or two."""
    match trouble:
        case TelegramConflictError() if "webhook" in trouble.message.casefold():
            return "A webhook is set for this bot, so it cannot be polled; delete the webhook."
        case TelegramConflictError():
            return "Another process polls this bot, and each update goes to only one of them; stop the other."
        case TelegramUnauthorizedError():
            return "Telegram no longer accepts the token; it was revoked."
        case TelegramNetworkError():
            return f"Telegram cannot be reached ({trouble.message})."
        case TelegramAPIError():
            return f"Telegram answered with an error ({trouble.message})."
        case ClientDecodeError():
            return "Telegram's answer could not be read."
        case _:
            return f"The updates could not be stored ({type(trouble).__name__}: {trouble})."


def _read(batch: Sequence[Any], at: datetime) -> tuple[list[Update], list[tuple[str, str]]]:
    updates, broken = [], []
    for raw in batch:
        try:
            updates.append(read_update(raw, at))
        except MalformedUpdateError as error:
            broken.append((body_of(raw), str(error)))
    return updates, broken


def _store(shop: Shop, updates: Sequence[Update], broken: Sequence[tuple[str, str]], bot_id: int) -> Sequence[Update]:
    """Stores a batch; gives back those still to be worked: not the ones that came a second time after the first."""
    for body, error in broken:
        _log.error("Malformed update is passed over: %s", error)
        shop.inbox.report(body, error)
    added = shop.inbox.add(updates, bot_id=bot_id)
    if added == len(updates):
        return updates
    pending = {update.update_id: update for update in shop.inbox.pending()}
    return [pending[update.update_id] for update in updates if update.update_id in pending]
