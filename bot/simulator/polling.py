"""getUpdates, with the rules of tdlib/telegram-bot-api for long polls.

`limit` 1-100, `timeout` clamped to 0-50 s; one poll waits at a time and a newer one ends the older with 409 (409s
in a row are held back three seconds); the same offset again within 3 s waits at least 3 s, within 0.5 s gets one
update only, which slows a busy loop down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bot.simulator.arguments import Arguments
from bot.simulator.errors import OTHER_POLL, WEBHOOK_ACTIVE, WEBHOOK_SET, conflict
from bot.simulator.store import Store
from bot.simulator.updates import Update

MAX_TIMEOUT = 50
MAX_LIMIT = 100
CONFLICT_PAUSE = 3.0


class _Actor(Protocol):
    def __call__(self, function: Callable[[Store], Any]) -> Awaitable[Any]: ...


class _Poll:
    """A poll that waits: `changed` wakes it, `ended` tells it what took its place."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        self.ended = ""

    def wake(self, *, end: str = "") -> None:
        self.ended = self.ended or end
        self.changed.set()


class Polling:
    """The one long poll of the bot. `act` runs a function of the store."""

    def __init__(self, act: _Actor) -> None:
        self._act = act
        self._current: _Poll | None = None
        self._offset: int | None = None
        self._asked = 0.0
        self._next_conflict = 0.0
        self._again: list[Update] = []
        self.polls = 0
        self.closed = False

    def wake(self) -> None:
        """A new update is in the queue."""
        if self._current is not None:
            self._current.wake()

    def end(self) -> None:
        """A webhook was set."""
        if self._current is not None:
            self._current.wake(end=WEBHOOK_SET)

    def close(self) -> None:
        """Answers the waiting poll with nothing."""
        self.closed = True
        self.wake()

    async def get_updates(self, arguments: Arguments, *, duplicate: bool = False) -> list[Update]:
        """Waits for updates. `duplicate` delivers the same ones again in the next poll (a fault)."""
        self.polls += 1
        offset, limit, timeout = self._asked_for(arguments)
        kinds = arguments.json("allowed_updates", "can't parse allowed_updates JSON array")
        poll = self._take_over()
        try:
            found = await self._wait(poll, offset, limit, timeout, kinds)
        finally:
            if self._current is poll:
                self._current = None
        found, self._again = self._again + found, list(found) if duplicate else []
        return found

    def _asked_for(self, arguments: Arguments) -> tuple[int, int, float]:
        offset = arguments.integer("offset")
        limit = min(max(arguments.integer("limit", MAX_LIMIT), 1), MAX_LIMIT)
        timeout = float(min(max(arguments.integer("timeout"), 0), MAX_TIMEOUT))
        now = asyncio.get_running_loop().time()
        if offset == self._offset and now < self._asked + 3.0:
            timeout = max(timeout, 3.0)
            limit = 1 if now < self._asked + 0.5 else limit
        self._offset, self._asked = offset, now
        return offset, limit, timeout

    def _take_over(self) -> _Poll:
        if self._current is not None:
            self._current.wake(end=OTHER_POLL)
        self._current = _Poll()
        return self._current

    async def _wait(self, poll: _Poll, offset: int, limit: int, timeout: float, kinds: Any) -> list[Update]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        found: list[Update] = await self._act(lambda store: _first_look(store, offset, limit, kinds))
        while not found and not self._again and not self.closed:
            if poll.ended:
                await self._refuse(poll.ended)
            left = deadline - loop.time()
            if left <= 0:
                break
            await _event_or_timeout(poll.changed, left)
            poll.changed.clear()
            if not poll.ended:
                found = await self._act(lambda store: store.updates.head(limit, store.clock.now()))
        return found

    async def _refuse(self, why: str) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._next_conflict:
            await asyncio.sleep(CONFLICT_PAUSE)
        else:
            self._next_conflict = now + CONFLICT_PAUSE
        raise conflict(why)


def _first_look(store: Store, offset: int, limit: int, kinds: Any) -> list[Update]:
    if store.webhook.get().url:
        raise conflict(WEBHOOK_ACTIVE)
    if isinstance(kinds, list):
        store.updates.allow([str(kind) for kind in kinds])
    store.updates.forget_below(offset)
    return store.updates.head(limit, store.clock.now())


async def _event_or_timeout(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
