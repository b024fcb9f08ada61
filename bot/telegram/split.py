"""Telegram HTML cut into pieces that each parse on their own.

Telegram counts code points after parsing, so tags weigh nothing and `&amp;` weighs one. A cut is made at the last
paragraph, line or word border that fits; tags open at a cut are closed before it and opened again after it. No cut
falls inside a tag, an entity or a composed character (accents, joined emoji).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_TOKEN = re.compile(r"<[^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);|.", re.DOTALL)
_NAME = re.compile(r"</?\s*([a-zA-Z-]+)")
_JOINER = "\u200d"


def plain(markup: str) -> str:
    """The text that a reader sees: tags gone, entities resolved."""
    return html.unescape("".join(token for token in _TOKEN.findall(markup) if not _is_tag(token)))


def weight(markup: str) -> int:
    """Length as Telegram counts it: code points after parsing."""
    return sum(not _is_tag(token) for token in _TOKEN.findall(markup))


def split(markup: str, limit: int = TEXT_LIMIT) -> list[str]:
    """Pieces of at most `limit` code points after parsing (limit >= 1), in order, none of them blank."""
    pieces = []
    rest = _TOKEN.findall(markup)
    opened: list[str] = []
    while rest:
        end = _border(rest, limit)
        piece = _Piece(list(opened))
        for token in rest[:end]:
            piece.add(token)
        rest, opened = rest[end:], piece.open_tags
        pieces.append(piece.closed())
    return [piece for piece in pieces if plain(piece).strip()]


def shorten(markup: str, limit: int) -> str:
    """The first piece, with an ellipsis where something was cut off."""
    if weight(markup) <= limit:
        return markup
    tokens = _TOKEN.findall(markup)
    piece = _Piece([])
    for token in tokens[: _border(tokens, limit - 1)]:
        piece.add(token)
    return piece.closed("…")


@dataclass(slots=True)
class _Piece:
    open_tags: list[str]
    body: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.body.extend(self.open_tags)

    def add(self, token: str) -> None:
        self.body.append(token)
        if not _is_tag(token):
            return
        if not token.startswith("</"):
            self.open_tags.append(token)
        elif self.open_tags:
            self.open_tags.pop()

    def closed(self, tail: str = "") -> str:
        text = "".join(self.body).rstrip()
        return text + tail + "".join(f"</{_name(tag)}>" for tag in reversed(self.open_tags))


def _border(tokens: list[str], limit: int) -> int:
    """How many tokens the next piece takes: at least one that is text, at most `limit` of them."""
    end = _fitting(tokens, limit)
    if end == len(tokens):
        return end
    for found in _borders(tokens, end):
        # A border very near the start would make a string of tiny pieces.
        if found > end // 2:
            return found
    return _whole(tokens, end)


def _borders(tokens: list[str], end: int) -> Iterator[int]:
    """The last paragraph border, then the last line border, then the last word border within the window."""
    window = tokens[:end]
    for border in ("\n\n", "\n", " "):
        for at in range(end, 0, -1):
            if "".join(window[max(at - len(border), 0) : at]) == border:
                yield at
                break


def _whole(tokens: list[str], end: int) -> int:
    """Steps back so that no composed character is cut; gives up where it would leave nothing."""
    at = end
    while at > 1 and (_joins(tokens[at]) or tokens[at - 1] == _JOINER):
        at -= 1
    return at if any(not _is_tag(token) for token in tokens[:at]) else end


def _joins(token: str) -> bool:
    if len(token) != 1:
        return False
    return (
        bool(unicodedata.combining(token)) or token == _JOINER or "\ufe00" <= token <= "\ufe0f" or "🏻" <= token <= "🏿"
    )


def _fitting(tokens: list[str], limit: int) -> int:
    used = 0
    for at, token in enumerate(tokens):
        if not _is_tag(token):
            used += 1
            if used > limit:
                return at
    return len(tokens)


def _is_tag(token: str) -> bool:
    return len(token) > 1 and token[0] == "<"


def _name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1] if found else ""
