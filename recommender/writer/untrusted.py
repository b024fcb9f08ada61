"""Catalogue text as a fact: bounded, on one line, and nothing in it that a name or a column has no business saying.

Whatever passes here may be repeated by a writer word for word, so a title that promises, praises itself, links
somewhere or gives orders does not pass. The measure is strict; what is left out costs a sentence its name, no more.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "words"
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def fit(text: str, limit: int) -> str:
    """The text on one line, or "" where it is empty, longer than `limit` code points, or unsafe to repeat."""
    line = " ".join(text.split())
    if not line or len(line) > limit or has_invisible(line):
        return ""
    return "" if _unsafe().search(unicodedata.normalize("NFKC", line)) else line


def bounded(text: str, limit: int) -> str:
    """Any text as quoted data: one line, nothing invisible, cut to `limit` code points."""
    visible = "".join(letter for letter in text if letter.isspace() or unicodedata.category(letter) not in _INVISIBLE)
    return " ".join(visible.split())[:limit]


def has_invisible(text: str) -> bool:
    """Whether a text holds controls, direction marks, private or unassigned characters."""
    return any(unicodedata.category(letter) in _INVISIBLE for letter in text)


def data_lines(name: str) -> list[str]:
    """The lines of a word list beside this file, without comments and empty ones."""
    lines = (WORDS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


@cache
def _unsafe() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in data_lines("unsafe.txt")), re.IGNORECASE)
