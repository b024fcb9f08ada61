"""Words that the catalogue does not have, read as words that it has: a slip of the keys, or two words run together.

    Speller({"toilet": 120, "water": 400, "heater": 90}).read("toitet")       # ("toilet",)
    ... .read("waterheater")                                                  # ("water", "heater")

Every word of the catalogue that could be within reach is compared, by the edits of Damerau ("A technique for computer
detection and correction of spelling errors", CACM 7(3), 1964). Two words one edit apart differ in at most two of the
letters they are made of, which one numpy operation checks for all of them, so that no index of deletions has to be
built (symspell's takes seconds after each change of a catalogue of 55,000 products; this none, and half a
millisecond a word).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from symspellpy.editdistance import DistanceAlgorithm, EditDistance

_SHORTEST, _LONGEST = 4, 30  # letters of a word that is read anew
_LONG = 6  # letters from which a second edit is believed
_PART = 3  # letters of the shorter of two words run together
_KNOWN_PART = 5  # products that must have each of the two
_DISTANCE = EditDistance(DistanceAlgorithm.DAMERAU_OSA)


class Speller:
    """Reads unknown words of a-z as known ones. `counts`: in how many products each known word occurs."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = {word: count for word, count in counts.items() if _is_plain(word) and len(word) >= _PART}
        self._words = list(self._counts)
        self._letters = np.array([_letters(word) for word in self._words], dtype=np.uint32)
        self._lengths = np.array([len(word) for word in self._words], dtype=np.int16)

    def read(self, word: str) -> tuple[str, ...]:
        """The known words that were probably meant; none for a known word, a short one, or one that nothing is near.

        One edit is likelier than a missing space, and that likelier than two edits.
        """
        if word in self._counts or not (_is_plain(word) and _SHORTEST <= len(word) <= _LONGEST):
            return ()
        near = self._nearest(word, 1)
        if near:
            return (near,)
        parts = self._apart(word)
        if parts or len(word) < _LONG:
            return parts
        near = self._nearest(word, 2)
        return (near,) if near else ()

    def _nearest(self, word: str, edits: int) -> str | None:
        """The known word within so many edits: the fewest, the same first letter, the commonest. The first letter of
        a short word, and of one with two edits, is believed.
        """
        apart = np.bitwise_count(self._letters ^ np.uint32(_letters(word)))
        within = (apart <= 2 * edits) & (np.abs(self._lengths - len(word)) <= edits)
        best: tuple[int, bool, int, str] | None = None
        for at in np.flatnonzero(within):
            known = self._words[at]
            if known[0] != word[0] and (edits > 1 or len(word) < _LONG):
                continue
            distance = _DISTANCE.compare(word, known, edits)
            if distance >= 0:
                found = (-distance, known[0] == word[0], self._counts[known], known)
                best = found if best is None else max(best, found)
        return best[3] if best else None

    def _apart(self, word: str) -> tuple[str, ...]:
        """The two known words that were run together: those of which the rarer is the commonest."""
        cuts = ((word[:at], word[at:]) for at in range(_PART, len(word) - _PART + 1))
        common = [(self._common(parts), parts) for parts in cuts]
        count, parts = max(common, default=(0, ("", "")))
        return parts if count >= _KNOWN_PART else ()

    def _common(self, parts: Sequence[str]) -> int:
        return min(self._counts.get(part, 0) for part in parts)


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha() and word.islower()


def _letters(word: str) -> int:
    """Bit 0 for an a, bit 25 for a z."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) - 97)
    return bits
