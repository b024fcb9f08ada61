"""What was read in products' texts, remembered by product: what they say of times, and their titles as letters.

It holds while the product has not changed since. Some 150 bytes a product. Reading all texts takes seconds for 55,000
products, so whoever follows the catalogue reads ahead, in a thread of its own; a product that is met before is read
then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

import numpy as np

from recommender.letters import Letters, Titles
from recommender.ports import Numbers, Texts
from recommender.seasons import marks_of

_UNREAD = -2
_AT_ONCE = 50  # of those read ahead: a page waits for the lock no longer than these take to be kept


class ReadTexts:
    """Marks and titles of products.

    Args:
        texts: of these products, in this order.
    """

    def __init__(self, texts: Callable[[Numbers], Sequence[Texts]]) -> None:
        self._texts = texts
        self._lock = threading.Lock()
        self._letters = Letters()
        self._marks = np.zeros(1, dtype=np.int64)
        self._as_of = np.full(1, _UNREAD, dtype=np.int64)
        self.newest = -1
        """The last change of the catalogue that was read ahead."""

    def marks(self, numbers: Numbers, changed: Numbers) -> Numbers:
        """What the texts of these products say of times (`seasons.marks_of`), (n,). `changed`: their last changes."""
        self._read(numbers, changed)
        with self._lock:
            return self._marks[numbers]

    def titles(self, numbers: Numbers, changed: Numbers) -> Titles:
        """The titles of these products, the Chinese ones after the others."""
        self._read(numbers, changed)
        with self._lock:
            return self._letters.of(numbers)

    def read_ahead(self, changes: Iterable[tuple[int, int, Texts]], going_on: Callable[[], bool]) -> None:
        """Reads products before they are met: (number, revision of its last change, texts), the oldest changes first.
        From any thread, for as long as `going_on` says so.
        """
        remaining, last = iter(changes), self.newest
        while batch := list(islice(remaining, _AT_ONCE)):
            if not going_on():
                return
            numbers, changed, texts = zip(*batch, strict=True)
            self._keep(np.array(numbers, dtype=np.int64), np.array(changed, dtype=np.int64), texts)
            last = changed[-1]
            self.newest = last - 1  # of this one there may be more
        self.newest = last

    # --- inside -------------------------------------------------------------------------------------

    def _read(self, numbers: Numbers, changed: Numbers) -> None:
        with self._lock:
            self._make_room(numbers)
            unread = self._as_of[numbers] != changed
        if unread.any():
            self._keep(numbers[unread], changed[unread], self._texts(numbers[unread]))

    def _keep(self, numbers: Numbers, changed: Numbers, texts: Sequence[Texts]) -> None:
        marks = [marks_of(*each) for each in texts]
        with self._lock:
            self._make_room(numbers)
            self._letters.keep(numbers, [f"{title} {title_zh}" for title, title_zh, _, _ in texts])
            self._marks[numbers], self._as_of[numbers] = marks, changed

    def _make_room(self, numbers: Numbers) -> None:
        size, held = int(numbers.max(initial=0)) + 1, len(self._marks)
        if size > held:
            more = max(size, 2 * held) - held
            self._marks = np.concatenate([self._marks, np.zeros(more, dtype=np.int64)])
            self._as_of = np.concatenate([self._as_of, np.full(more, _UNREAD, dtype=np.int64)])
