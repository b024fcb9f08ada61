"""Works off the inbox: one shopper's updates in order, shoppers side by side, nobody starved.

An update is finished when its answer has been sent and that is recorded. What is not finished when the process ends
is worked again at the next start; the records of replies and of sent messages keep that from answering twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiogram import Bot, Dispatcher

from bot.health.work import Work
from bot.overload import Level, Overload, late, yields
from bot.telegram.chat import with_person
from bot.telegram.failures import FAILED
from bot.telegram.flow import Flow
from bot.telegram.handling import Handling, Limits
from bot.telegram.intake import Caps, Intake
from bot.telegram.outage import Outage
from bot.telegram.queues import FairQueues
from bot.telegram.refusals import PostponedError
from bot.telegram.replies import Replies
from bot.telegram.taps import Taps
from bot.telegram.triage import BUSY, HURRIED, USUAL, Rule, Triage, Waiting, triage
from bot.telegram.updates import raw_of
from bot.telegram.waiting_room import WaitingRoom
from bot.workers import Worker
from storage.records import Update
from storage.shop import Shop

__all__ = ["Limits", "Runner"]
_PILE = 40  # of one shopper; more is judged before its turn, so that nobody fills the memory
_TICK_S = 0.5
_MORE_AT_ONCE = 4  # times the usual, where the others only wait for their place in the flow to Telegram
_log = logging.getLogger(__name__)


class Runner:
    """The queues and whose turn it is.

    Args:
        replies: for the apology over an update that was given up, and for notices to those who wait.
        flow: the way out; while a message waits for its place there, others are worked.
        now: the clock that says what is old, aware.
        outage: tells shoppers of a database that takes nothing.
    """

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        database: Worker[Shop],
        replies: Replies,
        limits: Limits | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        flow: Flow | None = None,
        overload: Overload | None = None,
        caps: Caps | None = None,
        outage: Outage | None = None,
    ) -> None:
        self._database, self._now = database, now
        self._limits, self._overload = limits or Limits(), overload or Overload()
        outage = outage or Outage(bot, replies.words)
        self._handling = Handling(bot, dispatcher, database, replies, self._limits, outage)
        self._intake = Intake(caps or Caps(), self._overload, self._limits.concurrency)
        self._queues: FairQueues[Waiting] = FairQueues(self._intake.prefers)
        self._room = WaitingRoom(self._queues, self._intake, replies, database, self._refuse)
        self._taps = Taps(bot)
        self._flow = flow or Flow()
        self._flow.paused = self._pump
        self._known: set[int] = set()
        self._hurried: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._beside: set[asyncio.Task[None]] = set()
        self._held: dict[int, asyncio.TimerHandle] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = self._full = False

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

    def full(self) -> bool:
        """Whether so much waits that no more should be taken, until half of it is worked off."""
        limit = self._intake.caps.queue
        if not self._full and len(self._queues) >= limit:
            _log.warning("%d updates wait: no more are fetched until half of them are worked", len(self._queues))
        self._full = len(self._queues) > (limit // 2 if self._full else limit - 1)
        return self._full

    def submit(self, updates: Sequence[Update]) -> None:
        """Queues stored updates; one that is queued already is passed over."""
        now = _time()
        for update in updates:
            if update.update_id not in self._known and not self._closed:
                self._known.add(update.update_id)
                item = Waiting(update, raw_of(update.body))
                self._taps.expect(item.raw)
                self._queues.put(update.user_id, item, now)
                if self._queues.count(update.user_id) % _PILE == 0:
                    self._start(self._relieve(update.user_id))
        self._pump()
        self._measure()

    async def replay(self) -> int:
        """Queues what an earlier process left unfinished; how many that is."""
        pending = await self._database.run(lambda shop: shop.inbox.pending())
        self.submit(pending)
        return len(pending)

    async def watch(self) -> None:
        """Measures how long shoppers wait, and has them told; runs until cancelled."""
        while True:
            await asyncio.sleep(_TICK_S)
            self._measure()

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
        for task in (*self._tasks, *self._beside):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._beside, return_exceptions=True)
        await self._taps.close()
        await self._room.close()
        return len(self._known)

    # --- whose turn it is ---------------------------------------------------------------------------

    def _pump(self) -> None:
        while not self._closed and self._has_hands():
            user_id = self._queues.next(others=self._has_hands(spared=self._intake.spared))
            if user_id is None:
                break
            task = asyncio.create_task(self._serve(user_id))
            self._tasks.add(task)
            task.add_done_callback(self._served)
        if self._tasks:
            self._idle.clear()
        else:
            self._idle.set()

    def _has_hands(self, spared: int = 0) -> bool:
        """Whether more can be worked, with so many hands left free for others. Who only waits for a place in the flow
        to Telegram keeps nobody's hands busy.
        """
        usual, at_work = self._limits.concurrency, len(self._tasks)
        return at_work - self._flow.sleeping < usual - spared and at_work < (usual - spared) * _MORE_AT_ONCE

    def _served(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("The queue of updates stumbled", exc_info=error)
        self._pump()

    async def _serve(self, user_id: int) -> None:
        """Works the shopper's next update and lets the others have their turn."""
        pause, began = 0.0, _time()
        yields.set(not self._queues.came_first(user_id))
        try:
            if pause := await self._rest_for(user_id):
                return
            plan = await self._plan(user_id)
            self._queues.replace(user_id, plan.kept[1:])
            await self._pass_over(plan)
            if plan.kept:
                with Work(plan.kept[0].update, plan.kept[0].raw).under_way() as work:
                    pause = await self._attempt(user_id, plan.kept[0], work)
        finally:
            if pause:
                loop = asyncio.get_running_loop()
                self._held[user_id] = loop.call_later(pause, self._release, user_id)
            else:
                self._queues.back(user_id, _time())
                self._intake.served(user_id, _time(), _time() - began)

    def _release(self, user_id: int) -> None:
        self._held.pop(user_id, None)
        self._queues.back(user_id, _time())
        self._pump()

    def _measure(self) -> None:
        now = _time()
        self._intake.measure(now, self._queues.shoppers, self._queues.longest(now))
        if not self._closed:
            self._room.tell(now)

    # --- what is worked, what is passed over --------------------------------------------------------

    async def _rest_for(self, user_id: int) -> float:
        """Seconds of rest where the shopper is too quick for a person; the notice says so."""
        if user_id in self._hurried or not self._intake.too_quick(user_id):
            return 0.0
        if await with_person(self._database, user_id):
            return 0.0  # every word is for that person
        self._hurried.add(user_id)
        self._room.slow_down(user_id)
        return self._intake.caps.rest

    async def _plan(self, user_id: int) -> Triage:
        rule = self._rule(user_id)
        plan = triage(self._queues.of(user_id), self._now(), rule)
        if not plan.passed:
            return plan
        if await with_person(self._database, user_id):
            # Nothing is answered then, and every word is for the person.
            return Triage(tuple(self._queues.of(user_id)))
        # More may have come meanwhile.
        return triage(self._queues.of(user_id), self._now(), rule)

    def _rule(self, user_id: int) -> Rule:
        if user_id in self._hurried:
            self._hurried.discard(user_id)
            return HURRIED
        return BUSY if self._overload.level >= Level.BUSY else USUAL

    async def _relieve(self, user_id: int) -> None:
        """Judges a pile of one shopper before it grows further."""
        plan = await self._plan(user_id)
        self._queues.replace(user_id, plan.kept)
        await self._pass_over(plan)

    async def _pass_over(self, plan: Triage) -> None:
        self._room.taps_lost(plan)
        for outcome in dict.fromkeys(outcome for _, outcome in plan.passed):
            passed = [item for item, why in plan.passed if why == outcome]
            await self._finish([item.update for item in passed], outcome)
            for item in passed:
                Work(item.update, item.raw).finished(outcome)

    def _refuse(self, item: Waiting) -> None:
        """Who was told to come again later is not answered later."""
        left = [other for other in self._queues.of(item.update.user_id) if other is not item]
        self._queues.replace(item.update.user_id, left)
        self._start(self._pass_over(Triage((), ((item, "refused"),))))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    # --- one update ---------------------------------------------------------------------------------

    async def _attempt(self, user_id: int, item: Waiting, work: Work) -> float:
        """Works one update; seconds to wait where it must be worked again, else 0."""
        late.set(self._is_late(item))
        try:
            outcome = await self._handling.do(item)
        except PostponedError as postponed:
            failed = item.postponed - item.paced
            if postponed.outage or postponed.paced or failed < self._limits.postponements:
                again = replace(item, postponed=item.postponed + 1, paced=item.paced + postponed.paced)
                self._queues.replace(user_id, (again, *self._queues.of(user_id)))
                return self._handling.pause(item, postponed)
            outcome = f"{FAILED}: undelivered"
            _log.error("Update %s is given up: %s", item.update.update_id, postponed)
        await self._finish([item.update], outcome)
        work.finished(outcome)
        return 0.0

    def _is_late(self, item: Waiting) -> bool:
        waited = self._now() - item.update.received_at
        return waited >= timedelta(seconds=self._overload.busy_after) or self._room.was_told(item.update.user_id)

    async def _finish(self, updates: Sequence[Update], outcome: str) -> None:
        numbers = [update.update_id for update in updates]
        if await self._handling.finish(numbers, outcome):
            self._known.difference_update(numbers)


def _time() -> float:
    return asyncio.get_running_loop().time()
