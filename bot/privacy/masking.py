"""Personal data taken out of a text: masked for reading, replaced before anything leaves for training."""

from __future__ import annotations

from collections.abc import Sequence

from bot.privacy.finding import find_personal
from bot.privacy.kinds import Found
from bot.privacy.plain import MASK

Span = tuple[int, int]


def masked(text: str) -> str:
    """The text with every personal sign a •, blanks kept; the same length, so that spans stay true."""
    signs = list(text)
    for found in find_personal(text):
        for at in range(found.start, found.end):
            if not signs[at].isspace():
                signs[at] = MASK
    return "".join(signs)


def redacted(text: str, spans: Sequence[Span] = ()) -> tuple[str, tuple[Span, ...]]:
    """The text with placeholders (`<phone>`) for what is personal, and the spans (code points) moved with it.

    A span that reaches into something personal comes to hold its whole placeholder.
    """
    at = tuple(spans)
    # What a placeholder shortens can bring two things near enough to be seen as one: until nothing is found.
    while found := find_personal(text):
        text, at = _replaced(text, found, at)
    return text, at


def _replaced(text: str, found: Sequence[Found], spans: tuple[Span, ...]) -> tuple[str, tuple[Span, ...]]:
    pieces, at = [], 0
    for each in found:
        pieces += [text[at : each.start], f"<{each.kind}>"]
        at = each.end
    moved = tuple((_moved(start, found, ends=False), _moved(end, found, ends=True)) for start, end in spans)
    return "".join([*pieces, text[at:]]), moved


def _moved(place: int, found: Sequence[Found], *, ends: bool) -> int:
    """Where a span's start or end comes to lie: at the border of a placeholder whose text it was in."""
    shift = 0
    for each in found:
        if place <= each.start:
            break
        longer = len(each.kind) + 2 - (each.end - each.start)
        if place < each.end:
            return each.start + shift + (len(each.kind) + 2 if ends else 0)
        shift += longer
    return place + shift
