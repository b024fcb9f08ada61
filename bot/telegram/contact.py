"""Whether updates come in: what health checks, figures and the service manager's watchdog ask of either door.

Polling and webhook write here; silence is named in the log once, and so is its end.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.health import figures

SILENCE_S = 90.0
"""How long nothing may be heard of Telegram before that is named: two long polls and their grace."""
_LOOK_S = 5.0
_SLACK_S = 30.0
_log = logging.getLogger(__name__)


class Contact:
    """The state of the way in.

    Args:
        silence: seconds without success that are reported.
        now: the clock, aware; `monotonic` the one that measures, in seconds.
    """

    def __init__(
        self,
        silence: float = SILENCE_S,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._silence, self._now, self._monotonic = silence, now, monotonic
        self.last_success: datetime | None = None
        """When updates were last fetched, or a webhook was served or found in order."""
        self._heard = monotonic()  # or begun
        self._due = monotonic() + _SLACK_S
        self._conflicts: deque[datetime] = deque(maxlen=1000)
        self._silent = False

    def succeeded(self) -> None:
        """Telegram was heard."""
        self.last_success, self._heard = self._now(), self._monotonic()
        figures.LAST_CONTACT.set(self.last_success.timestamp())

    def expect(self, seconds: float) -> None:
        """The next round of the door is due within that time; called at each step that may take long."""
        self._due = self._monotonic() + seconds + _SLACK_S

    @property
    def alive(self) -> bool:
        """False where the door itself is stuck, which only a new process mends; trouble at Telegram's is none."""
        return self._monotonic() <= self._due

    def conflicted(self) -> None:
        """Another process takes updates of this bot."""
        self._conflicts.append(self._now())
        figures.POLL_CONFLICTS.inc()

    def conflicts_within(self, minutes: float) -> int:
        """How often that was seen in the last minutes."""
        since = self._now() - timedelta(minutes=minutes)
        return sum(at >= since for at in self._conflicts)

    @property
    def silent_for(self) -> float:
        """Seconds since Telegram was heard, or since the start."""
        return self._monotonic() - self._heard

    async def watch(self) -> None:
        """Names silence in the log, and its end; until cancelled."""
        while True:
            await asyncio.sleep(min(_LOOK_S, self._silence / 2))
            self.judge()

    def judge(self) -> None:
        """One look."""
        silent = self.silent_for > self._silence
        if silent and not self._silent:
            last = f"{self.last_success:%H:%M:%S} UTC" if self.last_success else "never, since this start"
            _log.error("Telegram has not been heard for %.0f s (last: %s).", self.silent_for, last)
        elif self._silent and not silent:
            _log.warning("Telegram is heard again.")
        self._silent = silent
