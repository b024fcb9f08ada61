"""HTML to plain text and entities, as Telegram's servers do it (td/telegram/MessageEntity.cpp, `do_parse_html`).

Pure functions. Entity offsets and lengths are UTF-16 units; offsets in error texts are bytes of the UTF-8 input.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.errors import bad_request

Entity = dict[str, Any]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
SPACES = b" \t\r\n\0\v"


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, the unit of entity offsets."""
    return len(text) + sum(character > "\uffff" for character in text)


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end tag."""

    name: str
    argument: str
    offset: int
    begin: int


@dataclass(slots=True)
class _Parser:
    """One walk over the bytes of the input; `text` always ends in a NUL, as a C string does."""

    text: bytes
    at: int = 0
    offset: int = 0
    out: list[str] = field(default_factory=list)
    opened: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.text) - 1:
            if self.text[self.at] == ord("<"):
                self._tag()
            else:
                self._put(self._character())
        if self.opened:
            raise _cannot(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].name}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.out), self.entities

    def _put(self, character: str) -> None:
        self.out.append(character)
        self.offset += 1 + (character > "\uffff")

    def _character(self) -> str:
        """The next character, with `&lt;` and its kind decoded."""
        decoded = self._reference()
        if decoded:
            return decoded
        first = self.text[self.at]
        size = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        self.at += size
        return self.text[self.at - size : self.at].decode()

    def _reference(self) -> str:
        match = re.compile(rb"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([A-Za-z]+));?").match(self.text, self.at)
        if match is None:
            return ""
        hexadecimal, decimal, name = match.groups()
        if name is not None:
            character = NAMED.get(name, "")
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            usable = 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000 and len(match.group()) <= 10
            character = chr(code) if usable else ""
        if character:
            self.at = match.end()
        return character

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self.text[self.at] == ord("/"):
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _until(self, stop: bytes) -> bytes:
        begin = self.at
        while self.text[self.at] not in SPACES and self.text[self.at] not in stop:
            self.at += 1
        return self.text[begin : self.at]

    def _skip_spaces(self) -> None:
        while self.text[self.at] in SPACES and self.text[self.at] != 0:
            self.at += 1

    def _start_tag(self, begin: int) -> None:
        name = self._until(b">").decode().lower()
        if self.text[self.at] == 0:
            raise _cannot(f"Unclosed start tag at byte offset {begin}")
        if name not in TAGS:
            raise _cannot(f'Unsupported start tag "{name}" at byte offset {begin}')
        argument = self._attributes(name, begin)
        if name == "span" and argument != "spoiler":
            raise _cannot(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.at += 1
        self.opened.append(_Open(name, argument, self.offset, len(self.out)))

    def _attributes(self, name: str, begin: int) -> str:
        argument = ""
        while self.text[self.at] != ord(">"):
            self._skip_spaces()
            if self.text[self.at] == ord(">"):
                break
            attribute = self._until(b"=>" if name == "blockquote" else b"=").decode()
            if not attribute:
                raise _cannot(f'Empty attribute name in the tag "{name}" at byte offset {begin}')
            value = self._value(name, attribute, begin)
            if self.text[self.at] == 0:
                raise _cannot(f"Unclosed start tag at byte offset {begin}")
            argument = _argument(name, attribute, value) or argument
        return argument

    def _value(self, name: str, attribute: str, begin: int) -> str:
        self._skip_spaces()
        if self.text[self.at] != ord("="):
            if name == "blockquote" and attribute == "expandable":
                return ""
            raise _cannot(
                f'Expected equal sign in declaration of an attribute of the tag "{name}" at byte offset {begin}'
            )
        self.at += 1
        self._skip_spaces()
        if self.text[self.at] == 0:
            raise _cannot(f'Unclosed start tag "{name}" at byte offset {begin}')
        if self.text[self.at] in b"'\"":
            return self._quoted()
        match = re.compile(rb"[A-Za-z0-9.-]*").match(self.text, self.at)
        token = match.group() if match else b""
        start, self.at = self.at, self.at + len(token)
        if self.text[self.at] not in SPACES and self.text[self.at] != ord(">"):
            raise _cannot(f"Unexpected end of name token at byte offset {start}")
        return token.decode().lower()

    def _quoted(self) -> str:
        quote = self.text[self.at]
        self.at += 1
        value: list[str] = []
        while self.text[self.at] not in (quote, 0):
            value.append(self._character())
        if self.text[self.at] == quote:
            self.at += 1
        return "".join(value)

    def _end_tag(self, begin: int) -> None:
        if not self.opened:
            raise _cannot(f"Unexpected end tag at byte offset {begin}")
        self.at += 1
        found = self._until(b">").decode()
        self._skip_spaces()
        if self.text[self.at] != ord(">"):
            raise _cannot(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        tag = self.opened.pop()
        if found and found != tag.name:
            raise _cannot(f'Unmatched end tag at byte offset {begin}, expected "</{tag.name}>", found "</{found}>"')
        if self.offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _Open) -> None:
        entity: Entity = {"type": TAGS[tag.name], "offset": tag.offset, "length": self.offset - tag.offset}
        last = self.entities[-1] if self.entities else {}
        inside = (last.get("offset"), last.get("length")) == (entity["offset"], entity["length"])
        if tag.name == "pre" and inside and last["type"] == "code" and "language" in last:
            last["type"] = "pre"
            return
        if tag.name == "code" and tag.argument:
            entity["language"] = tag.argument
        if tag.name == "tg-emoji":
            entity["custom_emoji_id"] = tag.argument
        if tag.name == "blockquote" and tag.argument:
            entity["type"] = "expandable_blockquote"
        if tag.name == "a":
            link = _checked_link(tag.argument or "".join(self.out[tag.begin :]))
            if not link:
                return
            entity["url"] = link
        self.entities.append(entity)


def _argument(tag: str, attribute: str, value: str) -> str:
    if (tag, attribute) in {("a", "href"), ("tg-emoji", "emoji-id")}:
        return value
    if (tag, attribute) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, attribute) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "1" if (tag, attribute) == ("blockquote", "expandable") else ""


def _checked_link(link: str) -> str:
    """The link as Telegram would keep it, "" where it drops the entity."""
    if re.match(r"(?:https?|tg|ton|tonsite)://[^\s/?#]", link, re.IGNORECASE):
        host = re.match(r"https?://[^/?#]+$", link, re.IGNORECASE)
        return link + "/" if host else link
    if re.match(r"[\w-]+(?:\.[\w-]+)+(?:[/?#:]|$)", link):
        return "http://" + link + ("" if "/" in link else "/")
    return ""


def _cannot(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def parse_html(text: str) -> tuple[str, list[Entity]]:
    """Plain text and entities of an HTML text; raises ApiError 400 with Telegram's text for broken HTML."""
    found, entities = _Parser(text.encode("utf-8", "replace") + b"\0").parse()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return found, entities
