"""From reviewed messages to examples: nothing personal in them, each said once, no two that contradict each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot.labels.gathering import Reviewed
from bot.privacy.finding import find_personal
from bot.privacy.masking import redacted
from nlu.language import language_of
from storage import instants
from storage.text import fold

SOURCE = "reviewed"
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message of the shop's own, ready to be written; `key` is equal where two are the same message."""

    turn_id: int
    row: dict[str, Any]
    key: tuple[str, str, bool]
    read: str
    sampled: bool
    said_at: datetime
    labelled_at: datetime


@dataclass
class Cleaned:
    """Examples, and what became of the rest. `conflicts` are the turns whose label gave way to a newer one's."""

    examples: list[Example] = field(default_factory=list)
    redactions: Counter[str] = field(default_factory=Counter)
    unusable: list[int] = field(default_factory=list)
    duplicates: int = 0
    conflicts: list[int] = field(default_factory=list)


def clean(reviewed: Iterable[Reviewed]) -> Cleaned:
    """Redacted examples, all of them; `unusable` are those whose marked spans do not fit their text."""
    found = Cleaned()
    for each in reviewed:
        example = _example(each)
        if example is None:
            found.unusable.append(each.turn_id)
            continue
        found.redactions.update(str(personal.kind) for personal in find_personal(each.text))
        found.examples.append(example)
    return found


def merged(cleaned: Cleaned, examples: Iterable[Example]) -> list[Example]:
    """Each message once, in the order of the talk: of two labels of one message the newer holds. What was left out is
    counted in `cleaned`.
    """
    newest: dict[tuple[str, str, bool], Example] = {}
    for example in sorted(examples, key=lambda each: (each.labelled_at, each.turn_id)):
        if (older := newest.get(example.key)) is not None:
            if _says(older) == _says(example):
                cleaned.duplicates += 1
            else:
                cleaned.conflicts.append(older.turn_id)
        newest[example.key] = example
    return sorted(newest.values(), key=lambda each: each.turn_id)


def normal(text: str) -> str:
    """Equal for messages that say the same letter for letter, whatever their case, width, script and blanks."""
    return _BLANKS.sub(" ", fold(text)).strip()


def _says(example: Example) -> tuple[Any, ...]:
    slots = [(slot["name"], slot["start"], slot["end"], slot["negated"]) for slot in example.row["slots"]]
    return example.row["intent"], example.row["also"], slots


def _example(each: Reviewed) -> Example | None:
    label, context = each.label, each.context
    spans = sorted(label.slots, key=lambda span: span.start)
    if label.intent is None or any(not _fits(each.text, span.start, span.end) for span in spans):
        return None
    text, places = redacted(each.text, [(span.start, span.end) for span in spans])
    slots = [
        {"name": str(span.name), "start": start, "end": end, "negated": span.negated}
        for span, (start, end) in zip(spans, places, strict=True)
    ]
    row = {
        "text": text,
        "intent": str(label.intent),
        "lang": language_of(text),
        "slots": [slot for slot, keep in zip(slots, _apart(places), strict=True) if keep],
        "also": [str(intent) for intent in label.also],
        "context": {"asked": context.asked, "shown": context.shown},
        "source": SOURCE,
        "read": each.read,
    }
    key = (normal(text), context.asked or "", context.shown > 0)
    labelled_at = label.at or instants.now()
    return Example(each.turn_id, row, key, each.read, each.sampled, each.said_at, labelled_at)


def _fits(text: str, start: int, end: int) -> bool:
    covered = text[start:end]
    return 0 <= start < end <= len(text) and covered == covered.strip()


def _apart(places: tuple[tuple[int, int], ...]) -> list[bool]:
    """Which spans are kept: two that came to hold the same placeholder are one."""
    return [True, *(before[1] <= after[0] for before, after in pairwise(places))][: len(places)]
