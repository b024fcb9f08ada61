"""Delivers messages that no update caused, in their order for each chat, with the patience that replies have.

What was stored is sent, whatever dies in between; what Telegram has accepted and we have recorded is not sent again.
The record is that of all sent messages, under the row's number with a minus: updates have none.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime

from aiogram.exceptions import TelegramAPIError

from bot.reply_json import load_reply
from bot.telegram.flow import unasked
from bot.telegram.outgoing import Address
from bot.telegram.refusals import PostponedError, UnreachableError
from bot.telegram.replies import Replies
from bot.workers import Worker
from storage.outbox import OutboxRow
from storage.records import Recommendation
from storage.shop import Shop

_LOOK_S = 1.0  # for what was stored without a word to us
_ATTEMPTS = 3
_CHATS = 8
_log = logging.getLogger(__name__)


class OutboxDelivery:
    """The queue's worker.

    Args:
        wake: set by whoever stored a message that should not wait for the next look.
    """

    def __init__(self, replies: Replies, database: Worker[Shop], wake: asyncio.Event) -> None:
        self._replies, self._database, self._wake = replies, database, wake
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._paused: dict[int, float] = {}  # until when, by chat

    async def run(self) -> None:
        """Delivers until cancelled."""
        try:
            while True:
                self._wake.clear()
                await self._look()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _LOOK_S)
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _look(self) -> None:
        try:
            chats = await self._database.run(lambda shop: shop.outbox.chats())
        except Exception:
            _log.exception("The outbox could not be read")
            return
        now = asyncio.get_running_loop().time()
        self._paused = {chat: until for chat, until in self._paused.items() if until > now}
        for chat_id in chats:
            if not self._away(chat_id) and len(self._busy) < _CHATS:
                task = self._busy[chat_id] = asyncio.create_task(self._serve(chat_id))
                task.add_done_callback(lambda done, chat=chat_id: self._served(chat, done))  # type: ignore[misc]

    def _away(self, chat_id: int) -> bool:
        return chat_id in self._busy or chat_id in self._paused

    def _served(self, chat_id: int, task: asyncio.Task[None]) -> None:
        self._busy.pop(chat_id, None)
        if not task.cancelled() and (error := task.exception()):
            _log.error("Messages of the outbox wait for the next look", exc_info=error)

    async def _serve(self, chat_id: int) -> None:
        """Sends what a chat has waiting, until there is no more or Telegram asks for a pause."""
        while row := await self._database.run(lambda shop: shop.outbox.next_of(chat_id)):
            try:
                await self._send(row)
            except PostponedError as postponed:
                _log.info("A message of the outbox waits: %s", postponed)
                self._paused[chat_id] = asyncio.get_running_loop().time() + postponed.seconds
                return

    async def _send(self, row: OutboxRow) -> None:
        try:
            await self._deliver(row)
        except UnreachableError:
            await self._give_up(row, "unreachable")
        except PostponedError:
            raise
        except (TelegramAPIError, ValueError, KeyError) as error:
            attempts = await self._database.run(lambda shop: shop.outbox.tried(row.id))
            _log.warning("A message of the outbox was refused, attempt %d: %s", attempts, error)
            if attempts >= _ATTEMPTS:
                await self._give_up(row, "refused")

    async def _deliver(self, row: OutboxRow) -> None:
        cards = await self._database.run(lambda shop: _cards(shop, row))
        reply = load_reply(row.turn_id or 0, row.body, cards)
        with unasked():
            await self._replies.send(Address(-row.id, row.user_id, row.chat_id), reply)
        await self._database.run(lambda shop: _record(shop, row))

    async def _give_up(self, row: OutboxRow, why: str) -> None:
        await self._database.run(lambda shop: shop.outbox.failed(row.id, why, datetime.now(UTC)))


def _cards(shop: Shop, row: OutboxRow) -> tuple[Recommendation, ...]:
    return shop.transcripts.page(row.turn_id) if row.turn_id else ()


def _record(shop: Shop, row: OutboxRow) -> None:
    shop.outbox.sent(row.id, next(iter(shop.sent.of(-row.id).values()), 0), datetime.now(UTC))
