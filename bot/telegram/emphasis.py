"""A line as Telegram HTML: titles stand out, the shop's own words are quoted, and the word asked about is marked."""

from __future__ import annotations

import re
from html import escape

from bot.plain import clean
from bot.reply import Line
from bot.wording import Wording
from storage.records import Language

_TITLES = frozenset({"item-title"})
_QUOTES = frozenset({"item-quote"})


def html_of(line: Line, wording: Wording, language: Language) -> str:
    """The line escaped, with its emphasis. A quote's fact `marks` are the words to mark in it."""
    said = wording.say(line, language)
    if line.code in _TITLES:
        return f"<b>{escape(said, quote=False)}</b>"
    if line.code in _QUOTES:
        return f"<blockquote>{_marked(said, line.facts.get('marks', ()))}</blockquote>"
    return escape(said, quote=False)


def _marked(text: str, marks: tuple[str, ...]) -> str:
    words = sorted({clean(mark) for mark in marks if mark.strip()}, key=len, reverse=True)
    if not words:
        return escape(text, quote=False)
    pieces = re.split(f"({'|'.join(map(re.escape, words))})", text, flags=re.IGNORECASE)
    return "".join(
        f"<b>{escape(piece, quote=False)}</b>" if at % 2 else escape(piece, quote=False)
        for at, piece in enumerate(pieces)
    )
