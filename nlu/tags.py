"""Slot spans as one tag for each token, and back: the BIO scheme shared by training and serving.

Negation is not a tag but a number beside it, so that "not leather" and "leather" share what is learned about
leather.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from storage.records import SlotName

TAGS: tuple[str, ...] = ("O", *(f"{mark}-{name}" for name in SlotName for mark in "BI"))
_NEVER = -1e4
_NUMBER = {tag: number for number, tag in enumerate(TAGS)}
Offsets = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of a text: code points, end exclusive."""

    name: SlotName
    start: int
    end: int
    negated: bool = False


def tags_of(spans: Sequence[Span], offsets: Offsets) -> tuple[list[int], list[bool]]:
    """Tag number and negation of each token; tokens outside every span get O. Of overlapping spans the first
    holds."""
    tags, negated = [0] * len(offsets), [False] * len(offsets)
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        inside = [at for at, (start, end) in enumerate(offsets) if start < span.end and end > span.start]
        if any(tags[at] for at in inside):
            continue
        for at in inside:
            tags[at] = _NUMBER[f"{'B' if at == inside[0] else 'I'}-{span.name}"]
            negated[at] = span.negated
    return tags, negated


HINTS = 2 * len(TAGS)
"""How many hints there are: every tag, and every tag of something refused."""


def hints_of(spans: Sequence[Span], offsets: Offsets) -> list[int]:
    """Spans noticed by rules as one number for each token: the tag, moved up where the span is negated."""
    tags, negated = tags_of(spans, offsets)
    return [tag + len(TAGS) if refused else tag for tag, refused in zip(tags, negated, strict=True)]


def spans_of(tags: Sequence[int], negated: Sequence[float], offsets: Offsets, text: str) -> list[Span]:
    """Spans of a tagged text. `negated`: probability for each token; a span takes the mean of its tokens.

    A word whose pieces were tagged apart is taken whole; an I that continues nothing begins a span.
    """
    found: list[tuple[SlotName, int, int, list[float]]] = []
    before = "O"
    for number, probability, (start, end) in zip(tags, negated, offsets, strict=True):
        tag = TAGS[number]
        name = tag[2:]
        joined = bool(found) and start == found[-1][2] and _inside_word(text, start)
        if tag != "O" and ((tag[0] == "B" and not joined) or before[2:] != name):
            found.append((SlotName(name), start, end, [probability]))
        elif tag != "O":
            last = found[-1]
            found[-1] = (last[0], last[1], end, [*last[3], probability])
        before = tag
    whole = (Span(n, *_to_words(text, s, e), negated=sum(p) / len(p) > 0.5) for n, s, e, p in found)
    return _apart([span for span in whole if text[span.start : span.end].strip()])


def _inside_word(text: str, at: int) -> bool:
    """Whether a cut here would fall between two Latin letters or digits."""
    return 0 < at < len(text) and _wordy(text[at - 1]) and _wordy(text[at])


def _wordy(letter: str) -> bool:
    return letter.isalnum() and letter < "\u2e80"


def _to_words(text: str, start: int, end: int) -> tuple[int, int]:
    while _inside_word(text, start) and text[start].isalpha() and text[start - 1].isalpha():
        start -= 1
    while _inside_word(text, end) and text[end].isalpha() and text[end - 1].isalpha():
        end += 1
    return start, end


def _apart(spans: list[Span]) -> list[Span]:
    """Drop a span that reaches into the one before it."""
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


@cache
def forbidden() -> NDArray[np.float32]:
    """Score of each tag (column) after each other (row), but for what is learned: an I may only follow a B or I of its
    own slot.
    """
    cost = np.zeros((len(TAGS), len(TAGS)), dtype=np.float32)
    for before, left in enumerate(TAGS):
        for after, right in enumerate(TAGS):
            if right[0] == "I" and (left == "O" or left[2:] != right[2:]):
                cost[before, after] = _NEVER
    return cost


def best_tags(scores: NDArray[np.float32], follows: NDArray[np.float32] | None = None) -> list[int]:
    """The likeliest lawful sequence of tags for scores (tokens, tags): Viterbi 1967. `follows`: learned scores of one
    tag after another (tags, tags).
    """
    if not len(scores):
        return []
    cost = forbidden() if follows is None else forbidden() + follows
    into = np.ascontiguousarray(cost.T)  # row by row is how the processor reads
    best = scores[0] + forbidden()[0]
    through = np.empty_like(into)
    back: list[list[int]] = []
    for row in scores[1:]:
        np.add(into, best, out=through)
        back.append(through.argmax(1).tolist())
        best = np.maximum.reduce(through, axis=1) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(pointers[path[-1]])
    return path[::-1]
