"""Works off the inbox: one shopper's updates in order, shoppers side by side, nobody starved.

An update is finished when its answer has been sent and that is recorded. What is not finished when the process ends
is worked again at the next start; the records of replies and of sent messages keep that from answering twice.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Update as TelegramUpdate
from pydantic import ValidationError

from bot.health.work import Work
from bot.telegram.chat import with_person
from bot.telegram.failures import FAILED, say_sorry
from bot.telegram.queues import FairQueues
from bot.telegram.refusals import PostponedError
from bot.telegram.replies import Replies
from bot.telegram.triage import Triage, Waiting, triage
from bot.workers import Worker
from storage.database import DatabaseLocked
from storage.records import Update
from storage.shop import Shop

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is worked at once and how often. `retry` in seconds."""

    concurrency: int = 8
    attempts: int = 3
    postponements: int = 20
    retry: float = 5.0


class Runner:
    """The queues and the work.

    Args:
        replies: for the apology over an update that was given up.
        now: the clock that says what is old, aware.
    """

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        database: Worker[Shop],
        replies: Replies,
        limits: Limits | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._bot, self._dispatcher, self._database, self._replies = bot, dispatcher, database, replies
        self._limits, self._now = limits or Limits(), now
        self._queues: FairQueues[Waiting] = FairQueues()
        self._known: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: dict[int, asyncio.TimerHandle] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False

    @property
    def waiting(self) -> int:
        """Updates that nobody works on yet."""
        return len(self._queues)

    @property
    def oldest(self) -> datetime | None:
        """When the update arrived that has waited longest for somebody to work on it."""
        return min((item.update.received_at for item in self._queues.firsts()), default=None)

    @property
    def in_flight(self) -> int:
        """Shoppers being served."""
        return len(self._tasks)

    def submit(self, updates: Sequence[Update]) -> None:
        """Queues stored updates; one that is queued already is passed over."""
        for update in updates:
            if update.update_id not in self._known and not self._closed:
                self._known.add(update.update_id)
                self._queues.put(update.user_id, Waiting(update, json.loads(update.body)))
        self._pump()

    async def replay(self) -> int:
        """Queues what an earlier process left unfinished; how many that is."""
        pending = await self._database.run(lambda shop: shop.inbox.pending())
        self.submit(pending)
        return len(pending)

    async def idle(self) -> None:
        """Waits until nothing is worked on and nothing can be."""
        await self._idle.wait()

    async def drain(self, seconds: float) -> int:
        """Ends the work within a time limit; how many updates stay in the inbox for the next start."""
        try:
            async with asyncio.timeout(seconds):
                await self.idle()
        except TimeoutError:
            _log.warning("Shutdown leaves %d updates for the next start", len(self._known))
        self._closed = True
        for timer in self._held.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return len(self._known)

    # --- whose turn it is ---------------------------------------------------------------------------

    def _pump(self) -> None:
        while not self._closed and len(self._tasks) < self._limits.concurrency:
            user_id = self._queues.next()
            if user_id is None:
                break
            task = asyncio.create_task(self._serve(user_id))
            self._tasks.add(task)
            task.add_done_callback(self._served)
        if self._tasks:
            self._idle.clear()
        else:
            self._idle.set()

    def _served(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("The queue of updates stumbled", exc_info=error)
        self._pump()

    async def _serve(self, user_id: int) -> None:
        """Works the shopper's next update and lets the others have their turn."""
        pause = 0.0
        try:
            plan = triage(self._queues.of(user_id), self._now())
            if plan.passed and await with_person(self._database, user_id):
                # Nothing is answered then, and every word is for the person.
                plan = Triage(tuple(self._queues.of(user_id)))
            self._queues.replace(user_id, plan.kept[1:])
            for passed, outcome in plan.passed:
                await self._finish(passed.update, outcome)
                Work(passed.update, passed.raw).finished(outcome)
            if plan.kept:
                with Work(plan.kept[0].update, plan.kept[0].raw).under_way() as work:
                    pause = await self._attempt(user_id, plan.kept[0], work)
        finally:
            if pause:
                loop = asyncio.get_running_loop()
                self._held[user_id] = loop.call_later(pause, self._release, user_id)
            else:
                self._queues.back(user_id)

    def _release(self, user_id: int) -> None:
        self._held.pop(user_id, None)
        self._queues.back(user_id)
        self._pump()

    # --- one update ---------------------------------------------------------------------------------

    async def _attempt(self, user_id: int, item: Waiting, work: Work) -> float:
        """Works one update; seconds to wait where it must be worked again, else 0."""
        try:
            outcome = await self._work(item)
        except PostponedError as postponed:
            if item.postponed < self._limits.postponements:
                again = replace(item, postponed=item.postponed + 1)
                self._queues.replace(user_id, (again, *self._queues.of(user_id)))
                return postponed.seconds
            outcome = f"{FAILED}: undelivered"
            _log.error("Update %s is given up: %s", item.update.update_id, postponed)
        await self._finish(item.update, outcome)
        work.finished(outcome)
        return 0.0

    async def _work(self, item: Waiting) -> str:
        """The outcome of the update, as the inbox keeps it. Raises PostponedError."""
        update = item.update
        try:
            parsed = TelegramUpdate.model_validate(item.raw, context={"bot": self._bot})
        except ValidationError as error:
            return await self._report(update, str(error))
        if not item.postponed:
            attempts = await self._begin(update)
            if attempts > self._limits.attempts:
                _log.error("Update %s is passed over after %d attempts", update.update_id, attempts - 1)
                await say_sorry(parsed, self._bot, self._replies)
                return f"{FAILED}: attempts"
        try:
            result: Any = await self._dispatcher.feed_update(self._bot, parsed, lead=item.lead)
        except DatabaseLocked as error:
            raise PostponedError(self._limits.retry, str(error)) from error
        return result if isinstance(result, str) else "ignored" if result is UNHANDLED else "done"

    async def _begin(self, update: Update) -> int:
        try:
            return await self._database.run(lambda shop: shop.inbox.start(update.update_id))
        except Exception as error:
            _log.exception("The database did not take the start of update %s", update.update_id)
            raise PostponedError(self._limits.retry, "the database is busy") from error

    async def _report(self, update: Update, error: str) -> str:
        _log.error("Malformed update %s is passed over: %s", update.update_id, error.splitlines()[0])
        await self._database.run(lambda shop: shop.inbox.report(update.body, error))
        return f"{FAILED}: malformed"

    async def _finish(self, update: Update, outcome: str) -> None:
        """Records the outcome; where the database takes it at no time, the replay finds the update answered."""
        for left in reversed(range(self._limits.postponements)):
            try:
                await self._database.run(lambda shop: shop.inbox.finish(update.update_id, outcome))
            except Exception as error:
                _log.error("The end of update %s is not recorded, %d tries left: %s", update.update_id, left, error)
                await asyncio.sleep(self._limits.retry)
            else:
                self._known.discard(update.update_id)
                return
