"""The writer of reasons with its limits: time, money, how many at once, and a rest after failures.

A page is written about between ranking and recording. Nothing here can keep an answer back: what is not written and
checked in time is said by the templates, and the transcript says which of the two spoke, and why.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from bot.health.turns import count_writing
from bot.overload import Level, Overload
from bot.workers import Worker
from recommender.writer.checking import check
from recommender.writer.contract import PageFacts, Usage, Writer, WriterError, Writing
from storage.shop import Shop

log = logging.getLogger(__name__)
_AGAIN_S = 1.0

Show = Callable[[Sequence[str]], None]
"""Takes the checked sentences of a page so far; returns at once."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much writing may take. Times in seconds.

    `failures` in a row make the writer rest for `rest` seconds; then one page tries again.
    """

    timeout: float = 4.0
    shopper_tokens: int = 20_000
    day_tokens: int = 1_000_000
    at_once: int = 4
    failures: int = 3
    rest: float = 60.0


@dataclass(frozen=True, slots=True)
class Account:
    """What came of writing about one page.

    `outcome` is "written", or why there is less than a whole page: "partial" (the answer left cards out), "timeout",
    "failed", "spent", "busy", "resting", "unready", "overload". `sentences` are those that passed, by position; 0 is
    the one over the page.
    """

    outcome: str
    version: str
    sentences: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    rejected: int = 0
    tokens: int = 0

    @property
    def degraded(self) -> bool:
        """Whether the templates spoke because the writer could not."""
        return self.outcome != "written"

    @property
    def versions(self) -> dict[str, str]:
        """As the transcript of the turn keeps it."""
        counts = f"accepted {len(self.sentences)}, rejected {self.rejected}, tokens {self.tokens}"
        return {"writer": self.version, "writing": f"{self.outcome}: {counts}"}


class Scribe:
    """Writes about pages, within an allowance.

    Args:
        writer: facts to sentences.
        database: where spending is booked.
        allowance: the limits.
        today: the shop's date.
        overload: where shoppers wait, nothing is written.
    """

    def __init__(
        self,
        writer: Writer,
        database: Worker[Shop],
        allowance: Allowance,
        today: Callable[[], date],
        overload: Overload | None = None,
    ) -> None:
        self._overload = overload or Overload()
        self._writer, self._database, self._allowance, self._today = writer, database, allowance, today
        self._places = asyncio.Semaphore(allowance.at_once)
        self._ready = False
        self._failures, self._rests_until = 0, 0.0
        self._ending: set[asyncio.Task[None]] = set()

    async def prepare(self) -> None:
        """Loads the writer beside the talk; until then, and where it cannot be loaded, the templates speak."""
        try:
            await asyncio.to_thread(self._writer.prepare)
        except WriterError as error:
            log.error("%s The templates speak.", error)
        else:
            self._ready = True

    async def write(self, user_id: int, page: PageFacts, show: Show | None = None) -> Account:
        """Sentences for a page, each checked; `show` is told of every one that passes. Never raises, never late."""
        account = await self._written(user_id, page, show)
        count_writing(account.outcome, account.tokens)
        return account

    async def _written(self, user_id: int, page: PageFacts, show: Show | None) -> Account:
        if why := self._unwilling():
            return Account(why, self._writer.version)
        async with self._places:
            day, cost = self._today(), self._writer.cost(page)
            if not await self._reserve(day, user_id, cost):
                return Account("spent", self._writer.version)
            call = _Call(page, show or _nobody)
            try:
                outcome = await self._attempt(call)
            finally:
                await self._settle(day, user_id, cost, call.usage)
        return Account(outcome, self._writer.version, call.sentences, call.rejected, call.usage.tokens)

    def _unwilling(self) -> str:
        if not self._ready:
            return "unready"
        if self._overload.level >= Level.NO_WRITER:
            return "overload"
        if asyncio.get_running_loop().time() < self._rests_until:
            return "resting"
        return "busy" if self._places.locked() else ""

    async def _attempt(self, call: _Call) -> str:
        try:
            await self._in_time(call)
        except TimeoutError:
            return self._failed("timeout", "The writer was too slow")
        except WriterError as error:
            return self._failed("failed", str(error))
        except Exception as error:
            log.exception("The writer broke")
            return self._failed("failed", type(error).__name__)
        self._failures = 0
        return "written" if call.whole else "partial"

    async def _in_time(self, call: _Call) -> None:
        """Raises TimeoutError when the time is over, whatever the call makes of being cancelled: a client that is fed
        without end was seen to go on, and the shopper waited for it.
        """
        work = asyncio.create_task(call.run(self._writer))
        try:
            done, _ = await asyncio.wait({work}, timeout=self._allowance.timeout)
        finally:
            if not work.done():
                call.over = True
                ending = asyncio.create_task(_end(work))
                self._ending.add(ending)
                ending.add_done_callback(self._ending.discard)
        if not done:
            raise TimeoutError
        work.result()

    def _failed(self, outcome: str, why: str) -> str:
        """Counts a failure; the last of several in a row begins a rest."""
        self._failures += 1
        log.warning("%s; the templates speak", why.rstrip("."))
        if self._failures >= self._allowance.failures:
            self._rests_until = asyncio.get_running_loop().time() + self._allowance.rest
            log.error("The writer rests for %.0f s after %d failures", self._allowance.rest, self._failures)
        return outcome

    async def _reserve(self, day: date, user_id: int, cost: int) -> bool:
        limits = {"shopper_limit": self._allowance.shopper_tokens, "day_limit": self._allowance.day_tokens}
        try:
            return await self._database.run(lambda shop: shop.spending.reserve(day, user_id, cost, **limits))
        except Exception:
            log.exception("Nothing is written where spending cannot be booked")
            return False

    async def _settle(self, day: date, user_id: int, reserved: int, usage: Usage) -> None:
        """What cannot be settled stays spent as it was reserved."""
        with suppress(Exception):
            await self._database.run(
                lambda shop: shop.spending.settle(day, user_id, reserved=reserved, used=usage.tokens)
            )


class _Call:
    """One page under way: what passed so far survives a time limit."""

    def __init__(self, page: PageFacts, show: Show) -> None:
        self._page, self._show = page, show
        self.sentences: dict[int, str] = {}
        self.rejected = 0
        self.over = False
        """Nothing that comes from here on is taken."""
        self._heard: set[int] = set()
        self._writing: Writing | None = None

    @property
    def whole(self) -> bool:
        """Whether something was written for every card, accepted or not."""
        return {card.position for card in self._page.cards} <= self._heard

    @property
    def usage(self) -> Usage:
        return self._writing.usage if self._writing else Usage(0, counted=True)

    async def run(self, writer: Writer) -> None:
        self._writing = writer.write(self._page)
        async with aclosing(aiter(self._writing)) as sentences:
            async for sentence in sentences:
                if self.over:
                    return
                self._heard.add(sentence.position)
                verdict = check(sentence, self._page)
                if not verdict.ok or sentence.position in self.sentences:
                    self.rejected += 1
                    log.debug("A written sentence is refused: %s", verdict.why or "said twice")
                    continue
                self.sentences[sentence.position] = sentence.text.strip()
                self._show([self.sentences[at] for at in sorted(self.sentences)])


async def _end(work: asyncio.Task[None]) -> None:
    """Cancels what is late until it has ended."""
    while not work.done():
        work.cancel()
        await asyncio.wait({work}, timeout=_AGAIN_S)
    if not work.cancelled():
        work.exception()


def _nobody(sentences: Sequence[str]) -> None:
    """Nobody watches."""
