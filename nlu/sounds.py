"""How an English word sounds, roughly, as a key that words share which sound alike: "headfones" and "headphones"."""

from __future__ import annotations

import re
from functools import cache

_SOUNDS = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"tch"), "ch"),
    (re.compile(r"ck|c(?=[^eihy]|$)|qu?"), "k"),
    (re.compile(r"c(?=[eiy])|z"), "s"),
    (re.compile(r"(?:ie|ey|y)$"), "y"),
    (re.compile(r"[ei]a|e[aiey]|ie(?!s$)"), "e"),
    (re.compile(r"oo|ou|ow"), "o"),
    (re.compile(r"([a-z])\1+"), r"\1"),
    (re.compile(r"(?<=.)e$"), ""),
)


@cache
def sound_of(word: str) -> str:
    """The key of a word in small letters."""
    for letters, sound in _SOUNDS:
        word = letters.sub(sound, word)
    return word
