"""Where Chinese words begin: written without blanks, they would else be tagged character by character.

The encoder learned Chinese one character a token and whole sentences at a time; that 太阳镜 is one word it may not
know. jieba's dictionary does (a directed acyclic graph of words, the likeliest path by word frequency).
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from nlu.language import has_han, is_han

NO_WORD, BEGINS, GOES_ON = 0, 1, 2
CUTS = 3


def cuts_in(folded: str) -> list[int]:
    """For each code point: whether a Chinese word begins there, goes on, or neither."""
    cuts = [NO_WORD] * len(folded)
    if has_han(folded):
        for word, start, end in _cutter().tokenize(folded, HMM=False):
            if is_han(word[0]):
                cuts[start:end] = [BEGINS, *[GOES_ON] * (end - start - 1)]
    return cuts


def is_word(text: str) -> bool:
    """Whether a text is one word of the dictionary."""
    return bool(_cutter().FREQ.get(text))


@cache
def _cutter() -> Any:
    """jieba's own tokenizer, shared by whoever cuts in this process; its dictionary is read from its text, in a second
    and into 60 MB, and cached nowhere on the disk.
    """
    import jieba

    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.dt
    with cutter.lock:
        if not cutter.initialized:
            cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
            cutter.initialized = True
    return cutter


def warm() -> None:
    """Read the dictionary now and not in a shopper's turn."""
    _cutter()
