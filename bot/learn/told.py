"""Reports of promotions and runs as rows for a table."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple


class IntentRow(NamedTuple):
    """F1 of an intent, 0..1, before and after, over all languages and in each (None: it does not occur)."""

    intent: str
    messages: int
    before: float
    after: float
    languages: Mapping[str, tuple[float, float] | None]


class ConfusionRow(NamedTuple):
    """How often one intent was taken for another, before and after."""

    meant: str
    read: str
    before: int
    after: int


def intent_rows(measured: Mapping[str, Any]) -> list[IntentRow]:
    """The intents, the most changed first."""
    intents = measured["intents"]
    others = [language for language in intents if language != "all"]
    rows = [
        IntentRow(
            name,
            int(each["messages"]),
            each["before"],
            each["after"],
            {language: _pair(intents[language].get(name)) for language in others},
        )
        for name, each in intents["all"].items()
    ]
    return sorted(rows, key=lambda row: (-abs(row.after - row.before), row.intent))


def confusion_rows(measured: Mapping[str, Any]) -> list[ConfusionRow]:
    """What is taken for what, the most frequent before or after first."""
    before, after = (
        {(meant, read): times for meant, read, times in measured["confusions"][when]} for when in ("before", "after")
    )
    pairs = sorted({*before, *after}, key=lambda pair: (-max(before.get(pair, 0), after.get(pair, 0)), pair))
    return [ConfusionRow(*pair, before.get(pair, 0), after.get(pair, 0)) for pair in pairs]


def moment(text: str | None) -> datetime | None:
    """An instant of a report; None where there is none."""
    with suppress(ValueError, TypeError):
        found = datetime.fromisoformat(text or "")
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _pair(each: Mapping[str, float] | None) -> tuple[float, float] | None:
    return (each["before"], each["after"]) if each else None
