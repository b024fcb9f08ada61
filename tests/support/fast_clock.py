"""An event loop whose clock jumps to whatever is waited for next: an hour of pauses in a moment, always the same."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_LEAST_S = 1e-6  # less would be rounded away, and the clock stand still


class FastClock(asyncio.SelectorEventLoop):
    """For code that waits for nothing but time: no sockets, no threads, no files."""

    def __init__(self) -> None:
        self._at = 0.0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return self._at

    def jump(self, seconds: float) -> None:
        self._at += seconds


class _Jumping(selectors.SelectSelector):
    def __init__(self, clock: FastClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout:
            self._clock.jump(max(timeout, _LEAST_S))
        return super().select(0)


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result, however long the work would have waited for it."""
    with asyncio.Runner(loop_factory=FastClock) as runner:
        return runner.run(work)
