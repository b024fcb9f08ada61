"""Rows kept in memory while nothing in the catalogue changes: a page reads a hundred candidates, mostly the same ones.

Each thread's catalogue has its own; the catalogue's revision, read with every page, says when all of it is stale.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
HELD = 8_192
"""Rows that are kept; of a product's, some 40 MB."""


class Held(Generic[T]):
    """Values by id, read at first need and dropped together when the revision moves."""

    def __init__(self, most: int = HELD) -> None:
        self._most = most
        self._revision: int | None = None
        self._rows: dict[str, T] = {}

    def get(self, ids: Sequence[str], revision: int, read: Callable[[Sequence[str]], Mapping[str, T]]) -> dict[str, T]:
        """The values that there are, in the order asked; `read` is asked for those that are not held.

        `revision` must have been read before: what is read afterwards may be newer than it, and never older.
        """
        if revision != self._revision:
            self._rows.clear()
            self._revision = revision
        asked = {id: value for id in ids if (value := self._rows.get(id)) is not None}
        if len(asked) == len(ids):
            return asked
        found = read([id for id in dict.fromkeys(ids) if id not in asked])
        asked = {id: value for id in ids if (value := asked.get(id) or found.get(id)) is not None}
        self._keep(found)
        return asked

    def _keep(self, found: Mapping[str, T]) -> None:
        """The newest are kept; where there is no room, the oldest half goes."""
        self._rows.update(found)
        if len(self._rows) > self._most:
            self._rows = dict(list(self._rows.items())[-self._most // 2 :])
