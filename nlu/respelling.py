"""A message without its slips: "headfones" is written as "headphones" and "frist" as "first", to be read again.

A word is touched only where it is unknown: no word of the shop or of its products' texts, of the phrase table, that the
base encoder knows whole, as it does the words of ordinary English, or of a list of rarer ones. It becomes the word of
the shop that sounds the same, else the one that it misses by one slip (nlu/lexicon.py), else such a word of the phrase
table (nlu/spelling.py). Chinese is left as it is, and so are names.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from nlu.base import base_words
from nlu.fold import fold
from nlu.lexicon import Lexicon
from nlu.spelling import corrected, is_cue_word

_PHRASES = Path(__file__).parent / "phrases"
_WORD = re.compile(r"(?<![\w'’@./-])[a-z]{4,}(?![\w'’@-]|\.\w)", re.IGNORECASE)
_ADDS = re.compile(r"\bad\b(?= (?:it|this|that|them|these|those|the|one|two|both|[1-9])\b)", re.IGNORECASE)
_CONTRACTED = re.compile(
    r"(?:do|does|did|is|are|was|were|wo|ca|could|should|would|have|has|had)nt|(?:that|what|he|she|it|let)s"
)
_COMPARED = re.compile(r"(?:er|est)$")
_ENDED = re.compile(r"(?:s|es|ed|d|ing|ly|y)$")


def respelled(text: str, lexicon: Lexicon, known: Collection[str] = ()) -> str:
    """The text with its misspelt words put right; `known` words, in small letters, are left. Never raises."""

    def right(found: re.Match[str]) -> str:
        kept = _a_name(found) or found[0].lower() in known
        return found[0] if kept else _right(found[0], lexicon)

    return _WORD.sub(right, _ADDS.sub("add", text))


def words_in(text: str) -> list[str]:
    """The words that may be misspelt, in small letters."""
    return [found[0].lower() for found in _WORD.finditer(text)]


def _a_name(found: re.Match[str]) -> bool:
    return found[0].istitle() and found.start() > 0


def _right(written: str, lexicon: Lexicon) -> str:
    word = fold(written)
    if word in lexicon.words or is_cue_word(word) or _CONTRACTED.fullmatch(word) or _ordinary(word):
        return written
    if alike := lexicon.sounding(word):
        return alike
    if (stem := _ENDED.sub("", word)) != word and stem in _whole_words():
        return written
    right = lexicon.spelled(word) or corrected(word, lexicon.words)
    return written if right == word else right


def _ordinary(word: str) -> bool:
    """Whether it is a word of ordinary English, or compares one: "sweeter" is no sweater."""
    stem = _COMPARED.sub("", word)
    return word in _whole_words() or (stem != word and not {stem, f"{stem}e"}.isdisjoint(_whole_words()))


@cache
def _whole_words() -> frozenset[str]:
    """The words that the base encoder need not cut, and rarer ones that are no slips."""
    rare = (_PHRASES / "rare.txt").read_text(encoding="utf-8").split()
    return base_words().union(rare)
