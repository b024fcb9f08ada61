"""What a question asks of full-text search: its words, those it must have meant, and how much each says.

    asked.words("watre heater 60-watt")     # ["water", "heater", "60", "60w", "waterheater" where the catalogue has it]

Words that the catalogue has are left as they are. One that it lacks is read as a word it has (storage/spelling.py),
and two neighbours that it writes as one (door bell, doorbell) are asked for as one, too.
"""

from __future__ import annotations

import itertools
import math
import re
import time
from collections.abc import Callable, Sequence
from itertools import pairwise

from sqlite_utils import Database

from storage.segment import Segmenter
from storage.spelling import Speller

POSTINGS = 20_000  # about 7 ms
_LENGTH = 1000  # characters of a question that are looked at
_WORDS = 32  # different words of a question that are searched for
_REMEMBERED = 500  # questions whose words are
_COUNTED = 10_000  # words whose occurrences are remembered
_SETTLED_S = 600.0  # a changed catalogue's new words serve the speller after so long, sooner where reading is cheap
_LATIN = re.compile(r"[A-Za-z]+")


class AskedWords:
    """Reads questions against the words that products have.

    Args:
        segmenter: gives the segmenter, with the shop's own words in it.
        revision: a number that changes with any product's words.
        postings: how many occurrences of words one search may rank.
    """

    def __init__(
        self, db: Database, segmenter: Callable[[], Segmenter], revision: Callable[[], int], postings: int
    ) -> None:
        self._db, self._segmenter, self._revision, self._postings = db, segmenter, revision, postings
        self._counts: dict[str, int] = {}
        self._counted_at = self._spelled_at = -1
        self._speller, self._products = Speller({}), 0
        self._read_at, self._known = -1, dict[str, list[str]]()
        self._fresh_until = 0.0

    def words(self, text: str) -> list[str]:
        """The different words to search for, those run together after the others. Asked for several times a page."""
        if self._read_at != self._revision() or len(self._known) > _REMEMBERED:
            self._read_at = self._revision()
            self._known.clear()
        if text not in self._known:
            self._known[text] = self._words(text)
        return self._known[text]

    def _words(self, text: str) -> list[str]:
        read = self._read(text)
        joined = [left + right for left, right in pairwise(read) if _may_join(left, right)]
        known = self.occurrences(joined) if joined else {}
        return list(dict.fromkeys((*read, *(word for word in joined if known[word]))))

    def telling(self, text: str) -> list[str]:
        """The rarest words of a question, as many as one search may rank; words that occur nowhere are left out."""
        words = self.words(text)
        counts = self.occurrences(words)
        kept, total = list[str](), 0
        for word in sorted((word for word in words if counts[word]), key=counts.__getitem__):
            total += counts[word]
            if kept and total > self._postings:
                break
            kept.append(word)
        return kept

    def weights(self, text: str) -> dict[str, float]:
        """Each word with what it says: ln(1 + (N - n + .5) / (n + .5)) for a word of n among N products."""
        words = self.words(text)
        counts = self.occurrences(words)
        size = max(self._products, max(counts.values(), default=0))
        return {word: math.log(1 + (size - counts[word] + 0.5) / (counts[word] + 0.5)) for word in words}

    def spelled(self, text: str) -> str:
        """The text with its misspelt words written as the catalogue writes them; the same text where none is."""

        def right(match: re.Match[str]) -> str:
            tokens = self._segmenter().tokens(match[0])
            read = self._meant(tokens)
            return match[0] if read == tokens else " ".join(read)

        return _LATIN.sub(right, text[:_LENGTH])

    def occurrences(self, words: Sequence[str]) -> dict[str, int]:
        """In how many products each word occurs."""
        if self._counted_at != self._revision():
            self._counted_at = self._revision()
            self._counts.clear()
            self._products = self._db.execute("SELECT count(*) FROM product_text_docsize").fetchone()[0]
        unknown = [word for word in words if word not in self._counts]
        if unknown:
            if len(self._counts) > _COUNTED:
                self._counts.clear()
            self._counts.update(dict.fromkeys(words, 0))
            marks = ", ".join("?" * len(words))
            self._counts.update(self._db.execute(f"SELECT term, doc FROM product_words WHERE term IN ({marks})", words))
        return self._counts

    def _read(self, text: str) -> list[str]:
        tokens = itertools.islice(dict.fromkeys(self._segmenter().tokens(text[:_LENGTH])), _WORDS)
        return list(dict.fromkeys(self._meant(list(tokens))))

    def _meant(self, words: Sequence[str]) -> list[str]:
        """The words in their order, one that the catalogue lacks as those it must have meant."""
        known = self.occurrences(words)
        read = [(word,) if known[word] else self._current_speller().read(word) or (word,) for word in words]
        return [word for found in read for word in found]

    def _current_speller(self) -> Speller:
        """Reading all words takes a tenth of a second for 55,000 products, so not after each of a row of changes."""
        if self._spelled_at != self._revision() and time.monotonic() >= self._fresh_until:
            started = time.monotonic()
            self._spelled_at = self._revision()
            self._speller = Speller(dict(self._db.execute("SELECT term, doc FROM product_words")))
            now = time.monotonic()
            self._fresh_until = now + min(_SETTLED_S, 100 * (now - started))
        return self._speller


def _may_join(left: str, right: str) -> bool:
    return len(left) > 1 and len(right) > 1 and left.isascii() and right.isascii() and (left + right).isalpha()
