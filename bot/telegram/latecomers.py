"""What a webhook brings after an outage: one message at a time for each shopper, the next when the last is taken.

Worked as they come, each would be apologised for and answered. They are held until no more comes for a moment, and
handed over together, so that the last is answered with one apology (triage). They are stored by then: a process that
dies finds them in the inbox.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bot.telegram.triage import is_stale
from bot.telegram.updates import raw_of
from storage.records import Update


class Latecomers:
    """Passes updates on, late ones in one go.

    Args:
        hand_over: takes updates to be worked.
        pause: seconds after the last late message of a shopper in which another may follow; `longest` for all.
    """

    def __init__(
        self,
        hand_over: Callable[[Sequence[Update]], None],
        pause: float = 2.0,
        longest: float = 30.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._hand_over, self._pause, self._longest, self._now = hand_over, pause, longest, now
        self._held: dict[int, list[Update]] = {}
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self._since: dict[int, float] = {}

    def take(self, updates: Sequence[Update]) -> None:
        """Stored updates, in their order."""
        for update in updates:
            late = is_stale(raw_of(update.body), self._now())
            if late or update.user_id in self._held:
                self._held.setdefault(update.user_id, []).append(update)
            else:
                self._hand_over([update])
                continue
            if late:
                self._wait(update.user_id)
            else:
                self._release(update.user_id)

    def release(self) -> None:
        """Passes on all that is held."""
        for user_id in list(self._held):
            self._release(user_id)

    def _wait(self, user_id: int) -> None:
        loop = asyncio.get_running_loop()
        since = self._since.setdefault(user_id, loop.time())
        if timer := self._timers.pop(user_id, None):
            timer.cancel()
        until = min(loop.time() + self._pause, since + self._longest)
        self._timers[user_id] = loop.call_at(until, self._release, user_id)

    def _release(self, user_id: int) -> None:
        self._since.pop(user_id, None)
        if timer := self._timers.pop(user_id, None):
            timer.cancel()
        self._hand_over(self._held.pop(user_id, []))
