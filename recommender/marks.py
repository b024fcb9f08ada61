"""What products' texts say of seasons and occasions, remembered by product: a text is read once.

A mark holds while the product has not changed since (`Facts.changed`). Sixteen bytes for each product number. Reading
all texts takes some two seconds for 55,000 products, so whoever follows the catalogue reads ahead in a thread of its
own; a product that is met before is read then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

import numpy as np

from recommender.ports import Facts, Numbers, Texts
from recommender.seasons import marks_of

_UNREAD = -2
_AT_ONCE = 50  # of those read ahead: a page waits for the lock no longer than these take to be written


class Marks:
    """Marks of products.

    Args:
        texts: of these products, in this order.
    """

    def __init__(self, texts: Callable[[Numbers], Sequence[Texts]]) -> None:
        self._texts = texts
        self._lock = threading.Lock()
        self._marks = np.zeros(1, dtype=np.int64)
        self._as_of = np.full(1, _UNREAD, dtype=np.int64)
        self.newest = -1
        """The last change of the catalogue that was read ahead."""

    def of(self, facts: Facts) -> Numbers:
        """The marks of these products, as of now, (n,)."""
        known, marks = self._known(facts.numbers, facts.changed)
        if not known.all():
            unread = facts.numbers[~known]
            marks[~known] = [marks_of(*texts) for texts in self._texts(unread)]
            self._keep(unread, marks[~known], facts.changed[~known])
        return marks

    def read_ahead(self, changes: Iterable[tuple[int, int, Texts]]) -> None:
        """Marks products before they are met: (number, revision of its last change, texts), the oldest changes first.
        From any thread.
        """
        remaining = iter(changes)
        while batch := list(islice(remaining, _AT_ONCE)):
            numbers, changed, texts = zip(*batch, strict=True)
            marks = [marks_of(*each) for each in texts]
            self._keep(*(np.array(each, dtype=np.int64) for each in (numbers, marks, changed)))
            self.newest = changed[-1]

    def _known(self, numbers: Numbers, changed: Numbers) -> tuple[np.ndarray, Numbers]:
        """Which of the products are marked as of their last change, and the marks."""
        with self._lock:
            self._make_room(numbers)
            return self._as_of[numbers] == changed, self._marks[numbers]

    def _keep(self, numbers: Numbers, marks: Numbers, changed: Numbers) -> None:
        with self._lock:
            self._make_room(numbers)
            self._marks[numbers], self._as_of[numbers] = marks, changed

    def _make_room(self, numbers: Numbers) -> None:
        size, held = int(numbers.max(initial=0)) + 1, len(self._marks)
        if size > held:
            more = max(size, 2 * held) - held
            self._marks = np.concatenate([self._marks, np.zeros(more, dtype=np.int64)])
            self._as_of = np.concatenate([self._as_of, np.full(more, _UNREAD, dtype=np.int64)])
