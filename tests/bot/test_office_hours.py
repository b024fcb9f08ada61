"""Office hours: what the setting may say, and what is read from it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.office_hours import OfficeHours

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = "Mon-Fri 09:00-18:00, Sat 10:00-14:00"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        (WEEK, "2026-11-27 09:00", "2026-11-27 09:00"),  # a Friday
        (WEEK, "2026-11-27 17:59", "2026-11-27 17:59"),
        (WEEK, "2026-11-27 18:00", "2026-11-28 10:00"),
        (WEEK, "2026-11-28 14:30", "2026-11-30 09:00"),
        (WEEK, "2026-11-27 03:00", "2026-11-27 09:00"),
        ("", "2026-11-28 23:00", "2026-11-28 23:00"),
        ("Fri-Mon 22:00-06:00", "2026-11-28 05:59", "2026-11-28 05:59"),  # past midnight, over the end of the week
        ("Fri-Mon 22:00-06:00", "2026-12-01 06:00", "2026-12-04 22:00"),
        ("sun 00:00-24:00", "2026-11-29 23:59", "2026-11-29 23:59"),
    ],
)
def test_when_somebody_is_there(hours, now, opens):
    read = OfficeHours.parse(hours)
    assert read.next_opening(at(now)) == at(opens)
    assert read.open_at(at(now)) is (now == opens)


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        ("Monday 9-5", "no span"),
        ("Mon-Fri 09:00", "no span"),
        ("Mox 09:00-18:00", "no day"),
        ("Mon 25:00-26:00", "no time of day"),
        ("Mon 09:75-10:00", "no time of day"),
        ("Mon 09:00-09:00", "same time"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(hours, says):
    with pytest.raises(ValueError, match=says):
        OfficeHours.parse(hours)
