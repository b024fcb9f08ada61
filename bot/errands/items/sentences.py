"""The sentence of a description that answers a question, word for word; none where none speaks of what was asked. Pure.

Three witnesses: the words by which a known aspect is spoken of (aspects.tsv), words that question and sentence share,
and the likeness of the two in the encoder's eyes. None guesses: a sentence that only sounds alike is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_letters

from bot.errands.items.aspects import Aspect
from storage.segment import Segmenter

_END = re.compile(r"(?<=[.!?])\s+(?=[^a-z])|(?<=[。！？])\s*|\n+")
_NUMBERED = re.compile(r"\bNo\.$")
LIKE_ENOUGH = 0.52
"""A likeness (cosine) from which a sentence answers without a word in common."""
_SHARED_LIKENESS = 0.2  # with a telling word in common


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence by its place, and its words that speak of what was asked."""

    place: int
    marks: tuple[str, ...]


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a text, in order."""
    found: list[str] = []
    for piece in filter(None, (part.strip() for part in _END.split(text))):
        if found and _NUMBERED.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return tuple(found)


def by_aspect(aspects: Sequence[Aspect], sentences: Sequence[str]) -> Found | None:
    """The sentence in which most of what was asked is spoken of; the earlier of equals."""
    best: Found | None = None
    for place, sentence in enumerate(sentences):
        marks = tuple(match[0] for aspect in aspects for match in aspect.evidence.finditer(sentence))
        if marks and (best is None or len(set(marks)) > len(set(best.marks))):
            best = Found(place, marks)
    return best


def by_words(
    question: str,
    sentences: Sequence[str],
    told: str,
    segment: Segmenter,
    likeness: Sequence[float] | None = None,
    *,
    alone: bool = True,
) -> Found | None:
    """The sentence that shares telling words with the question, or (`alone`) is like it without any. `told` are the
    item's title and kind, whose words say nothing here.
    """
    asked = _telling(question, segment) - _telling(told, segment)
    best, strength = None, 0.0
    for place, sentence in enumerate(sentences):
        shared = asked & set(segment.tokens(sentence))
        like = likeness[place] if likeness is not None else 0.0
        # A single Chinese character is half a word.
        words = sum(1.0 if len(word) > 1 else 0.5 for word in shared)
        enough = (alone and like >= LIKE_ENOUGH) or (words >= 1 and (likeness is None or like >= _SHARED_LIKENESS))
        if enough and words + like > strength:
            best, strength = Found(place, tuple(_as_written(shared, sentence))), words + like
    return best


@cache
def _says_nothing() -> frozenset[str]:
    """Words of questions that a sentence may share with any."""
    return frozenset((Path(__file__).parent / "says_nothing.txt").read_text(encoding="utf-8").split())


def _telling(text: str, segment: Segmenter) -> set[str]:
    return {word for word in segment.tokens(text) if word not in _says_nothing()} - set(ascii_letters)


def _as_written(shared: set[str], sentence: str) -> list[str]:
    """The shared words as the sentence has them: "screws" for screw."""
    found = []
    for word in shared:
        if match := re.search(rf"{re.escape(word)}(?:[a-z]{{0,3}}\b)?", sentence, re.IGNORECASE):
            found.append(match[0])
    return found
