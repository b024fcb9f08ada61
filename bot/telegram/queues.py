"""Turns taken fairly: each shopper's items in order, the shoppers in rotation.

However many items one shopper has waiting, everybody else with one item is served before that shopper's second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class FairQueues(Generic[T]):
    """One queue a shopper; a shopper who is being served or held is passed over."""

    def __init__(self) -> None:
        self._waiting: dict[int, deque[T]] = {}
        self._rotation: deque[int] = deque()
        self._away: set[int] = set()  # being served, or held

    def __len__(self) -> int:
        return sum(len(queue) for queue in self._waiting.values())

    def firsts(self) -> Iterator[T]:
        """What waits first in each queue."""
        return (queue[0] for queue in self._waiting.values() if queue)

    def put(self, user_id: int, item: T) -> None:
        """Behind what this shopper already has waiting."""
        if user_id not in self._waiting:
            self._waiting[user_id] = deque()
            if user_id not in self._away:
                self._rotation.append(user_id)
        self._waiting[user_id].append(item)

    def next(self) -> int | None:
        """The shopper whose turn it is, now away until `back`; None where nobody waits."""
        if not self._rotation:
            return None
        user_id = self._rotation.popleft()
        self._away.add(user_id)
        return user_id

    def of(self, user_id: int) -> list[T]:
        """What the shopper has waiting, oldest first."""
        return list(self._waiting.get(user_id, ()))

    def replace(self, user_id: int, items: Iterable[T]) -> None:
        """Puts other items in place of those waiting, for a shopper who is away."""
        queue = deque(items)
        if queue:
            self._waiting[user_id] = queue
        else:
            self._waiting.pop(user_id, None)

    def back(self, user_id: int) -> None:
        """The shopper was served: at the end of the rotation if there is more."""
        self._away.discard(user_id)
        if user_id in self._waiting:
            self._rotation.append(user_id)
