"""When people of the shop answer: "Mon-Fri 09:00-18:00, Sat 10:00-14:00", in the shop's own time zone, and on which
days it is otherwise.

hours = OfficeHours.parse("Mon-Fri 09:00-18:00", special)
hours.open_at(now)          # now: aware, in the shop's time zone
hours.next_opening(now)
special.adopt({date(2027, 1, 1): ()})      # closed on New Year's Day
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = r"(?P<from>\d{1,2}:\d{2})\s*[-–]\s*(?P<to>\d{1,2}:\d{2})"
_SPAN = re.compile(rf"(?P<first>[a-z]{{3}})(?:\s*[-–]\s*(?P<last>[a-z]{{3}}))?\s+{_CLOCK}", re.IGNORECASE)
_OF_DAY = re.compile(_CLOCK)
_EVERY_DAY = frozenset(range(7))
_LOOKED_AHEAD = 60  # days; a shop that is closed for longer does not say when it is back


@dataclass(frozen=True, slots=True)
class Span:
    """On these days (0 is Monday) from `begins` on, for `minutes`; it may last past midnight."""

    days: frozenset[int]
    begins: time
    minutes: int


_ALWAYS = (Span(_EVERY_DAY, time(), 24 * 60),)


class Exceptions:
    """The days that are otherwise, each with its own spans (none: closed). Told anew while the bot runs, read in any
    thread.
    """

    def __init__(self, days: Mapping[date, tuple[Span, ...]] | None = None) -> None:
        self._days = dict(days or {})

    def get(self, day: date) -> tuple[Span, ...] | None:
        return self._days.get(day)

    def adopt(self, days: Mapping[date, tuple[Span, ...]]) -> None:
        """Knows these days from now on, and no others."""
        self._days = dict(days)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Open at all times where there is no span, but for the exceptions."""

    spans: tuple[Span, ...] = ()
    exceptions: Exceptions = field(default_factory=Exceptions, compare=False)

    @classmethod
    def parse(cls, text: str, exceptions: Exceptions | None = None) -> OfficeHours:
        """Reads the setting; empty is always open. Raises ValueError with a sentence."""
        return cls(tuple(_span(part.strip()) for part in text.split(",") if part.strip()), exceptions or Exceptions())

    def open_at(self, now: datetime) -> bool:
        """Whether somebody is there at an instant, aware and in the shop's time zone."""
        return any(
            begins <= now < ends for offset in (-1, 0) for begins, ends in self.openings(_day_after(now, offset), now)
        )

    def next_opening(self, now: datetime) -> datetime | None:
        """When somebody is there again; `now` itself while open, None where not in the next two months."""
        if self.open_at(now):
            return now
        for offset in range(_LOOKED_AHEAD):
            later = [begins for begins, _ in self.openings(_day_after(now, offset), now) if begins > now]
            if later:
                return min(later)
        return None

    def openings(self, day: date, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """From when until when somebody is there, of the openings that begin on a day, in the time zone of `now`."""
        special = self.exceptions.get(day)
        for span in special if special is not None else self.spans or _ALWAYS:
            if day.weekday() in span.days:
                begins = datetime.combine(day, span.begins, now.tzinfo)
                yield begins, begins + timedelta(minutes=span.minutes)


def day_spans(text: str) -> tuple[Span, ...]:
    """The hours of one day, "10:00-14:00, 16:00-18:00"; empty is closed. Raises ValueError with a sentence."""
    found = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        hours = _OF_DAY.fullmatch(part)
        if hours is None:
            raise ValueError(f"{part!r} are no hours of a day: write them as 10:00-14:00")
        found.append(_timed(_EVERY_DAY, hours, part))
    return tuple(found)


def time_of_day(text: str) -> time | None:
    """ "03:30"; None for "". Raises ValueError with a sentence."""
    if not text.strip():
        return None
    minutes = _minutes(text.strip()) if re.fullmatch(r"\d{1,2}:\d{2}", text.strip()) else 24 * 60
    if minutes >= 24 * 60:
        raise ValueError(f"{text!r} is no time of day: write it as 03:30")
    return time(minutes // 60, minutes % 60)


def _day_after(now: datetime, days: int) -> date:
    return now.date() + timedelta(days=days)


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no span of office hours: write them as Mon-Fri 09:00-18:00")
    return _timed(_days(found["first"], found["last"]), found, text)


def _timed(days: frozenset[int], found: re.Match[str], text: str) -> Span:
    begins, ends = _minutes(found["from"]), _minutes(found["to"])
    if begins == 24 * 60 or begins == ends:
        raise ValueError(f"{text!r} opens and closes at the same time, or at 24:00")
    minutes = ends - begins if ends > begins else ends + 24 * 60 - begins
    return Span(days, time(begins // 60, begins % 60), minutes)


def _days(first: str, last: str | None) -> frozenset[int]:
    begin, end = _day(first), _day(last or first)
    return frozenset((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def _day(name: str) -> int:
    try:
        return DAYS.index(name.casefold())
    except ValueError:
        raise ValueError(f"{name!r} is no day: write Mon, Tue, Wed, Thu, Fri, Sat or Sun") from None


def _minutes(text: str) -> int:
    hours, minutes = map(int, text.split(":"))
    if minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise ValueError(f"{text!r} is no time of day: write it as 09:00")
    return hours * 60 + minutes
