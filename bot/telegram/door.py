"""The Telegram door: everything here put together, from the way in to delivery, with a clean end.

door = Door(build_bot(token, base), assistant, database, wording, pictures)
await door.run(stop)        # until `stop` is set
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.utils.token import TokenValidationError

from bot.forgetting import Forget
from bot.money import Rates
from bot.overload import Overload
from bot.sense.hearing import Hearing
from bot.sense.look import Look
from bot.telegram.contact import SILENCE_S, Contact
from bot.telegram.counting import CountRequests
from bot.telegram.delivery import Delivery
from bot.telegram.dispatcher import build_dispatcher
from bot.telegram.exports import Exports
from bot.telegram.flow import Flow, Pace
from bot.telegram.intake import Caps
from bot.telegram.invoices import Invoices
from bot.telegram.menu import publish_menu
from bot.telegram.outage import Outage
from bot.telegram.outbox import OutboxDelivery
from bot.telegram.pictures import Pictures
from bot.telegram.polling import Polling
from bot.telegram.posting import Posting
from bot.telegram.protocols import Assistant
from bot.telegram.render import Renderer
from bot.telegram.replies import Replies
from bot.telegram.runner import Limits, Runner
from bot.telegram.sender import Patience, Sender
from bot.telegram.troubles import TokenRefusedError
from bot.telegram.webhook import Address, Webhook
from bot.window import ShopWindow
from bot.wording import Wording
from bot.workers import Worker
from storage.shop import Shop

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Habits:
    """The door's own knobs. Times in seconds; `file_limit` in bytes; `provider_token` is the payment provider's;
    `webhook` is where Telegram brings updates, None where they are polled for; after `backup_days` nothing erased is
    left in any backup; `outage_silence` is how long nothing is said of a database that takes nothing.
    """

    poll_timeout: int = 30
    poll_grace: float = 10.0
    webhook: Address | None = None
    silence: float = SILENCE_S
    drain_timeout: float = 20.0
    provider_token: str = ""
    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)
    pace: Pace = field(default_factory=Pace)
    caps: Caps = field(default_factory=Caps)
    busy_after: float = 8.0
    file_limit: int = 10 * 1024 * 1024
    backup_days: int = 28
    outage_silence: float = 15.0


def build_bot(token: str, api_base: str = "https://api.telegram.org") -> Bot:
    """A client of Telegram, or of any server that speaks its Bot API. Raises TokenRefusedError."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api_base))
    session.middleware(CountRequests())
    properties = DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True)
    try:
        return Bot(token, session=session, default=properties)
    except TokenValidationError as error:
        raise TokenRefusedError(
            "TELEGRAM_BOT_TOKEN is no token: it must look like 123456789:AAF..., as @BotFather shows it."
        ) from error


class Door:
    """Takes updates, works and answers, until told to stop."""

    def __init__(
        self,
        bot: Bot,
        assistant: Assistant,
        database: Worker[Shop],
        wording: Wording,
        pictures: Pictures,
        rates: Rates | None = None,
        habits: Habits | None = None,
        wake: asyncio.Event | None = None,
        forget: Forget | None = None,
        window: ShopWindow | None = None,
        hearing: Hearing | None = None,
        overload: Overload | None = None,
        look: Look | None = None,
    ) -> None:
        """`wake` is set by whoever stores a message that no update caused; `forget` erases a shopper everywhere,
        `window` answers in groups and other chats, `hearing` listens to voice messages, `overload` is told how long
        shoppers wait, `look` knows what looks like a photo.
        """
        self._bot, self._wording, self._habits = bot, wording, habits or Habits()
        self._menu = assistant.menu
        habits = self._habits
        overload = overload or Overload(habits.busy_after)
        flow = Flow(replace(habits.pace, longest_wait=habits.patience.longest_wait), overload)
        bot.session.middleware(flow)
        sender = Sender(bot, habits.patience)
        posting = Posting(sender, pictures, Exports(sender, database), Invoices(sender, self._habits.provider_token))
        delivery = Delivery(sender, posting, database)
        replies = Replies(Renderer(wording, rates), delivery, database)
        dispatcher = build_dispatcher(
            assistant,
            replies,
            database,
            self._habits.file_limit,
            forget,
            window,
            hearing,
            self._habits.backup_days,
            look,
        )
        self.outbox = OutboxDelivery(replies, database, wake or asyncio.Event())
        self._outage = outage = Outage(bot, replies.words, habits.outage_silence)
        self.runner = Runner(
            bot,
            dispatcher,
            database,
            replies,
            habits.limits,
            flow=flow,
            overload=overload,
            caps=habits.caps,
            outage=outage,
        )
        self.contact = Contact(self._habits.silence)
        self.reception = self._way_in(bot, database, dispatcher.resolve_used_update_types())

    def _way_in(self, bot: Bot, database: Worker[Shop], allowed: list[str]) -> Polling | Webhook:
        habits, submit = self._habits, self.runner.submit
        if habits.webhook:
            return Webhook(
                bot,
                database,
                submit,
                allowed,
                habits.webhook,
                self.contact,
                full=self.runner.full,
                outage=self._outage,
            )
        return Polling(
            bot,
            database,
            submit,
            allowed,
            habits.poll_timeout,
            contact=self.contact,
            grace=habits.poll_grace,
            full=self.runner.full,
            outage=self._outage,
        )

    def load(self) -> tuple[int, int, datetime | None]:
        """Shoppers being served, updates that wait, and since when the oldest of these does."""
        return self.runner.in_flight, self.runner.waiting, self.runner.oldest

    async def tell(self, chat_id: int, text: str) -> None:
        """Writes plain text of the shop's own into a chat, at once and of no record. Raises where it cannot."""
        await self._bot.send_message(chat_id, text, parse_mode=None, request_timeout=10)

    async def run(self, stop: asyncio.Event, opened: Callable[[], None] = lambda: None) -> None:
        """Replays what is unfinished, takes updates until `stop` is set, drains. `opened` is called when they can come.

        Raises TokenRefusedError, and what a webhook raises at its start.
        """
        if left := await self.runner.replay():
            _log.info("%d updates of the last run are worked first", left)
        menu = asyncio.create_task(publish_menu(self._bot, self._wording, self._menu))
        receiving = asyncio.create_task(self.reception.run(opened))
        delivering = asyncio.create_task(self.outbox.run())
        watching = asyncio.create_task(self.contact.watch())
        measuring = asyncio.create_task(self.runner.watch())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({receiving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if receiving.done():
                receiving.result()
        finally:
            await _cancel(receiving, stopping, menu, watching)
            await self.runner.drain(self._habits.drain_timeout)
            await _cancel(delivering, measuring)
            await self._bot.session.close()


async def _cancel(*tasks: asyncio.Task[object]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
