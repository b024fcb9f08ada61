"""The address of a list, read: what it is narrowed to, and a sentence for each part that cannot be read.

An address is typed, shared and kept, so an odd part of it is left out and said, never an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.reply import Line
from bot.wording import LANGUAGES
from storage.console.conversation_list import THUMBS, Sought
from storage.records import Intent
from storage.turn_words import asked_words

NAMES = (
    *("q", "from", "to", "language", "intent", "least", "most", "thumbs"),
    *("fallback", "degraded", "handoff", "reviewed", "tag", "model", "beside"),
)
_YES = {"yes": True, "no": False}
_LONGEST = 200  # characters of a value


class _OddError(ValueError):
    """A value that cannot be read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter as it was asked for: `query` holds the values that count, as the form shows them again."""

    sought: Sought
    query: Mapping[str, str]
    problems: tuple[Line, ...] = ()

    @property
    def narrowed(self) -> bool:
        return bool(self.query)


def asked(query: Mapping[str, str], zone: ZoneInfo) -> Asked:
    """Reads an address. Dates are days of the shop's clock, the last one included."""
    sought, kept, problems = Sought(), {}, []
    for name in NAMES:
        value = query.get(name, "").strip()
        if not value:
            continue
        try:
            sought = replace(sought, **_READERS[name](value, zone))
            kept[name] = value
        except (_OddError, OverflowError, ValueError):
            shown = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
            problems.append(Line("console-filter-odd", {"name": Line(f"console-filter-{name}"), "value": shown}))
    return Asked(sought, kept, tuple(problems))


def _words(value: str, _: ZoneInfo) -> dict[str, Any]:
    words = asked_words(value) if len(value) <= _LONGEST else ()
    if not words:
        raise _OddError
    return {"words": words}


def _since(value: str, zone: ZoneInfo) -> dict[str, Any]:
    return {"since": datetime.combine(date.fromisoformat(value), time(), zone)}


def _until(value: str, zone: ZoneInfo) -> dict[str, Any]:
    return {"until": datetime.combine(date.fromisoformat(value) + timedelta(days=1), time(), zone)}


def _share(name: str) -> Callable[[str, ZoneInfo], dict[str, Any]]:
    def read(value: str, _: ZoneInfo) -> dict[str, Any]:
        percent = float(value.removesuffix("%"))
        if not 0 <= percent <= 100:
            raise _OddError
        return {name: percent / 100}

    return read


def _one_of(name: str, allowed: tuple[str, ...]) -> Callable[[str, ZoneInfo], dict[str, Any]]:
    def read(value: str, _: ZoneInfo) -> dict[str, Any]:
        if value not in allowed:
            raise _OddError
        return {name: value}

    return read


def _flag(name: str) -> Callable[[str, ZoneInfo], dict[str, Any]]:
    def read(value: str, _: ZoneInfo) -> dict[str, Any]:
        if value not in _YES:
            raise _OddError
        return {name: _YES[value]}

    return read


def _text(name: str) -> Callable[[str, ZoneInfo], dict[str, Any]]:
    def read(value: str, _: ZoneInfo) -> dict[str, Any]:
        if len(value) > _LONGEST:
            raise _OddError
        return {name: value}

    return read


def _beside(value: str, _: ZoneInfo) -> dict[str, Any]:
    number = int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0
    if number <= 0:
        raise _OddError
    return {"beside": number}


_READERS: Mapping[str, Callable[[str, ZoneInfo], dict[str, Any]]] = {
    "q": _words,
    "from": _since,
    "to": _until,
    "language": _one_of("language", tuple(LANGUAGES)),
    "intent": _one_of("intent", tuple(Intent)),
    "least": _share("least"),
    "most": _share("most"),
    "thumbs": _one_of("thumbs", THUMBS),
    "fallback": _flag("fallback"),
    "degraded": _flag("degraded"),
    "handoff": _flag("handoff"),
    "reviewed": _flag("reviewed"),
    "tag": _text("tag"),
    "model": _text("model"),
    "beside": _beside,
}
