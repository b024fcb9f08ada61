"""Office hours: what the setting may say, and what is read from it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.office_hours import Exceptions, OfficeHours, day_spans
from bot.quiet_hours import QuietHours

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


@pytest.mark.parametrize(
    ("week", "special", "now", "opens"),
    [
        (WEEK, {"2026-11-27": ""}, "2026-11-27 10:00", "2026-11-28 10:00"),  # a Friday that is closed
        (WEEK, {"2026-11-29": "12:00-15:00"}, "2026-11-28 15:00", "2026-11-29 12:00"),  # a Sunday that is open
        (WEEK, {"2026-11-27": "10:00-12:00, 14:00-15:00"}, "2026-11-27 12:30", "2026-11-27 14:00"),
        ("", {"2026-11-27": ""}, "2026-11-27 10:00", "2026-11-28 00:00"),
        ("", {"2026-11-28": ""}, "2026-11-27 10:00", "2026-11-27 10:00"),
        (WEEK, {f"2026-12-{day:02}": "" for day in range(1, 12)}, "2026-12-01 10:00", "2026-12-12 10:00"),
        ("Fri 22:00-06:00", {"2026-11-28": ""}, "2026-11-28 05:00", "2026-11-28 05:00"),  # began before the closed day
    ],
)
def test_special_days_stand_in_the_place_of_the_week(week, special, now, opens):
    days = {date.fromisoformat(day): day_spans(hours) for day, hours in special.items()}
    hours = OfficeHours.parse(week, Exceptions(days))
    assert hours.next_opening(at(now)) == at(opens)


def test_a_shop_that_is_closed_for_a_season_does_not_say_when():
    days = {date(2026, 11, 27) + timedelta(days=step): () for step in range(100)}
    assert OfficeHours.parse(WEEK, Exceptions(days)).next_opening(at("2026-11-27 10:00")) is None


@pytest.mark.parametrize(
    ("quiet", "now", "over"),
    [
        ("21:00-08:00", "2026-11-27 20:59", "2026-11-27 20:59"),
        ("21:00-08:00", "2026-11-27 21:00", "2026-11-28 08:00"),
        ("21:00-08:00", "2026-11-28 03:00", "2026-11-28 08:00"),
        ("21:00-08:00", "2026-11-28 08:00", "2026-11-28 08:00"),
        ("13:00-14:00", "2026-11-28 13:30", "2026-11-28 14:00"),
        ("", "2026-11-28 03:00", "2026-11-28 03:00"),
    ],
)
def test_until_when_it_is_quiet(quiet, now, over):
    assert QuietHours.parse(quiet).over_at(at(now)) == at(over)


def test_quiet_hours_that_cannot_be_read_are_said_in_one_sentence():
    with pytest.raises(ValueError, match="no hours of a day"):
        QuietHours.parse("at night")
    with pytest.raises(ValueError, match="several spans"):
        QuietHours.parse("13:00-14:00, 21:00-08:00")
