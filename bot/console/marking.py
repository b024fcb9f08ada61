"""A text cut into pieces to be marked: what was looked for, what the model found in it. Pure.

Spans count code points of the original, end excluded. Masked texts are of the same length, so spans hold for them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from storage.records import Slot, SlotName

Span = tuple[int, int]
_BEFORE, _WIDTH = 60, 220  # characters of an excerpt: before its first mark, and altogether


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text under the same marks. `slot` is the name of the kind, "" where the model found nothing."""

    text: str
    slot: SlotName | str = ""
    negated: bool = False
    hit: bool = False


def pieces(text: str, slots: Sequence[Slot] = (), hits: Sequence[Span] = ()) -> tuple[Piece, ...]:
    """The whole text in pieces; of slots that overlap the earlier one counts. Spans outside of it are cut off."""
    edges = {0, len(text)}
    for start, end in (*((slot.start, slot.end) for slot in slots), *hits):
        edges |= {min(max(start, 0), len(text)), min(max(end, 0), len(text))}
    cuts = sorted(edges)
    return tuple(_piece(text, start, end, slots, hits) for start, end in pairwise(cuts) if start < end)


def excerpt(text: str, hits: Sequence[Span] = ()) -> tuple[Piece, ...]:
    """A long text around its first hit, or its beginning."""
    start = max(0, hits[0][0] - _BEFORE) if hits and hits[0][1] > _WIDTH else 0
    end = min(len(text), start + _WIDTH)
    moved = [(left - start, right - start) for left, right in hits]
    found = pieces(text[start:end], hits=moved)
    before = (Piece("…"),) if start else ()
    after = (Piece("…"),) if end < len(text) else ()
    return (*before, *found, *after)


def _piece(text: str, start: int, end: int, slots: Sequence[Slot], hits: Sequence[Span]) -> Piece:
    slot = next((one for one in slots if one.start <= start and end <= one.end), None)
    hit = any(left <= start and end <= right for left, right in hits)
    return Piece(text[start:end], slot.name if slot else "", slot.negated if slot else False, hit)
