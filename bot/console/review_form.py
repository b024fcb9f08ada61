"""A reviewer's form as a label: what was chosen and marked, checked against the message it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

from starlette.datastructures import FormData

from bot.reply import Line
from storage.console.labels import Reading, SlotSpan, in_order
from storage.records import Intent, SlotName, Understanding

MOST_SLOTS = 40
_KEYS = ("slot_name", "slot_start", "slot_end", "slot_negated")
_NONE = ""
T = TypeVar("T")


class FormError(ValueError):
    """The form cannot be kept as a label; `line` says why."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.line = Line(f"console-review-{code}", facts)


def model_reading(said: Understanding) -> Reading:
    """What the model read, in the words of a label."""
    slots = tuple(SlotSpan(slot.name, slot.start, slot.end, slot.negated) for slot in said.slots)
    return Reading(said.intent, tuple(intent for intent in said.also if intent is not said.intent), in_order(slots))


def reading_from(form: FormData, text: str) -> Reading:
    """The reading a form holds. Raises FormError."""
    intent = _intent(_text(form, "other") or _text(form, "intent"))
    if intent is None:
        raise FormError("no-intent")
    also: list[Intent] = []
    for wanted in map(_intent, map(str, form.getlist("also"))):
        if wanted and wanted is not intent and wanted not in also:
            also.append(wanted)
    return Reading(intent, tuple(also), _slots(form, text))


def number(form: FormData, name: str) -> int:
    """A whole number that came with the form. Raises FormError."""
    return _whole(_text(form, name))


def tidied(text: str, start: int, end: int) -> tuple[int, int]:
    """A span (code points) without the blanks at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _slots(form: FormData, text: str) -> tuple[SlotSpan, ...]:
    columns = [[str(value) for value in form.getlist(key)] for key in _KEYS]
    if len({len(column) for column in columns}) != 1 or len(columns[0]) > MOST_SLOTS:
        raise FormError("odd")
    spans = []
    for name, start, end, negated in zip(*columns, strict=True):
        if name == _NONE:
            continue
        at = _whole(start), _whole(end)
        if not 0 <= at[0] < at[1] <= len(text):
            raise FormError("span-outside", length=str(len(text)))
        at = tidied(text, *at)
        if at[0] == at[1]:
            raise FormError("span-blank")
        spans.append(SlotSpan(_known(name, SlotName), *at, negated == "yes"))
    return _apart(in_order(spans))


def _apart(spans: Sequence[SlotSpan]) -> tuple[SlotSpan, ...]:
    for one, other in pairwise(spans):
        if one.end > other.start:
            raise FormError("spans-share")
    return tuple(spans)


def _intent(name: str) -> Intent | None:
    return _known(name, Intent) if name else None


def _known(name: str, kind: Callable[[str], T]) -> T:
    try:
        return kind(name)
    except ValueError:
        raise FormError("odd") from None


def _whole(text: str) -> int:
    # int() reads "١٢" and "1_0" too; a form of ours holds neither.
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise FormError("span-number")
    return int(text)


def _text(form: FormData, name: str) -> str:
    return str(form.get(name) or "").strip()
