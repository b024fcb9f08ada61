"""When people of the shop answer: "Mon-Fri 09:00-18:00, Sat 10:00-14:00", in the shop's own time zone.

hours = OfficeHours.parse("Mon-Fri 09:00-18:00")
hours.open_at(now)          # now: aware, in the shop's time zone
hours.next_opening(now)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(
    r"(?P<first>[a-z]{3})(?:\s*[-–]\s*(?P<last>[a-z]{3}))?\s+(?P<from>\d{1,2}:\d{2})\s*[-–]\s*(?P<to>\d{1,2}:\d{2})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """On these days (0 is Monday) from `begins` on, for `minutes`; it may last past midnight."""

    days: frozenset[int]
    begins: time
    minutes: int


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Open at all times where there is no span."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def parse(cls, text: str) -> OfficeHours:
        """Reads the setting; empty is always open. Raises ValueError with a sentence."""
        return cls(tuple(_span(part.strip()) for part in text.split(",") if part.strip()))

    def open_at(self, now: datetime) -> bool:
        """Whether somebody is there at an instant, aware and in the shop's time zone."""
        return not self.spans or any(begins <= now < ends for begins, ends in self._around(now))

    def next_opening(self, now: datetime) -> datetime | None:
        """When somebody is there again; `now` itself while open, None where never."""
        if self.open_at(now):
            return now
        return min((begins for begins, _ in self._around(now) if begins > now), default=None)

    def _around(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Every opening of the days from yesterday to a week on."""
        for offset in range(-1, 8):
            day = now.date() + timedelta(days=offset)
            for span in self.spans:
                if day.weekday() in span.days:
                    begins = datetime.combine(day, span.begins, now.tzinfo)
                    yield begins, begins + timedelta(minutes=span.minutes)


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no span of office hours: write them as Mon-Fri 09:00-18:00")
    begins, ends = _minutes(found["from"]), _minutes(found["to"])
    if begins == 24 * 60 or begins == ends:
        raise ValueError(f"{text!r} opens and closes at the same time, or at 24:00")
    minutes = ends - begins if ends > begins else ends + 24 * 60 - begins
    return Span(_days(found["first"], found["last"]), time(begins // 60, begins % 60), minutes)


def _days(first: str, last: str | None) -> frozenset[int]:
    begin, end = _day(first), _day(last or first)
    return frozenset((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def _day(name: str) -> int:
    try:
        return _DAYS.index(name.casefold())
    except ValueError:
        raise ValueError(f"{name!r} is no day: write Mon, Tue, Wed, Thu, Fri, Sat or Sun") from None


def _minutes(text: str) -> int:
    hours, minutes = map(int, text.split(":"))
    if minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise ValueError(f"{text!r} is no time of day: write it as 09:00")
    return hours * 60 + minutes
