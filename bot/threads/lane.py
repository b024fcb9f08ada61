"""A thread with a part of its own: built there, called there, one call after another, closed there.

    lane = Lane("search", build)
    future = lane.put(lambda part: part.recommend(request))

The thread is a daemon, since a library may never come back from a call, and the process must be able to end all the
same. Such a lane is left (`leave`): what waited is taken out, and if the call ever does come back, the part is closed
and the thread ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Any, Generic, TypeVar

from bot.threads.two_lines import TwoLines

P = TypeVar("P", covariant=True)


class HungError(TimeoutError):
    """A call did not come back for so long that its thread was given up."""


class Task:
    """A call of the part, and who waits for it. One that `yields` lets the others go first, three of four times."""

    def __init__(self, call: Callable[[Any], Any], yields: bool = False) -> None:
        self.call, self.future, self.yields = call, Future[Any](), yields

    def do(self, part: Callable[[], Any]) -> None:
        """In the lane's thread; whoever gave up before is not worked for."""
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.call(part())
        except BaseException as error:  # whatever it is, it belongs to who called
            self.fail(error)
        else:
            with suppress(InvalidStateError):  # told already that it hung
                self.future.set_result(result)

    def fail(self, error: BaseException) -> None:
        with suppress(InvalidStateError):
            self.future.set_exception(error)


class Lane(Generic[P]):
    """One thread, one part.

    Args:
        build: makes the part, in the thread; its error is every call's.
    """

    def __init__(self, name: str, build: Callable[[], P]) -> None:
        self._part: Future[P] = _running()
        self._waiting: TwoLines[Task] = TwoLines()
        self._changed = threading.Condition()
        self._ending = False
        self._under_way: Task | None = Task(lambda _: None)  # the building
        self._since = time.monotonic()
        self._thread = threading.Thread(target=self._live, args=(build,), name=name, daemon=True)
        self._thread.start()

    @property
    def part(self) -> Future[P]:
        """The part, once it is built."""
        return self._part

    @property
    def hangs(self) -> bool:
        """Whether a lane that was left still has its thread."""
        return self._thread.is_alive()

    def under_way(self) -> tuple[Task | None, float]:
        """What the thread is at (None: nothing), and for how many seconds."""
        with self._changed:
            return self._under_way, time.monotonic() - self._since

    def put(self, task: Task) -> None:
        """After the calls of its kind that came before. Raises RuntimeError where the lane has ended."""
        with self._changed:
            if self._ending:
                raise RuntimeError("This part is closed; nothing can be asked of it.")
            self._waiting.put(task, task.yields)
            self._changed.notify()

    def take(self, part: Any) -> None:
        """Another part in the old one's place, which is closed. Only from within a call."""
        self._close_part()
        taken: Future[P] = _running()
        taken.set_result(part)
        self._part = taken

    def leave(self) -> list[Task]:
        """Gives the thread up; the calls that waited for it, for another one. Who waits for the call under way hears
        that it hangs.
        """
        with self._changed:
            waiting, self._waiting = list(self._waiting), TwoLines()
            self._ending = True
            self._changed.notify()
            hung, seconds = self._under_way, time.monotonic() - self._since
        if hung:
            hung.fail(HungError(f"{self._thread.name} did not come back for {seconds:.0f} s; its thread is given up."))
        return waiting

    def end(self, seconds: float | None) -> bool:
        """Works what waits, closes the part and ends the thread; whether it did within so many seconds."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    # --- in the thread ------------------------------------------------------------------------------

    def _live(self, build: Callable[[], P]) -> None:
        try:
            self._part.set_result(build())
        except BaseException as error:  # it is told by each call
            self._part.set_exception(error)
        while task := self._next():
            task.do(lambda: self._part.result())
        self._close_part()

    def _next(self) -> Task | None:
        with self._changed:
            self._under_way = None
            while not self._waiting and not self._ending:
                self._changed.wait()
            self._under_way = self._waiting.next()
            self._since = time.monotonic()
            return self._under_way

    def _close_part(self) -> None:
        if self._part.exception() is None:
            closing = getattr(self._part.result(), "close", None)
            if callable(closing):
                with suppress(Exception):  # nobody is left to hear of it
                    closing()


def _running() -> Future[Any]:
    """One that who waits for it cannot cancel."""
    future: Future[Any] = Future()
    future.set_running_or_notify_cancel()
    return future
