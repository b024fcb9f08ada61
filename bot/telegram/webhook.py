"""Updates by webhook, for a bot that a proxy with TLS stands before: the other way in beside polling.

The same inbox, the same commit before Telegram is told that an update arrived, the same queues behind it. The webhook
is set at each start and stays when the bot stops: what comes meanwhile waits at Telegram. Whoever polls with the same
token, or sets another address, is noticed at the next look and named.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.types import WebhookInfo

from bot.health import figures
from bot.telegram.arrivals import Arrivals, Batch, OverloadedError
from bot.telegram.backoff import Backoff
from bot.telegram.contact import Contact
from bot.telegram.latecomers import Latecomers
from bot.telegram.outage import Outage
from bot.telegram.receiver import Bounds, Receiver
from bot.telegram.troubles import kind, refused_token, sentence
from bot.workers import Worker
from storage.records import Update
from storage.shop import Shop

_LOOK_S = 20.0
_REQUEST_S = 30
_MANY_WAIT = 100
_log = logging.getLogger(__name__)


class WebhookRefusedError(Exception):
    """Telegram does not take the address."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where Telegram finds the bot, and where the bot listens for it.

    `url` is the public one, `host` and `port` are this machine's; `connections` is how many Telegram may use at once.
    `look` in seconds: how often Telegram is asked how its deliveries go. `late` likewise: how long a message of an
    outage waits for the next.
    """

    url: str
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8084
    connections: int = 40
    look: float = _LOOK_S
    late: float = 2.0
    bounds: Bounds = field(default_factory=Bounds)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path or "/"


class Webhook:
    """Listens, stores and hands over; sets the address and watches over it.

    Args:
        hand_over: takes the stored updates; called after the commit.
        allowed: the kinds of update to ask for.
        contact: is told what works and what does not.
        full: whether more is taken than can be worked: then Telegram is asked to come again.
        outage: tells shoppers of a database that takes nothing.
    """

    def __init__(
        self,
        bot: Bot,
        database: Worker[Shop],
        hand_over: Callable[[Sequence[Update]], None],
        allowed: list[str],
        address: Address,
        contact: Contact | None = None,
        backoff: Backoff | None = None,
        full: Callable[[], bool] = lambda: False,
        outage: Outage | None = None,
    ) -> None:
        self._full, self._outage = full, outage
        self._bot, self._allowed, self._address = bot, allowed, address
        self.contact = contact or Contact()
        self._backoff = backoff or Backoff(first=1.0, cap=60.0)
        self._latecomers = Latecomers(hand_over, pause=address.late)
        self._arrivals = Arrivals(database, bot.id, self._latecomers.take)
        self._receiver = Receiver(address.path, address.secret, self._keep, address.bounds)
        self._set = self._was_set = False
        self._seen_error = datetime.now(UTC) - timedelta(seconds=1)  # Telegram tells whole seconds
        self._many = False

    async def run(self, opened: Callable[[], None] = lambda: None) -> None:
        """Takes updates until cancelled, then finishes those under way; `opened` is called when it listens.

        Raises AddressTakenError, TokenRefusedError, WebhookRefusedError.
        """
        await self._receiver.start(self._address.host, self._address.port)
        opened()
        try:
            while True:
                await self._round()
        finally:
            await self._receiver.stop()
            await self._arrivals.settle()
            self._latecomers.release()

    async def _keep(self, batch: Batch) -> None:
        if self._full():
            raise OverloadedError("the queue is full")
        raws = [json.loads(update.body) for update in batch.updates]
        async with self._outage.over(raws) if self._outage else nullcontext():
            await self._arrivals.keep(batch)
        self.contact.succeeded()

    async def _round(self) -> None:
        self.contact.expect(2 * _REQUEST_S)
        pause = self._address.look
        try:
            if not self._set:
                await self._register()
            self._judge(await self._bot.get_webhook_info(request_timeout=_REQUEST_S))
            self.contact.succeeded()
            self._backoff.reset()
            pause = self._address.look if self._set else min(self._address.look, 1.0)
        except TelegramRetryAfter as flood:
            pause = flood.retry_after
        except WebhookRefusedError:
            raise
        except Exception as trouble:
            # Whatever it is, the bot must come back by itself when it is over. It may be delivered to all the while.
            if not self._was_set and (refused := refused_token(trouble)):
                raise refused from trouble
            figures.POLL_ERRORS.labels(kind=kind(trouble)).inc()
            pause = self._backoff.pause()
            said = sentence(trouble).replace(self._bot.token, "<token>")
            _log.error("The webhook is not confirmed: %s Next try in %.0f s.", said, pause)
        self.contact.expect(pause)
        await asyncio.sleep(pause)

    async def _register(self) -> None:
        try:
            await self._bot.set_webhook(
                self._address.url,
                secret_token=self._address.secret,
                max_connections=self._address.connections,
                allowed_updates=self._allowed,
                drop_pending_updates=False,
                request_timeout=_REQUEST_S,
            )
        except TelegramBadRequest as error:
            if self._was_set:
                raise
            raise WebhookRefusedError(
                f"Telegram does not take the address in SHOPBOT_WEBHOOK_URL: {error.message}."
            ) from error
        self._set = self._was_set = True
        _log.info("Telegram delivers to %s", self._address.url)

    def _judge(self, info: WebhookInfo) -> None:
        if info.url != self._address.url:
            self._set = False
            self.contact.conflicted()
            where = f"goes to {info.url[:200]} now" if info.url else "was deleted"
            _log.error(
                "Another process took this bot's updates: the webhook %s. It is set anew; stop the other process.",
                where,
            )
        figures.WEBHOOK_PENDING.set(info.pending_update_count)
        self._judge_error(info)
        many = info.pending_update_count >= _MANY_WAIT
        if many and not self._many:
            _log.warning("%d updates wait at Telegram for the webhook.", info.pending_update_count)
        self._many = many

    def _judge_error(self, info: WebhookInfo) -> None:
        at = info.last_error_date
        if at is None or at <= self._seen_error:
            return
        self._seen_error = at
        figures.WEBHOOK_ERRORS.inc()
        why = " ".join((info.last_error_message or "no reason given").split())[:200]
        _log.warning(
            "Telegram could not deliver to the webhook at %s UTC: %s. %d updates wait.",
            f"{at:%H:%M:%S}",
            why,
            info.pending_update_count,
        )
