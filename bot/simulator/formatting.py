"""What a message keeps of the text it was sent: parsed, trimmed, measured, with links and commands found in it.

The limits of a message (4096) and a caption (1024) count code points of the parsed text; entities are UTF-16 units.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.simulator.entities import Entity, parse_html, utf16_length
from bot.simulator.errors import bad_request

MAX_TEXT_BYTES = 32768

_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")
_URL = re.compile(r"https?://[^\s<>\"'，。！？、（）]+[^\s<>\"'，。！？、（）.,!?:;)]", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")
_HASHTAG = re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")
_DETECTED = (("url", _URL), ("bot_command", _COMMAND), ("mention", _MENTION), ("hashtag", _HASHTAG))


def trim(text: str, entities: Sequence[Entity]) -> tuple[str, list[Entity]]:
    """Drops white space around the text and moves the entities along."""
    bare = text.lstrip()
    shift = utf16_length(text) - utf16_length(bare)
    bare = bare.rstrip()
    end = utf16_length(bare)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        stop = min(entity["offset"] + entity["length"] - shift, end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return bare, kept


def detect(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Adds what clients see without markup: links, commands, mentions, hashtags; never inside code or links."""
    closed = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in {"code", "pre", "text_link"}
    ]
    found = list(entities)
    for kind, pattern in _DETECTED:
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            stop = start + utf16_length(match.group())
            if all(stop <= left or start >= right for left, right in closed):
                found.append({"type": kind, "offset": start, "length": stop - start})
                closed.append((start, stop))
    return sorted(found, key=lambda entity: (entity["offset"], -entity["length"]))


def formatted(
    text: str, parse_mode: str, entities: Sequence[Entity], *, limit: int, empty: str, too_long: str
) -> tuple[str, list[Entity]]:
    """What a message keeps of the text it was sent: parsed, trimmed, measured in code points.

    `empty` is the reason given for a text with nothing in it; "" lets it pass (captions).
    """
    if len(text.encode("utf-8", "replace")) > MAX_TEXT_BYTES:
        raise bad_request(too_long)
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, entities = parse_html(text)
    text, kept = trim(text.replace("\r\n", "\n"), entities)
    if not text and empty:
        raise bad_request(empty)
    if len(text) > limit:
        raise bad_request(too_long)
    return text, detect(text, kept)
