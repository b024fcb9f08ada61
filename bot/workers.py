"""The one bridge between asyncio and blocking code.

A `Worker` is a part that lives in a thread of its own: built there, called there, one call at a time. So a
SQLite connection never crosses threads, a model answers one message after another, and the loop never waits.

What is bound to the work under way (its update, its turn) goes with the call, so that the part's log lines name it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from time import perf_counter
from typing import Any, Generic, TypeVar

from bot.health import figures
from storage.database import DatabaseBroken, DatabaseError, DatabaseFull, DatabaseLocked, DatabaseUnwritable, meaning

P = TypeVar("P", covariant=True)
R = TypeVar("R")
_REFUSED = {DatabaseFull: "full", DatabaseUnwritable: "unwritable", DatabaseBroken: "damaged"}


class Worker(Generic[P]):
    """A blocking part behind `await worker.run(lambda part: ...)`.

    Args:
        name: shown in thread lists and logs.
        build: makes the part, inside the worker's own thread; its error reaches `ready()` and every `run()`.
    """

    def __init__(self, name: str, build: Callable[[], P]) -> None:
        self.name = name
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._part = self._pool.submit(build)
        self._calls = figures.WORKER_CALLS.labels(worker=name)
        self._seconds = figures.WORKER_SECONDS.labels(worker=name)
        self._failures = figures.WORKER_FAILURES.labels(worker=name)

    async def ready(self) -> P:
        """Waits until the part is built; raises what building it raised."""
        return await asyncio.wrap_future(self._part)

    async def run(self, call: Callable[[P], R]) -> R:
        """Calls the part in its thread, after the calls that came before."""
        future = self._pool.submit(copy_context().run, self._timed, call)
        self._calls.inc()
        future.add_done_callback(lambda _: self._calls.dec())
        return await asyncio.wrap_future(future)

    def _timed(self, call: Callable[[P], R]) -> R:
        began = perf_counter()
        try:
            return call(self._part.result())
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
        await asyncio.wrap_future(self._pool.submit(lambda: self._take(part)))

    def _take(self, part: object) -> None:
        taken: Future[Any] = Future()
        taken.set_result(part)
        self._close_part()
        self._part = taken

    def close(self) -> None:
        """Lets the running call end and drops those that wait. A part with a `close` is closed in its thread."""
        self._pool.submit(self._close_part)
        self._pool.shutdown(wait=True)

    def _close_part(self) -> None:
        if self._part.exception() is None:
            closing = getattr(self._part.result(), "close", None)
            if callable(closing):
                closing()


def _count(trouble: DatabaseError | None) -> None:
    if isinstance(trouble, DatabaseLocked):
        figures.DB_BUSY.inc()
    elif kind := _REFUSED.get(type(trouble)):  # type: ignore[arg-type]
        figures.DB_REFUSED.labels(kind=kind).inc()
