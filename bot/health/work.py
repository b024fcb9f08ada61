"""The work on one update: what its log lines are marked with, and the one line that tells how it ended.

    with Work(update, raw).under_way() as work:
        ...                             # whatever is logged meanwhile, in worker threads too, names the update
        work.finished("answered")

No line holds what a shopper said or is called, nor a chat's number: in its place stands a hash under the data
folder's key, the same for the same shopper, so that one talk can be followed through the log.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.health import figures
from storage.records import Update
from storage.visitors import VisitorKey, VisitorKeyError

_log = logging.getLogger("bot.updates")
_current: ContextVar[Work | None] = ContextVar("work", default=None)

_KINDS = frozenset(
    {
        "message",
        "edited_message",
        "callback_query",
        "inline_query",
        "chosen_inline_result",
        "pre_checkout_query",
        "shipping_query",
        "my_chat_member",
        "chat_member",
        "stopped_message_generation",
        "message_reaction",
    }
)
# What people write and are called, wherever it stands in an update.
_SAID = frozenset({"text", "caption", "query", "data", "first_name", "last_name", "username", "title", "phone_number"})
_SHORTEST = 4  # what is shorter hides nobody, and is part of other words; Chinese says more with less
_SHORTEST_HAN = 2
_HAN = re.compile("[\u3400-\u9fff]")
_FINISHED = "Update finished"
_FIRST_NUMBER = 10_000  # of Telegram's chats; smaller ones are counts, codes and times in a line


class _Names:
    """Shoppers by keyed hashes; a key of this process's own until the data folder's is known."""

    def __init__(self) -> None:
        self._hide = VisitorKey(secrets.token_bytes(32))

    def use(self, folder: Path) -> None:
        try:
            self._hide = VisitorKey.of(folder)
        except (VisitorKeyError, OSError) as error:
            _log.warning("Shoppers are named in the log by a key of this run alone: %s", error)

    def __call__(self, user_id: int) -> str:
        return self._hide(f"telegram {user_id}")[:10]


shopper_name = _Names()
"""`shopper_name(user_id)`: ten hexadecimal digits for the log; `shopper_name.use(folder)` takes the folder's key."""


class Work:
    """One update under way. `raw` is the update as Telegram sent it."""

    def __init__(self, update: Update, raw: Mapping[str, Any]) -> None:
        self._update, self._raw = update, raw
        self.kind = kind_of(raw)
        self.turn_id: int | None = None
        self.facts: dict[str, Any] = {}

    @contextmanager
    def under_way(self) -> Iterator[Work]:
        """Until its end, `current()` is this one, in this task, its children and the calls to workers."""
        token = _current.set(self)
        try:
            yield self
        finally:
            _current.reset(token)

    @cached_property
    def marks(self) -> dict[str, Any]:
        """What the lines of this work carry, beside the turn."""
        return {"update": self._update.update_id, "shopper": shopper_name(self._update.user_id)}

    def finished(self, outcome: str) -> None:
        """Counts the update and logs its one line. `outcome` as the inbox keeps it."""
        seconds = max(0.0, (datetime.now(UTC) - self._update.received_at).total_seconds())
        short = outcome.partition(":")[0]
        figures.UPDATES.labels(type=self.kind, outcome=short).inc()
        figures.UPDATE_SECONDS.observe(seconds)
        facts = {"type": self.kind, "outcome": outcome, "ms": round(seconds * 1000), **self.facts}
        with self.under_way():
            _log.info(_FINISHED, extra=facts)

    def hidden(self, line: str) -> str:
        """A line of the log without what this update's shopper said, is called or is numbered by."""
        if line == _FINISHED:
            return line
        for words in self._private:
            line = line.replace(words, "<words>")
        number = self._update.user_id
        # Looked for first: to compile what replaces it costs more than all else that a line takes.
        if abs(number) < _FIRST_NUMBER or str(abs(number)) not in line:
            return line
        return re.sub(rf"(?<![\d.]){number}(?!\d)", self.marks["shopper"], line)

    @cached_property
    def _private(self) -> tuple[str, ...]:
        said = {each for text in _strings(self._raw) for each in (text, repr(text)[1:-1], *text.splitlines())}
        return tuple(sorted((text for text in said if _tells(text)), key=len, reverse=True))


def current() -> Work | None:
    """The work that this task or thread is about."""
    return _current.get()


def note(**facts: Any) -> None:
    """Adds to the line that will tell of the work's end; nothing happens outside of any work."""
    if work := _current.get():
        work.facts.update(facts)


def note_turn(turn_id: int) -> None:
    """From now on lines name the turn, too."""
    if work := _current.get():
        work.turn_id = turn_id


def kind_of(raw: Mapping[str, Any]) -> str:
    """The kind of an update as figures and the log name it: one of Telegram's, else "other"."""
    return next((kind for kind in raw if kind in _KINDS), "other")


def _tells(text: str) -> bool:
    return len(text.strip()) >= (_SHORTEST_HAN if _HAN.search(text) else _SHORTEST)


def _strings(value: Any, named: str = "") -> Iterator[str]:
    """What was said or is a name, anywhere in an update; nesting is as deep as Telegram's, which JSON bounds."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _strings(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, named)
    elif isinstance(value, str) and named in _SAID:
        yield value
