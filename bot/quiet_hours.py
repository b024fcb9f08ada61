"""When shoppers are not written to unasked: "21:00-08:00", in the shop's time zone. An answer is never held back.

quiet = QuietHours.parse("21:00-08:00")
quiet.over_at(now)          # `now` itself by day, else the end of the quiet
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.office_hours import OfficeHours, day_spans


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Never quiet where there is no span."""

    hours: OfficeHours | None = None

    @classmethod
    def parse(cls, text: str) -> QuietHours:
        """Reads the setting; empty is never. Raises ValueError with a sentence."""
        spans = day_spans(text)
        if len(spans) > 1:
            raise ValueError(f"{text!r} are several spans of quiet hours: write one, as 21:00-08:00")
        return cls(OfficeHours(spans) if spans else None)

    def over_at(self, now: datetime) -> datetime:
        """From when on somebody may be written to; `now` aware and in the shop's time zone."""
        if self.hours is None:
            return now
        around = (now.date(), now.date().fromordinal(now.date().toordinal() - 1))
        ends = [end for day in around for begin, end in self.hours.openings(day, now) if begin <= now < end]
        return max(ends, default=now)
