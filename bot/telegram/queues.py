"""Turns taken fairly: each shopper's items in order, the shoppers in rotation.

However many items one shopper has waiting, everybody else with one item is served before that shopper's second. Who is
preferred (`prefers`) waits in a rotation of their own, and that has three turns of four; the other one goes on, slower.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from bot.threads.two_lines import TwoLines

T = TypeVar("T")


class FairQueues(Generic[T]):
    """One queue a shopper; a shopper who is being served or held is passed over. Times are a monotonic clock's."""

    def __init__(self, prefers: Callable[[int], bool] = lambda user_id: True) -> None:
        self._prefers = prefers
        self._waiting: dict[int, deque[T]] = {}
        self._lines: TwoLines[int] = TwoLines()
        self._since: dict[int, float] = {}  # when those in a rotation joined it
        self._came_first: dict[int, bool] = {}  # those in a rotation, or being served
        self._away: set[int] = set()  # being served, or held
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def firsts(self) -> Iterator[T]:
        """What waits first in each queue."""
        return (queue[0] for queue in self._waiting.values() if queue)

    @property
    def shoppers(self) -> int:
        """How many wait for their turn; who is served or held does not."""
        return len(self._since)

    def longest(self, now: float) -> float:
        """Seconds for which the shopper who waited longest has waited for the turn."""
        return max(
            (now - self._since[queue[0]] for queue in (self._lines.first, self._lines.second) if queue), default=0.0
        )

    def since(self, user_id: int, now: float) -> float:
        """Seconds for which a shopper in the rotation has waited for the turn."""
        return now - self._since.get(user_id, now)

    def put(self, user_id: int, item: T, now: float = 0.0) -> None:
        """Behind what this shopper already has waiting."""
        if user_id not in self._waiting:
            self._waiting[user_id] = deque()
            self._join(user_id, now)
        self._waiting[user_id].append(item)
        self._length += 1

    def next(self, others: bool = True) -> int | None:
        """The shopper whose turn it is, now away until `back`; None where nobody waits. Without `others` only a
        preferred one.
        """
        user_id = self._lines.next(second=others)
        if user_id is not None:
            self._since.pop(user_id)
            self._away.add(user_id)
        return user_id

    def came_first(self, user_id: int) -> bool:
        """Whether the shopper being served was a preferred one."""
        return self._came_first.get(user_id, True)

    def everybody(self) -> list[int]:
        """Who waits for a turn, the next one first."""
        return list(self._lines)

    def of(self, user_id: int) -> list[T]:
        """What the shopper has waiting, oldest first."""
        return list(self._waiting.get(user_id, ()))

    def count(self, user_id: int) -> int:
        """How much the shopper has waiting."""
        return len(self._waiting.get(user_id, ()))

    def replace(self, user_id: int, items: Iterable[T]) -> None:
        """Puts other items in place of those that the shopper has waiting."""
        queue = deque(items)
        self._length += len(queue) - self.count(user_id)
        if queue:
            self._waiting[user_id] = queue
        else:
            self._waiting.pop(user_id, None)

    def back(self, user_id: int, now: float = 0.0) -> None:
        """The shopper was served: at the end of the rotation if there is more."""
        self._away.discard(user_id)
        self._came_first.pop(user_id, None)
        if user_id in self._waiting:
            self._join(user_id, now)

    def _join(self, user_id: int, now: float) -> None:
        if user_id not in self._away and user_id not in self._since:
            self._since[user_id] = now
            self._came_first[user_id] = self._prefers(user_id)
            self._lines.put(user_id, yields=not self._came_first[user_id])
