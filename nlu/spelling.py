"""Slips of the keyboard in the words that cue phrases are made of: "empey the basket" is read as "empty the basket".

Only for reading intents, where positions do not matter; slots are found in what was really written. The known
words are those of the English phrase table and of the vocabulary, so that no list of English is needed; a word is
corrected only when it is unknown and one slip away (nlu/lexicon.py) from a known one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from functools import cache
from pathlib import Path

from nlu.lexicon import one_slip, shorter

_PHRASES = Path(__file__).parent / "phrases"
_SHORTEST = 5
_WORD = re.compile(r"(?<![a-z0-9'])[a-z]{4,}(?![a-z0-9'])")


def corrected(clause: str, known: Collection[str]) -> str:
    """The clause with unknown words replaced by the cue word they miss by one slip; `known` words are left alone."""
    return _WORD.sub(lambda found: found[0] if found[0] in known else _nearest(found[0]), clause)


def is_cue_word(word: str) -> bool:
    """Whether a word belongs to the phrase table: it then says what is asked, and names no thing."""
    return word in _cue_words()[0]


def _nearest(word: str) -> str:
    words, deletions = _cue_words()
    if word in words:
        return word
    if len(word) < _SHORTEST:
        return next((near for near in _swapped(word) if near in words), word)
    for spelling in shorter(word):
        for near in deletions.get(spelling, ()):
            if near[0] == word[0] and one_slip(near, word):
                return near
    return word


def _swapped(word: str) -> list[str]:
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


@cache
def _cue_words() -> tuple[frozenset[str], dict[str, list[str]]]:
    """The plain words of the phrase table, and the long ones under each of their shorter spellings."""
    table = (_PHRASES / "en.tsv").read_text(encoding="utf-8")
    patterns = "\n".join(row.split("\t")[-1] for row in table.splitlines()[1:])
    patterns = re.sub(r"([a-z]{2,})([a-z])\?", r"\1 \1\2 ", patterns)
    words = frozenset(re.findall(r"(?<![a-z\\\[])[a-z]{3,}(?![a-z?*+(\]])", patterns))
    words |= frozenset((_PHRASES / "ordinary.txt").read_text(encoding="utf-8").split())
    deletions: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        if len(word) >= _SHORTEST:
            for spelling in shorter(word):
                deletions[spelling].append(word)
    return words, dict(deletions)
