"""Folding that keeps positions: what is found in the folded text is at the same place in the original.

Matching wants one form of every letter (half-width, lower case, no accents, simplified Chinese, plain quotes), while a
slot must name its span in the shopper's own words. So each code point folds to exactly one code point; what
would grow or vanish stays as it is.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import opencc

_QUOTES, _DASHES, _OTHERS = "‘’‛´`“”„「」", "‐‑‒–—―−", "～〜。￥\u00a0\u3000"
_PLAIN = str.maketrans(_QUOTES + _DASHES + _OTHERS, "'''''" + 5 * '"' + "-" * len(_DASHES) + "~~.¥  ")


class _Folded(dict[int, int]):
    """The folding table, filled as characters are met (str.translate asks `__missing__`)."""

    def __init__(self) -> None:
        super().__init__(_PLAIN)
        self._simplified = opencc.OpenCC("t2s")

    def __missing__(self, code: int) -> int:
        folded = code
        for _ in range(_STEPS):
            folded = _PLAIN.get(step := self._fold(chr(folded)), step)
        if len(self) < _TABLE_LIMIT:
            self[code] = folded
        return folded

    def _fold(self, letter: str) -> int:
        plain = _one(unicodedata.normalize("NFKC", letter), letter)
        if "\u3400" <= chr(plain) <= "\u9fff":
            return _one(self._simplified.convert(chr(plain)), chr(plain))
        lower = _one(chr(plain).casefold(), chr(plain))
        base, *marks = list(unicodedata.normalize("NFD", chr(lower)))
        if marks and base.isascii() and all(unicodedata.combining(mark) for mark in marks):
            return ord(base)
        return lower


def _one(folded: str, letter: str) -> int:
    return ord(folded) if len(folded) == 1 else ord(letter)


_STEPS = 3  # the parts of folding feed each other: a compatibility form of a traditional character
_TABLE_LIMIT = 20_000  # a hostile text of rare characters must not grow the table for ever
_TABLE = _Folded()


@lru_cache(maxsize=16)
def fold(text: str) -> str:
    """The folded text, with as many code points as `text`. Never raises; folding twice changes nothing more.

    The last few are kept: every reader of a message folds it for itself.
    """
    return text.translate(_TABLE)


def simplified(text: str) -> str:
    """The text in simplified characters, each at its place; all else stays as it was written."""
    return "".join(chr(_TABLE[ord(letter)]) if "\u3400" <= letter <= "\u9fff" else letter for letter in text)
