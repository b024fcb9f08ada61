"""Which days are looked at, and in what steps: days, weeks from Monday, or months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, Self

from storage.console.day_sums import Asked

Unit = Literal["day", "week", "month"]
USUAL = 30
PRESETS = (7, 30, 90, 365)
_LONGEST = 5 * 366  # days
_BY_DAY, _BY_WEEK = 45, 200


@dataclass(frozen=True, slots=True)
class Span:
    """What the page was asked for, in order and within bounds."""

    asked: Asked
    today: date

    @classmethod
    def of(cls, today: date, first: str, last: str, language: str, campaign: str) -> Self:
        """The last thirty days where the address says nothing that can be read."""
        oldest = today - timedelta(days=_LONGEST)
        end = max(min(_day(last) or today, today), oldest)
        begin = max(min(_day(first) or end - timedelta(days=USUAL - 1), today), oldest)
        begin, end = min(begin, end), max(begin, end)
        return cls(Asked(begin.isoformat(), end.isoformat(), language, campaign), today)

    @property
    def days(self) -> int:
        return (date.fromisoformat(self.asked.last) - date.fromisoformat(self.asked.first)).days + 1

    @property
    def unit(self) -> Unit:
        """The step in which so many days are shown."""
        if self.days <= _BY_DAY:
            return "day"
        return "week" if self.days <= _BY_WEEK else "month"

    @property
    def query(self) -> dict[str, str]:
        """The address's query."""
        asked = self.asked
        return {"first": asked.first, "last": asked.last, "language": asked.language, "campaign": asked.campaign}

    @property
    def presets(self) -> list[tuple[int, dict[str, str]]]:
        """So many days until today, and the query for it."""
        return [
            (
                days,
                self.query
                | {"first": (self.today - timedelta(days=days - 1)).isoformat(), "last": self.today.isoformat()},
            )
            for days in PRESETS
        ]

    def bucketed(self, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """Rows of a day and counts, summed by the step; each is named by its first day."""
        found: dict[str, list[Any]] = {}
        unit = self.unit
        for day, *counts in rows:
            start = self._start(day, unit)
            held = found.setdefault(start, [start, *([0] * len(counts))])
            for at, count in enumerate(counts, start=1):
                held[at] += count
        return list(found.values())

    def _start(self, day: str, unit: Unit) -> str:
        if unit == "day":
            return day
        moment = date.fromisoformat(day)
        first = moment.replace(day=1) if unit == "month" else moment - timedelta(days=moment.weekday())
        return max(first.isoformat(), self.asked.first)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-31") else None
    except ValueError:
        return None
