"""Threads that hang: what is done about them, and how many of them a process bears.

    hanging = Hanging(settings.hung_after)
    search.heed(hanging)
    await hanging.too_many.wait()           # the process is to be started anew

A library that never comes back cannot be interrupted, only left. Each thread that is left keeps its memory and its
files, so there is a bound; beyond it, or where a part cannot be built again, only a new process helps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.health import figures
from bot.threads.lane import Lane

MOST = 3
"""Threads left behind that still hang. One that comes back after all counts no more."""


class WornOutError(Exception):
    """The process cannot go on for long and wants to be started anew."""


class Hanging:
    """The guard of all workers of a house.

    Args:
        hung_after: seconds after which a call will never come back.
        renewed: called after a part was built anew.
    """

    def __init__(self, hung_after: float, renewed: Callable[[], None] = lambda: None) -> None:
        self.hung_after = hung_after
        self.too_many = asyncio.Event()
        self.why = ""
        self._renewed = renewed
        self._left: list[tuple[str, Lane[Any]]] = []

    @property
    def parts(self) -> tuple[str, ...]:
        """The part of each thread that was left and still hangs."""
        self._left = [(name, lane) for name, lane in self._left if lane.hangs]
        figures.HUNG_THREADS.set(len(self._left))
        return tuple(name for name, _ in self._left)

    def left(self, name: str, lane: Lane[Any]) -> None:
        """A worker has given a thread up."""
        self._left.append((name, lane))
        if len(parts := self.parts) >= MOST:
            self._give_up(f"{len(parts)} threads hang ({', '.join(sorted(set(parts)))})")

    def renewed(self, name: str, error: BaseException | None) -> None:
        """A worker has another part, or could not make one."""
        if error:
            self._give_up(f"The part {name} hung and cannot be built anew ({' '.join(str(error).split())})")
        else:
            self._renewed()

    def _give_up(self, why: str) -> None:
        self.why = self.why or why
        self.too_many.set()
