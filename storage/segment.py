"""Words for full-text search, the same for what is indexed and for what is asked.

SQLite's tokenizers find no Chinese word inside a sentence, and its trigrams none of two characters. So both
sides are segmented here, and FTS5 only splits at spaces. Chinese runs are cut by jieba for search: a long word
also yields the shorter words in it, so that 耳机 finds 蓝牙耳机. The shop's own words are found beside jieba's
cut and never change it: what was indexed before a word was known is still found by its pieces. English words
lose a plural ending (Harman's S-stemmer, "How effective is suffixing?", JASIS 42(1), 1991, table 1). Numbers and
their units come in one spelling (storage/quantities.py).
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from storage.quantities import quantities, spaced_fractions
from storage.terms import base_vocabulary
from storage.text import CHINESE, fold, has_chinese

VERSION = 2  # raised when the same text comes to yield other words: the index is then written anew

# A run of Chinese, or letters and digits of other scripts with inner hyphens, apostrophes and points.
_RUN = re.compile(
    f"([{CHINESE}]+)|([^\\W_{CHINESE}]+(?:[-'’.][^\\W_{CHINESE}]+)*)",
)
_INNER = re.compile(r"[-'’.]")
_LONGEST = 40  # characters of one word; longer runs are noise

_STOP_WORDS = frozenset((Path(__file__).parent / "stop_words.txt").read_text(encoding="utf-8").split())


class _Cutter(Protocol):
    def cut_for_search(self, sentence: str, HMM: bool = True) -> Iterator[str]: ...  # noqa: N803


class Segmenter:
    """Cuts text into search words. `words` are those of the shop (brands, categories), of any script.

    Adding words only adds tokens where they occur; see the module's note on what that keeps true.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words: set[str] = set()
        self._lengths: tuple[int, ...] = ()
        self.add(words)

    def add(self, words: Iterable[str]) -> None:
        """Keep these Chinese words whole too; words of other scripts need no adding."""
        self._keep(_whole(words))

    @classmethod
    def of_base(cls) -> Segmenter:
        """One that knows the base vocabulary; its words are folded once a process."""
        segmenter = cls()
        segmenter._keep(_base())
        return segmenter

    def _keep(self, words: frozenset[str]) -> None:
        self._words |= words
        self._lengths = tuple(sorted({len(word) for word in self._words}))

    def tokens(self, text: str) -> list[str]:
        """The words of a text in order, without stop words. Each holds letters and digits only."""
        folded = fold(spaced_fractions(text)).replace("\N{FRACTION SLASH}", "/")
        found: list[str] = []
        at = 0
        for quantity in quantities(folded):
            found.extend(self._uncounted(folded[at : quantity.start]))
            found.extend(quantity.words)
            at = quantity.end
        found.extend(self._uncounted(folded[at:]))
        return found

    def __call__(self, text: str) -> str:
        return " ".join(self.tokens(text))

    def _uncounted(self, text: str) -> Iterator[str]:
        """The words of a folded text without quantities."""
        for match in _RUN.finditer(text):
            chinese, other = match.groups()
            yield from self._chinese(chinese) if chinese else _western(_plain(other))

    def _chinese(self, run: str) -> Iterator[str]:
        cut = [word for word in _cutter().cut_for_search(run, HMM=False)]
        cut = [word for word in cut if word not in _STOP_WORDS and word.isalnum()]
        yield from cut
        have = set(cut)
        for length in self._lengths:
            for start in range(len(run) - length + 1):
                word = run[start : start + length]
                if word in self._words and word not in have:
                    have.add(word)
                    yield word


def base_words() -> Iterator[str]:
    """The Chinese words of the base vocabulary."""
    return (word for term in base_vocabulary().terms for word in term.zh)


@cache
def _base() -> frozenset[str]:
    return _whole(base_words())


def _whole(words: Iterable[str]) -> frozenset[str]:
    """The Chinese among the words, folded, of a length that is kept whole."""
    known = (fold(word) for word in words if has_chinese(word))
    return frozenset(word for word in known if 1 < len(word) <= _LONGEST)


def _western(run: str) -> Iterator[str]:
    """The parts of a compound and the compound itself: t-shirt gives shirt and tshirt."""
    parts = _INNER.split(run)
    if len(parts) > 1:
        whole = "".join(parts)
        if len(whole) <= _LONGEST and not _is_possessive(parts):
            yield _singular(whole)
    for part in parts:
        if part not in _STOP_WORDS and len(part) <= _LONGEST:
            yield _singular(part)


def _plain(run: str) -> str:
    """Letters without their accents: crème is found by creme."""
    if run.isascii():
        return run
    bare = (c for c in unicodedata.normalize("NFD", run) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(bare))


def _is_possessive(parts: list[str]) -> bool:
    return len(parts) == 2 and parts[1] == "s"


def _singular(word: str) -> str:
    if len(word) < 4 or not word.isascii() or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return word if word.endswith(("eies", "aies")) else word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word if word.endswith(("us", "ss")) else word[:-1]


@cache
def _cutter() -> _Cutter:
    """jieba's own tokenizer, shared by whoever cuts in this process: 60 MB and a second of a processor, once.

    The dictionary is read from its text and cached nowhere on the disk: jieba's compiled form loads no quicker, and
    lies where others may write.
    """
    import jieba

    jieba.setLogLevel(logging.WARNING)
    cutter: Any = jieba.dt
    with cutter.lock:
        if not cutter.initialized:
            cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
            cutter.initialized = True
    found: _Cutter = cutter
    return found
