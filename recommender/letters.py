"""Titles as letters in memory, and which runs of three letters they share with a question.

    letters = Letters()
    letters.keep(numbers, titles)                    # by product number
    shares, overlaps = shared_runs("door bell", letters.of(numbers))

A letter is a small number that stands for one code point as long as the process lives, so a title takes two bytes a
letter, and comparing hundreds of titles with a question is a few looks into tables.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.ports import Numbers
from recommender.prior import Matrix

_GAP = re.compile(r"[\W_]+")
_OTHERS = np.iinfo(np.uint16).max  # what stands for every code point that finds no number of its own any more
_WASTE = 2  # times what is used that may lie about
Codes = NDArray[np.uint16]


@dataclass(frozen=True)
class Titles:
    """Some titles, one after the other: letters (total,) and how many each has, (n,)."""

    letters: Codes
    sizes: Numbers
    alphabet: Codes  # the number of each code point, 0 for one that no title has

    @classmethod
    def of(cls, texts: Sequence[str]) -> Titles:
        """Of texts at hand."""
        held, numbers = Letters(), np.arange(len(texts))
        held.keep(numbers, texts)
        return held.of(numbers)

    def __len__(self) -> int:
        return len(self.sizes)


class Letters:
    """Titles by product number. What changes is kept anew, and what it leaves behind cleared away by and by."""

    def __init__(self) -> None:
        self._alphabet: Codes = np.zeros(sys.maxunicode + 1, dtype=np.uint16)
        self._known = 0
        self._letters: Codes = np.zeros(1, dtype=np.uint16)
        self._end = self._used = 0
        self._starts, self._sizes = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int32)

    def keep(self, numbers: Numbers, titles: Sequence[str]) -> None:
        """These titles are the products' from now on."""
        self._make_room(int(numbers.max(initial=0)) + 1)
        for number, title in zip(numbers.tolist(), titles, strict=True):
            codes = self._codes(title)
            if np.array_equal(codes, self._title(number)):
                continue
            if self._end + len(codes) > len(self._letters):
                self._letters = np.concatenate([self._letters, np.zeros(self._end + len(codes), dtype=np.uint16)])
            self._letters[self._end : self._end + len(codes)] = codes
            self._used += len(codes) - int(self._sizes[number])
            self._starts[number], self._sizes[number] = self._end, len(codes)
            self._end += len(codes)
        if self._end > _WASTE * self._used + len(numbers):
            self._clear_away()

    def of(self, numbers: Numbers) -> Titles:
        """The titles of these products, as they were kept."""
        starts, sizes = self._starts[numbers], self._sizes[numbers].astype(np.int64)
        before = np.cumsum(sizes) - sizes
        at = np.repeat(starts - before, sizes) + np.arange(int(sizes.sum()))
        return Titles(self._letters[at], sizes, self._alphabet)

    # --- inside -------------------------------------------------------------------------------------

    def _title(self, number: int) -> Codes:
        start = int(self._starts[number])
        return self._letters[start : start + int(self._sizes[number])]

    def _codes(self, title: str) -> Codes:
        points = _points(_plain(title))
        codes = self._alphabet[points]
        if not codes.all():
            for point in np.unique(points[codes == 0]).tolist():
                self._known = min(self._known + 1, _OTHERS)
                self._alphabet[point] = self._known
            codes = self._alphabet[points]
        return codes

    def _make_room(self, size: int) -> None:
        more = max(size, 2 * len(self._starts)) - len(self._starts) if size > len(self._starts) else 0
        if more:
            self._starts = np.concatenate([self._starts, np.zeros(more, dtype=np.int64)])
            self._sizes = np.concatenate([self._sizes, np.zeros(more, dtype=np.int32)])

    def _clear_away(self) -> None:
        every = np.arange(len(self._sizes))
        self._letters, sizes = self.of(every).letters, self._sizes.astype(np.int64)
        self._starts = np.cumsum(sizes) - sizes
        self._end = self._used = len(self._letters)


def shared_runs(text: str, titles: Titles) -> tuple[Matrix, Matrix]:
    """Shares of the question's runs of three letters that each title has, and of the runs of both that they share.

    The two runs at the ends of a title are counted double: one of one word is no better than a plain one of two.
    """
    asked = _Runs.of(_plain(text), titles.alphabet)
    if not asked.count or not len(titles):
        return np.zeros(len(titles)), np.zeros(len(titles))
    # All titles are one text; what runs from one into the next has a break inside, and is asked by nobody.
    runs, owners = asked.within(titles.letters), np.repeat(np.arange(len(titles)), titles.sizes)[:-2]
    met = np.flatnonzero(runs)
    has = np.zeros((len(titles), asked.count), dtype=np.bool_)
    has[owners[met], runs[met] - 1] = True
    shared = has.sum(axis=1).astype(np.float64)
    return shared / asked.count, shared / np.maximum(asked.count + titles.sizes - shared, 1.0)


@dataclass(frozen=True)
class _Runs:
    """The different runs of three letters in a text, as tables to look titles up in, each from 1, 0 for none: letters,
    pairs by two letters, runs by a pair and a letter.
    """

    letters: Codes
    pairs: Codes
    runs: Codes
    width: int  # of the tables: letters and one
    count: int

    @classmethod
    def of(cls, text: str, alphabet: Codes) -> _Runs:
        known, letters = np.unique(_points(text), return_inverse=True)
        width = len(known) + 1
        of_letter = np.zeros(_OTHERS + 1, dtype=np.uint16)
        of_letter[alphabet[known]] = np.arange(1, width)
        of_letter[0] = 0  # what no title has
        two, pairs = np.unique((letters[:-1] + 1) * width + letters[1:] + 1, return_inverse=True)
        of_pair = np.zeros(width * width, dtype=np.uint16)
        of_pair[two] = np.arange(1, len(two) + 1)
        three = np.unique((pairs[:-1] + 1) * width + letters[2:] + 1)
        of_run = np.zeros((len(two) + 1) * width, dtype=np.uint16)
        of_run[three] = np.arange(1, len(three) + 1)
        return cls(of_letter, of_pair, of_run, width, len(three))

    def within(self, letters: Codes) -> Codes:
        """Which run begins at each letter of titles but the last two, 0 for one that is not among these."""
        at = self.letters[letters].astype(np.int64)
        pairs = self.pairs[at[:-1] * self.width + at[1:]]
        found: Codes = self.runs[pairs[:-1].astype(np.int64) * self.width + at[2:]]
        return found


def _plain(text: str) -> str:
    """Its letters and digits with a space around each run of them; a line break says where it begins: titles that begin
    as the question does match it more.
    """
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return f"\n {_GAP.sub(' ', folded)} "


def _points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
