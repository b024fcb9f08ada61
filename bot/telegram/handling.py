"""One update from the inbox: begun, handled, finished, with a record of each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED

from bot.telegram.backoff import Backoff
from bot.telegram.failures import FAILED, say_sorry
from bot.telegram.outage import Outage
from bot.telegram.parsing import parse
from bot.telegram.refusals import PostponedError
from bot.telegram.replies import Replies
from bot.telegram.triage import Waiting
from bot.telegram.updates import MalformedUpdateError
from bot.workers import Worker
from storage.database import DatabaseTrouble, meaning
from storage.records import Update
from storage.shop import Shop

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is worked at once and how often. `retry` in seconds, growing to `longest_retry` in an outage."""

    concurrency: int = 8
    attempts: int = 3
    postponements: int = 20
    retry: float = 5.0
    longest_retry: float = 60.0


class Handling:
    """Hands updates to the dispatcher.

    Args:
        replies: for the apology over an update that was given up.
        outage: tells shoppers of a database that takes nothing.
    """

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        database: Worker[Shop],
        replies: Replies,
        limits: Limits,
        outage: Outage,
    ) -> None:
        self._bot, self._dispatcher, self._database, self._replies = bot, dispatcher, database, replies
        self._limits, self._outage = limits, outage

    async def do(self, item: Waiting) -> str:
        """The outcome of the update, as the inbox keeps it. Raises PostponedError."""
        try:
            async with self._outage.over([item.raw]):
                return await self._done(item)
        except PostponedError:
            raise
        except Exception as error:
            outage = isinstance(trouble := meaning(error), DatabaseTrouble)
            if not outage:
                _log.exception("Update %s stumbled outside its handler", item.update.update_id)
            raise PostponedError(self._limits.retry, str(trouble or error), outage=outage) from error

    def pause(self, item: Waiting, postponed: PostponedError) -> float:
        """Seconds until the next try: longer each time while an outage lasts."""
        if not postponed.outage:
            return postponed.seconds
        longer = float(postponed.seconds * 2 ** min(item.postponed, 10))
        return max(postponed.seconds, min(longer, self._limits.longest_retry))

    async def _done(self, item: Waiting) -> str:
        update = item.update
        try:
            parsed = parse(item.raw, update.body, self._bot)
        except MalformedUpdateError as error:
            return await self._report(update, str(error))
        if parsed is None:
            return "unknown kind"
        if not item.postponed:
            attempts = await self._begin(update)
            if attempts > self._limits.attempts:
                _log.error("Update %s is passed over after %d attempts", update.update_id, attempts - 1)
                await say_sorry(parsed, self._bot, self._replies)
                return f"{FAILED}: attempts"
        result: Any = await self._dispatcher.feed_update(self._bot, parsed, lead=item.lead)
        return result if isinstance(result, str) else "ignored" if result is UNHANDLED else "done"

    async def _begin(self, update: Update) -> int:
        try:
            return await self._database.run(lambda shop: shop.inbox.start(update.update_id))
        except Exception as error:
            if isinstance(meaning(error), DatabaseTrouble):
                raise
            _log.exception("The database did not take the start of update %s", update.update_id)
            raise PostponedError(self._limits.retry, "the database is out of order") from error

    async def _report(self, update: Update, error: str) -> str:
        _log.error("Malformed update %s is passed over: %s", update.update_id, error.splitlines()[0])
        await self._database.run(lambda shop: shop.inbox.report(update.body, error))
        return f"{FAILED}: malformed"

    async def finish(self, update_ids: Sequence[int], outcome: str) -> bool:
        """Records the outcome, however long the database takes nothing; where it is broken, false: the replay finds the
        update answered.
        """
        tries, pause = 0, Backoff(first=self._limits.retry, cap=self._limits.longest_retry)
        while tries < self._limits.postponements:
            try:
                await self._database.run(lambda shop: shop.inbox.finish_all(update_ids, outcome))
            except Exception as error:
                _log.error("The end of update %s is not recorded yet: %s", update_ids[0], error)
                tries += not isinstance(meaning(error), DatabaseTrouble)
                await asyncio.sleep(pause.pause())
            else:
                return True
        return False
