"""How busy the bot is, and what it leaves out first. Pure: whoever measures says what time it is.

    overload.observe(now, wait=3.2)             # seconds that a message waits, or will
    if overload.level >= Level.NO_WRITER: ...

The order in which the answer gets cheaper: the writer's sentences, then what only decorates (typing, drafts, ticks),
then work for later (propensities, second readings), then waiting itself is told. An answer is never left out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import ContextVar
from enum import IntEnum

_log = logging.getLogger(__name__)
_BACK = 0.5  # of what raised a level: it is left only when the wait is well below
_CALM_S = 5.0  # and stayed there for so long


class Level(IntEnum):
    """From nothing to everything that can be left out."""

    CALM = 0
    NO_WRITER = 1
    NO_EXTRAS = 2
    NO_AFTERWARDS = 3
    BUSY = 4


_SHARES = {Level.NO_WRITER: 1 / 8, Level.NO_EXTRAS: 1 / 4, Level.NO_AFTERWARDS: 1 / 2, Level.BUSY: 1.0}

yields: ContextVar[bool] = ContextVar("yields", default=False)
"""Whether the work under way lets others go first: a turn of somebody who came when much was going on already."""
late: ContextVar[bool] = ContextVar("late", default=False)
"""Whether the turn under way was told to wait, or waited that long: its record says so."""


class Overload:
    """The level with its hysteresis: up at once and as far as needed, down by one step after a while of calm.

    Args:
        busy_after: seconds of waiting at which shoppers are told; the other levels begin at shares of it.
        changed: told of each new level.
    """

    def __init__(self, busy_after: float = 8.0, changed: Callable[[Level], None] = lambda level: None) -> None:
        self._starts = {level: busy_after * share for level, share in _SHARES.items()}
        self.busy_after, self._changed = busy_after, changed
        self.level, self.spell = Level.CALM, 0
        self._calm_since: float | None = None

    def observe(self, now: float, wait: float) -> Level:
        """Takes a measurement: `now` of a monotonic clock, `wait` in seconds; the level from here on."""
        reached = max((level for level, start in self._starts.items() if wait >= start), default=Level.CALM)
        if reached > self.level:
            self._move(reached)
        elif self.level and wait < self._starts[self.level] * _BACK:
            if self._calm_since is None:
                self._calm_since = now
            elif now - self._calm_since >= _CALM_S:
                self._move(Level(self.level - 1))
                self._calm_since = now
        else:
            self._calm_since = None
        return self.level

    def _move(self, level: Level) -> None:
        """A spell of overload is from one calm to the next; `spell` numbers them."""
        if self.level is Level.CALM:
            self.spell += 1
        rising, self.level, self._calm_since = level > self.level, level, None
        _log.log(logging.WARNING if rising else logging.INFO, "Overload level %d (%s)", level, level.name.lower())
        self._changed(level)
