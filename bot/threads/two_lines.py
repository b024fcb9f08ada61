"""Two lines before one counter: who goes first, and who lets others pass; the second has one turn of four all the same.

lines.put(item, yields=True)
item = lines.next()
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
_SECOND_OF = 4


class TwoLines(Generic[T]):
    """Each line in the order of coming. Falsy where nobody waits."""

    def __init__(self) -> None:
        self.first: deque[T] = deque()
        self.second: deque[T] = deque()
        self._turns = 0

    def __len__(self) -> int:
        return len(self.first) + len(self.second)

    def __iter__(self) -> Iterator[T]:
        yield from self.first
        yield from self.second

    def put(self, item: T, yields: bool) -> None:
        """At the end of its line."""
        (self.second if yields else self.first).append(item)

    def next(self, second: bool = True) -> T | None:
        """Whose turn it is, taken out; None where nobody waits. Without `second` only of the first line."""
        theirs = self._turns % _SECOND_OF == _SECOND_OF - 1 or not self.first
        line = self.second if second and self.second and theirs else self.first
        if not line:
            return None
        self._turns += 1
        return line.popleft()

    def ahead(self, yields: bool) -> int:
        """About how many go before somebody who comes now."""
        if yields:
            return len(self)
        return len(self.first) + min(len(self.second), len(self.first) // (_SECOND_OF - 1))

    def remove(self, item: T) -> None:
        """Somebody goes away."""
        for line in (self.first, self.second):
            if item in line:
                line.remove(item)
                return
