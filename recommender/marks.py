"""What products' texts say of seasons and occasions, remembered by product: a text is read when a product is first met.

A mark holds while the product has not changed since (`Facts.changed`). Eight bytes and four for each product number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.ports import Facts, Numbers
from recommender.seasons import marks_of

_UNREAD = -2
Texts = tuple[str, str, str, str]


class Marks:
    """Marks of products that were met.

    Args:
        texts: titles and descriptions (English, Chinese; English, Chinese) of these products, in this order.
    """

    def __init__(self, texts: Callable[[Numbers], Sequence[Texts]]) -> None:
        self._texts = texts
        self._marks: Numbers = np.zeros(1, dtype=np.int64)
        self._as_of: NDArray[np.int32] = np.full(1, _UNREAD, dtype=np.int32)

    def of(self, facts: Facts) -> Numbers:
        """The marks of these products, as of now, (n,)."""
        self._make_room(int(facts.numbers.max(initial=0)) + 1)
        unread = facts.numbers[self._as_of[facts.numbers] != facts.changed]
        if len(unread):
            self._marks[unread] = [marks_of(*texts) for texts in self._texts(unread)]
            self._as_of[facts.numbers] = facts.changed
        return self._marks[facts.numbers]

    def _make_room(self, size: int) -> None:
        if size > len(self._marks):
            more = max(size, 2 * len(self._marks)) - len(self._marks)
            self._marks = np.concatenate([self._marks, np.zeros(more, dtype=np.int64)])
            self._as_of = np.concatenate([self._as_of, np.full(more, _UNREAD, dtype=np.int32)])
