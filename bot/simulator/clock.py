"""The simulator's clock: wall time plus what a test has skipped, so that expiry needs no waiting."""

from __future__ import annotations

import time


class Clock:
    """Seconds since the epoch; `advance` moves it forward."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += max(0.0, seconds)
