"""A table in letters of one width, for chats whose server knows no real one. Fits a phone; Chinese counts double."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from unicodedata import combining, east_asian_width

PHONE = 34  # letters of a fixed width that a narrow phone shows in a line
_GAP = 1
_FIRST = 9  # for the names of the rows, at most


def text_table(cells: Sequence[Sequence[str]], width: int = PHONE) -> str:
    """The rows as lines; what is too long for its column goes on in the next line. Empty for no cells."""
    if not cells or not cells[0]:
        return ""
    columns = len(cells[0])
    first = min(max(map(width_of, (row[0] for row in cells))), _FIRST)
    room = width - first - _GAP * (columns - 1)
    widths = [first, *[max(room // max(columns - 1, 1), 4)] * (columns - 1)]
    widths = [min(most, max(width_of(row[at]) for row in cells)) if at else most for at, most in enumerate(widths)]
    return "\n".join(line for row in cells for line in _lines(row, widths))


def width_of(text: str) -> int:
    """How many columns a text takes in letters of one width."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> int:
    if combining(letter) or letter in "\u200d\ufe0f":
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


def _lines(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    wrapped = [_wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
    return [
        (" " * _GAP).join(_padded(part, width) for part, width in zip(parts, widths, strict=True)).rstrip()
        for parts in zip_longest(*wrapped, fillvalue="")
    ]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - width_of(text))


def _wrapped(text: str, width: int) -> list[str]:
    """At spaces where there are some; a longer word is cut."""
    lines = [""]
    for word in text.split():
        glued = f"{lines[-1]} {word}".strip()
        if width_of(glued) <= width:
            lines[-1] = glued
            continue
        lines += [""] if lines[-1] else []
        for letter in word:
            if width_of(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return lines
