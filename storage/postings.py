"""In which products a word stands, in memory: full-text search's own ranking, to the last place, without its cost.

    postings = Postings(db)
    postings.follow(revision)                                # before each question
    postings.ranked(["red", "dress"], flags, 200)            # as FTS5's bm25 ranks them: (product number, score)
    postings.places(["red", "dress"], numbers)               # where each product has each word

What FTS5 spends on a question is bm25 of every match, again with every question. What a word gives a product depends
on the two alone, so it is found once, when a word is first asked for, and kept until the catalogue's words change: then
a question adds up arrays. The commonest words come with every other question and the rare ones cost little to read. The
plain twin is `word_ranking.ranked`; a property test holds the two together.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

COLUMNS = {"title": 10.0, "title_zh": 10.0, "words": 4.0, "description": 1.0}
"""Columns of the full-text table with what a word in each weighs, in the table's order."""
TITLE, OTHERS = 2, 1
"""Where a product has a word: in a title, or only in the other words that stand for it. 0: neither."""
KEPT = 8_000_000  # postings, at 13 bytes each

# FTS5's own, which it does not let be set.
_K1, _B = 1.2, 0.75
_LEAST_IDF = 1e-6
_NAMES = list(COLUMNS)
_WEIGHTS = np.array(list(COLUMNS.values()))
_PLACES = np.array([TITLE if name.startswith("title") else OTHERS * (name == "words") for name in _NAMES], np.uint8)

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Word:
    """The products that have a word, in order, with its share of the score of each, and where it stands."""

    numbers: Numbers
    gains: NDArray[np.float64]
    places: NDArray[np.uint8]


class Postings:
    """Words of `product_text` by product number.

    Args:
        db: with `product_text` and `product_instances`.
        kept: how many postings stay in memory; the words asked for longest ago go first.
    """

    def __init__(self, db: Database, kept: int = KEPT) -> None:
        self._db, self._most = db, kept
        self._revision = -1
        self._words: OrderedDict[str, _Word] = OrderedDict()
        self._held = 0
        self._lengths = np.zeros(1)  # words of each product
        self._products, self._mean = 0, 1.0
        self._scores = np.zeros(1)  # of the question at hand; zero between questions

    def follow(self, revision: int) -> None:
        """Forgets what was read before the catalogue's words changed. The number must have been read before."""
        if revision != self._revision:
            self._words.clear()
            self._held = 0
            self._read_lengths()
            self._revision = revision

    def ranked(self, words: Sequence[str], flags: NDArray[np.bool_], limit: int) -> list[tuple[int, float]]:
        """`best` as pairs."""
        numbers, scores = self.best(words, flags, limit)
        return list(zip(numbers.tolist(), scores.tolist(), strict=True))

    def best(
        self, words: Sequence[str], flags: NDArray[np.bool_], limit: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The best products that have any of the words and are flagged: numbers with scores, equals by number.

        Scores are summed in the order of `words`, as FTS5 does.
        """
        met = list[Numbers]()
        for word in map(self._word, words):
            met.append(word.numbers[self._scores[word.numbers] == 0.0])
            self._scores[word.numbers] += word.gains
        every = np.concatenate(met) if met else np.zeros(0, dtype=np.int32)
        numbers = every[every < len(flags)]
        numbers = numbers[flags[numbers]]
        scores = self._scores[numbers]
        self._scores[every] = 0.0
        if 0 < limit < len(numbers):
            cut = np.partition(scores, len(scores) - limit)[len(scores) - limit]
            numbers, scores = numbers[scores >= cut], scores[scores >= cut]
        order = np.lexsort((numbers, -scores))[: max(limit, 0)]
        return numbers[order].astype(np.int64), scores[order]

    def places(self, words: Sequence[str], numbers: Sequence[int] | NDArray[np.int64]) -> NDArray[np.uint8]:
        """`TITLE`, `OTHERS` or 0 for each product and word, (numbers, words)."""
        asked = np.asarray(numbers, dtype=np.int32)
        found = np.zeros((len(asked), len(words)), dtype=np.uint8)
        for column, word in enumerate(map(self._word, words)):
            if len(word.numbers):
                at = np.minimum(np.searchsorted(word.numbers, asked), len(word.numbers) - 1)
                found[:, column] = np.where(word.numbers[at] == asked, word.places[at], 0)
        return found

    # --- inside -------------------------------------------------------------------------------------

    def _word(self, word: str) -> _Word:
        found = self._words.get(word)
        if found is None:
            found = self._words[word] = self._read(word)
            self._held += len(found.numbers)
            while self._held > self._most and len(self._words) > 1:
                self._held -= len(self._words.popitem(last=False)[1].numbers)
        self._words.move_to_end(word)
        return found

    def _read(self, word: str) -> _Word:
        """One text from SQLite is read some five times as quickly as as many rows."""
        column = " ".join(f"WHEN '{name}' THEN {at}" for at, name in enumerate(_NAMES))
        docs, columns = self._db.execute(
            f"SELECT group_concat(doc), group_concat(CASE col {column} END) FROM product_instances WHERE term = ?",
            [word],
        ).fetchone()
        every = _parsed(docs)
        columns = _parsed(columns)[
            every < len(self._lengths)
        ]  # what came since the lengths were read is found next time
        every = every[every < len(self._lengths)]
        starts = np.flatnonzero(np.diff(every, prepend=-1))
        numbers = every[starts]
        if not len(starts):
            return _Word(numbers.astype(np.int32), np.zeros(0), np.zeros(0, dtype=np.uint8))
        often = np.add.reduceat(_WEIGHTS[columns], starts)
        places = np.maximum.reduceat(_PLACES[columns], starts)
        return _Word(numbers.astype(np.int32), self._gains(often, self._lengths[numbers]), places)

    def _gains(self, often: NDArray[np.float64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
        """bm25's term for one word, every operation in FTS5's order: a sum of doubles depends on it."""
        idf = math.log((self._products - len(often) + 0.5) / (len(often) + 0.5))
        gains: NDArray[np.float64] = (often * (_K1 + 1.0)) / (often + _K1 * (1 - _B + _B * lengths / self._mean))
        return (idf if idf > 0.0 else _LEAST_IDF) * gains

    def _read_lengths(self) -> None:
        ids, sizes = self._db.execute(
            "SELECT group_concat(id), group_concat(hex(sz), '') FROM product_text_docsize"
        ).fetchone()
        numbers = _parsed(ids)
        words = _varints(bytes.fromhex(sizes or "")).reshape(len(numbers), len(_NAMES)).sum(axis=1)
        self._lengths = np.zeros(int(numbers.max(initial=0)) + 1)
        self._lengths[numbers] = words
        self._products, self._mean = len(numbers), float(words.sum()) / max(len(numbers), 1)
        self._scores = np.zeros(len(self._lengths))


def _parsed(text: str | None) -> NDArray[np.int64]:
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.zeros(0, dtype=np.int64)


def _varints(packed: bytes) -> NDArray[np.int64]:
    """SQLite's variable-length integers, one after the other: seven bits a byte, the high bit says that one follows."""
    every = np.frombuffer(packed, dtype=np.uint8)
    last = np.flatnonzero(every < 0x80)
    first = np.concatenate([[0], last[:-1] + 1]) if len(last) else last
    values = np.zeros(len(last), dtype=np.int64)
    for at in range(int((last - first).max(initial=-1)) + 1):
        longer = first + at <= last
        values[longer] = (values[longer] << 7) | (every[(first + at)[longer]] & 0x7F)
    return values
