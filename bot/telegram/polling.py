"""Our own polling: nothing is acknowledged before it is stored.

One commit takes a whole batch to the inbox; only the next getUpdates, by its offset, tells Telegram to forget it. The
batch is fetched raw, so that one update that no longer fits aiogram's types cannot block the queue for ever.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramConflictError, TelegramRetryAfter
from aiogram.methods import TelegramMethod

from bot.health import figures
from bot.telegram.arrivals import read_batch, store_batch
from bot.telegram.backoff import Backoff
from bot.telegram.contact import Contact
from bot.telegram.outage import Outage
from bot.telegram.triage import is_stale
from bot.telegram.troubles import is_hung, is_webhook_set, kind, refused_token, sentence
from bot.workers import Worker
from storage.records import Update
from storage.shop import Shop

_BATCH = 100
_FULL_S = 0.5
_STORING_S = 60.0  # a commit that takes longer is stuck
_BEYOND_S = 5.0  # how much longer than its own limit a request may take before it is broken off from outside
_log = logging.getLogger(__name__)


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
        timeout: seconds of a long poll, at most 50; `grace` how much longer a request may take before it is given up.
        backoff: pauses after trouble; `idle` those after empty answers that came too quickly.
        contact: is told what works and what does not.
        full: whether more is taken than can be worked: then nothing is fetched; Telegram keeps it as well.
        outage: tells shoppers of a database that takes nothing.
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
        contact: Contact | None = None,
        grace: float = 10.0,
        full: Callable[[], bool] = lambda: False,
        outage: Outage | None = None,
    ) -> None:
        self._full, self._outage = full, outage
        # A poll that hangs is ended with its connections; messages on their way to shoppers have others.
        self._bot, self._database, self._hand_over = _twin(bot), database, hand_over
        self._allowed, self._timeout, self._now = allowed, timeout, now
        self._limit = timeout + grace
        self._backoff = backoff or Backoff(first=1.0, cap=60.0)
        self._idle = idle or Backoff(first=0.5, cap=5.0)
        # None asks from the head of the queue. So does every start: what is stored was acknowledged or is known by
        # its number, whereas an offset kept from earlier could skip updates (their numbers may begin anew).
        self._offset: int | None = None
        self._held: list[Update] = []
        self._webhook_deleted = False
        self.contact = contact or Contact()

    @property
    def last_success(self) -> datetime | None:
        """When updates were last fetched."""
        return self.contact.last_success

    async def run(self, opened: Callable[[], None] = lambda: None) -> None:
        """Polls until cancelled; `opened` is called before. Raises TokenRefusedError where Telegram never accepted the
        token.
        """
        opened()
        try:
            while True:
                while self._full():
                    await self._pause(_FULL_S)
                await self._round()
        finally:
            await self._bot.session.close()

    async def _round(self) -> None:
        try:
            await self.once()
            self._backoff.reset()
        except TelegramRetryAfter as flood:
            figures.POLL_ERRORS.labels(kind="flood").inc()
            _log.warning("getUpdates: Telegram asks for a pause of %s s", flood.retry_after)
            await self._pause(flood.retry_after)
        except Exception as trouble:
            # Whatever it is, the bot must come back by itself when it is over.
            if self.last_success is None and (refused := refused_token(trouble)):
                raise refused from trouble
            await self._mend(trouble)

    async def _mend(self, trouble: Exception) -> None:
        figures.POLL_ERRORS.labels(kind=kind(trouble)).inc()
        if is_webhook_set(trouble) and not self._webhook_deleted:
            await self._delete_webhook()
            return
        if isinstance(trouble, TelegramConflictError):
            self.contact.conflicted()
        pause = self._backoff.pause()
        _log.error("getUpdates: %s Next try in %.0f s.", self._sentence(trouble), pause)
        if is_hung(trouble):
            await self._bot.session.close()
        await self._pause(pause)

    async def _delete_webhook(self) -> None:
        """A bot that is told to poll takes its updates back, once; who sets the webhook again is another process."""
        self._webhook_deleted = True
        try:
            info = await self._bot.get_webhook_info()
            await self._bot.delete_webhook(drop_pending_updates=False)
        except Exception as trouble:
            self._webhook_deleted = False
            _log.error("The webhook cannot be deleted: %s", self._sentence(trouble))
            await self._pause(self._backoff.pause())
        else:
            _log.warning(
                "Updates went to the webhook %s; it is deleted, since SHOPBOT_WEBHOOK_URL is empty and this bot polls."
                " Nothing that waits is lost.",
                info.url[:200],
            )

    async def _pause(self, seconds: float) -> None:
        self.contact.expect(seconds)
        await asyncio.sleep(seconds)

    async def once(self) -> None:
        """One poll: fetch, store, move the offset, hand over."""
        loop = asyncio.get_running_loop()
        asked = loop.time()
        raws = await self._fetch()
        self.contact.succeeded()
        if not raws:
            # Nothing is left to acknowledge, and after a quiet week the next number is drawn at random.
            self._offset = None
            self._release()
            await self._breathe(loop.time() - asked)
            return
        batch = read_batch(raws, self._now())
        self.contact.expect(_STORING_S)
        async with self._outage.over(raws) if self._outage else nullcontext():
            fresh = await self._database.run(lambda shop: store_batch(shop, batch, self._bot.id))
        if batch.updates:
            self._offset = max(update.update_id for update in batch.updates) + 1
            self._idle.reset()
        else:
            await asyncio.sleep(self._idle.pause())
        self._held += fresh
        if not self._catching_up(raws):
            self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        self._hand_over(held)

    def _catching_up(self, batch: Sequence[Any]) -> bool:
        """Whether more of an outage is still to come: its messages are judged together, so they go on together."""
        return len(batch) == _BATCH and isinstance(batch[-1], dict) and is_stale(batch[-1], self._now())

    async def _fetch(self) -> list[Any]:
        method = GetRawUpdates(offset=self._offset, limit=_BATCH, timeout=self._timeout, allowed_updates=self._allowed)
        self.contact.expect(self._limit + _BEYOND_S)
        async with asyncio.timeout(self._limit + _BEYOND_S):
            return await self._bot(method, request_timeout=math.ceil(self._limit))

    async def _breathe(self, took: float) -> None:
        """A server that does not poll long would make this a hot loop."""
        if took < min(self._timeout, 1) / 2:
            await asyncio.sleep(self._idle.pause())
        else:
            self._idle.reset()

    def _sentence(self, trouble: Exception) -> str:
        return sentence(trouble).replace(self._bot.token, "<token>")


def _twin(bot: Bot) -> Bot:
    """Another client of the same server, so that what it is asked has connections of its own."""
    session = AiohttpSession(api=bot.session.api)
    for middleware in bot.session.middleware:
        session.middleware(middleware)
    return Bot(bot.token, session=session)
