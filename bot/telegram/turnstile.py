"""A limit for all, in whose line some go first: messages wait here for one place after another.

A bucket alone gives out places for moments to come, in the order of asking, and a crowd that asked first would stand
before everybody whose talk goes on.
"""

from __future__ import annotations

import asyncio

from bot.overload import yields
from bot.telegram.buckets import Bucket
from bot.telegram.refusals import PostponedError
from bot.threads.two_lines import TwoLines


class Turnstile:
    """One place after another, as a bucket has them. `whose` says in a log whose limit it is."""

    def __init__(self, bucket: Bucket, whose: str) -> None:
        self._bucket, self._whose = bucket, whose
        self._waiting: TwoLines[asyncio.Future[None]] = TwoLines()
        self._timer: asyncio.TimerHandle | None = None

    def free(self, now: float) -> bool:
        """Whether nobody would have to wait."""
        return not self._waiting and not self._bucket.wait(now)

    def pause(self, now: float, seconds: float) -> None:
        """Nobody for so long, then one at a time."""
        self._bucket.pause(now, seconds)

    def enter(self, longest: float) -> asyncio.Future[None] | None:
        """A place now, or what to await for one (cancelled, it leaves the line). Raises PostponedError where it would
        take longer than so many seconds.
        """
        loop = asyncio.get_running_loop()
        now, last = loop.time(), yields.get()
        seconds = self._bucket.wait(now) + self._waiting.ahead(last) * self._bucket.each
        if seconds > longest:
            raise PostponedError(seconds, f"flood control of {self._whose}", paced=True)
        if self.free(now):
            self._bucket.take(now)
            return None
        place: asyncio.Future[None] = loop.create_future()
        self._waiting.put(place, last)
        place.add_done_callback(self._left)
        self._wake(now)
        return place

    def _left(self, place: asyncio.Future[None]) -> None:
        if place.cancelled():
            self._waiting.remove(place)

    def _wake(self, now: float) -> None:
        if self._timer is None and self._waiting:
            self._timer = asyncio.get_running_loop().call_later(self._bucket.wait(now), self._let_through)

    def _let_through(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        while self._waiting and self._bucket.spare(now):
            place = self._waiting.next()
            if place is not None and not place.done():
                place.set_result(None)
        self._wake(now)
