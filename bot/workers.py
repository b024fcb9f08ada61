"""The one bridge between asyncio and blocking code.

A `Worker` is a part that lives in a thread of its own (bot/threads/lane.py): built there, called there, one call at a
time. So a SQLite connection never crosses threads, a model answers one message after another, and the loop never waits.

What is bound to the work under way (its update, its turn) goes with the call, so that the part's log lines name it.

A worker that is guarded (bot/threads/hanging.py) gives up a thread that hangs in a call: the part is built anew in
another thread, with handles of its own, and the calls that waited go on there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextvars import copy_context
from time import perf_counter
from typing import Any, Generic, Protocol, TypeVar

from bot.health import figures
from bot.overload import yields
from bot.threads.lane import Lane, Task
from storage.database import DatabaseBroken, DatabaseError, DatabaseFull, DatabaseLocked, DatabaseUnwritable, meaning

P = TypeVar("P", covariant=True)
R = TypeVar("R")
_REFUSED = {DatabaseFull: "full", DatabaseUnwritable: "unwritable", DatabaseBroken: "damaged"}
_SECOND_LOOK = 0.1
"""Of the time that a call may take. It is given up at the second look: a process that was stopped for a while finds
whatever it was at late at the first.
"""
log = logging.getLogger(__name__)


class Guard(Protocol):
    """What a worker asks and tells where its thread hangs."""

    @property
    def hung_after(self) -> float: ...

    def left(self, name: str, lane: Lane[Any]) -> None: ...

    def renewed(self, name: str, error: BaseException | None) -> None: ...


class Worker(Generic[P]):
    """A blocking part behind `await worker.run(lambda part: ...)`.

    Args:
        name: shown in thread lists and logs.
        build: makes the part, inside the worker's own thread; its error reaches `ready()` and every `run()`.
    """

    def __init__(self, name: str, build: Callable[[], P]) -> None:
        self.name = name
        self._build = build
        self._lane = Lane(name, build)
        self._guard: Guard | None = None
        self._looking: asyncio.TimerHandle | None = None
        self._suspect: Task | None = None
        self._closed = False
        self._calls = figures.WORKER_CALLS.labels(worker=name)
        self._seconds = figures.WORKER_SECONDS.labels(worker=name)
        self._failures = figures.WORKER_FAILURES.labels(worker=name)

    def heed(self, guard: Guard) -> None:
        """Gives up threads that hang, from now on. A part with `inherit(old)` takes over from the old one."""
        self._guard = guard

    async def ready(self) -> P:
        """Waits until the part is built; raises what building it raised."""
        return await asyncio.wrap_future(self._lane.part)

    async def run(self, call: Callable[[P], R]) -> R:
        """Calls the part in its thread, after the calls that came before; work that yields lets the others' go first.

        Raises HungError, a TimeoutError, where the thread was given up in this call.
        """
        context = copy_context()
        task = Task(lambda part: context.run(self._timed, call, part), yields.get())
        self._put(task)
        self._calls.inc()
        task.future.add_done_callback(lambda _: self._calls.dec())
        result: R = await asyncio.wrap_future(task.future)
        return result

    def _put(self, task: Task) -> None:
        self._lane.put(task)
        if self._guard and self._looking is None:
            self._look_in(self._guard.hung_after)

    def _timed(self, call: Callable[[Any], R], part: Any) -> R:
        began = perf_counter()
        try:
            return call(part)
        except Exception as error:
            self._failures.inc()
            _count(meaning(error))
            raise
        finally:
            self._seconds.observe(perf_counter() - began)

    async def replace(self, build: Callable[[], P]) -> None:
        """Builds another part in a thread beside, while this one goes on; it takes over between two calls, and the old
        one is closed. Where building fails, its error is raised and the old one stays.
        """
        part = await asyncio.to_thread(build)
        lane = self._lane
        task = Task(lambda _: lane.take(part))
        self._put(task)
        await asyncio.wrap_future(task.future)
        self._build = build

    def close(self) -> None:
        """Works what was asked, then closes the part (which may have a `close`) in its thread. A thread that hangs is
        not waited for: it ends with the process.
        """
        self._closed = True
        if not self._lane.end(self._guard.hung_after if self._guard else None):
            log.error("The thread of %s hangs; it is left behind.", self.name)

    # --- a thread that hangs ------------------------------------------------------------------------

    def _look_in(self, seconds: float) -> None:
        self._looking = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        """While calls are under way, about as often as one of them may be late."""
        self._looking = None
        guard, (task, seconds) = self._guard, self._lane.under_way()
        if guard is None or task is None or self._closed:
            return
        if seconds < guard.hung_after:
            self._look_in(guard.hung_after - seconds)
        elif task is not self._suspect:
            self._suspect = task
            self._look_in(_SECOND_LOOK * guard.hung_after)
        else:
            self._renew(guard)

    def _renew(self, guard: Guard) -> None:
        """Another thread with another part takes the calls that waited."""
        left, build = self._lane, self._build
        log.error("%s hangs in a call; another thread takes its place.", self.name)
        figures.WORKER_HUNG.labels(worker=self.name).inc()
        waiting = left.leave()
        self._suspect = None
        self._lane = lane = Lane(self.name, lambda: _heir(build(), left))
        loop = asyncio.get_running_loop()
        lane.part.add_done_callback(lambda part: loop.call_soon_threadsafe(guard.renewed, self.name, part.exception()))
        guard.left(self.name, left)
        for task in waiting:
            lane.put(task)
        self._look_in(guard.hung_after)


def _heir(part: Any, left: Lane[Any]) -> Any:
    inherit = getattr(part, "inherit", None)
    if callable(inherit) and left.part.done() and left.part.exception() is None:
        inherit(left.part.result())
    return part


def _count(trouble: DatabaseError | None) -> None:
    if isinstance(trouble, DatabaseLocked):
        figures.DB_BUSY.inc()
    elif kind := _REFUSED.get(type(trouble)):  # type: ignore[arg-type]
        figures.DB_REFUSED.labels(kind=kind).inc()
