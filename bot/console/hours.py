"""Router: when people of the shop are there. The week is a setting; the days that are otherwise are kept here by an
admin, and hold for what shoppers are told from the next message on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Annotated

from babel.dates import format_time, get_day_names
from fastapi import APIRouter, Form, Path
from starlette.responses import Response

from bot.calendar import HOURS_LIMIT, KEEP, LONGEST_STRETCH, NOTE_LIMIT, REMOVE
from bot.console.asking import asked
from bot.console.visit import ActingAdmin, Viewer, Visit
from bot.office_hours import Span
from bot.reply import Line
from bot.wording import LOCALE
from storage.records import Language

router = APIRouter()
Text = Annotated[str, Form()]
_AHEAD, _BACK = 14, 30
_WHOLE_DAY = 24 * 60


@router.get("/hours")
def hours(visit: Viewer) -> Response:
    """The week, the next fortnight as it will be, and the days that are otherwise."""
    now = visit.desk.clock()
    times = visit.desk.hours
    return visit.page(
        "hours.html",
        week=week_words(visit, visit.language),
        setting=visit.desk.settings.office_hours,
        quiet=visit.desk.settings.quiet_hours,
        zone=visit.desk.settings.time_zone,
        now=now,
        open_now=times.open_at(now),
        next_opening=times.next_opening(now),
        ahead=[_ahead(visit, now, step) for step in range(_AHEAD)],
        days=visit.desk.shop.special_days.since(now.date() - timedelta(days=_BACK)),
        today=now.date(),
        longest=LONGEST_STRETCH,
        note_limit=NOTE_LIMIT,
        hours_limit=HOURS_LIMIT,
    )


@router.post("/hours")
def keep(
    visit: ActingAdmin, first: Text = "", last: Text = "", kind: Text = "", hours: Text = "", note: Text = ""
) -> Response:
    """Sets a day, or a stretch of days: closed, or with hours of its own."""
    if kind == "open" and not hours.strip():
        return visit.back("/hours", Line("console-refused-no-hours", {"hours": ""}))
    fields = {"first": first, "last": last or first, "hours": hours if kind == "open" else "", "note": note}
    answer = asked(visit, KEEP, **fields)
    if isinstance(answer, Line):
        return visit.back("/hours", answer)
    visit.audit("calendar kept", f"{first} - {last or first}", "open" if kind == "open" else "closed")
    return visit.back("/hours", Line("console-hours-kept", {"count": answer["days"]}))


@router.post("/hours/{day}/remove")
def remove(visit: ActingAdmin, day: Annotated[str, Path(max_length=10)]) -> Response:
    """A day is like any other of its kind again."""
    answer = asked(visit, REMOVE, day=day)
    if isinstance(answer, Line):
        return visit.back("/hours", answer)
    visit.audit("calendar removed", day)
    return visit.back("/hours", Line("console-hours-removed"))


def week_words(visit: Visit, language: Language) -> str:
    """The week's hours in a language, such as "Mon–Fri 09:00–18:00, Sat 10:00–14:00"; "" where it is always open."""
    names: dict[int, str] = dict(get_day_names("abbreviated", locale=LOCALE[language]))
    comma = "，" if language == "zh" else ", "
    return comma.join(f"{_days(span, names)} {_clock(span, language)}" for span in visit.desk.settings.hours.spans)


def hours_words(visit: Visit, language: Language) -> str:
    """What a canned reply says of the hours: the week, and what is otherwise in the next fortnight."""
    now = visit.desk.clock()
    week = week_words(visit, language) or visit.desk.wording.say(Line("hours-always"), language)
    said = [week]
    for day in visit.desk.shop.special_days.since(now.date()):
        if day.day > now.date() + timedelta(days=_AHEAD):
            break
        spans = visit.desk.hours.exceptions.get(day.day) or ()
        facts = {"day": day.day, "hours": ", ".join(_clock(span, language) for span in spans)}
        said.append(visit.desk.wording.say(Line("hours-other" if spans else "hours-closed", facts), language))
    return ("；" if language == "zh" else "; ").join(said)


def _ahead(visit: Visit, now: datetime, step: int) -> tuple[object, list[str], bool]:
    """(day, its hours in words, whether it is otherwise than in any week)."""
    day = now.date() + timedelta(days=step)
    openings = visit.desk.hours.openings(day, now)
    words = [
        _clock(Span(frozenset(), begins.time(), round((ends - begins) / timedelta(minutes=1))), visit.language)
        for begins, ends in sorted(openings)
    ]
    return day, words, visit.desk.hours.exceptions.get(day) is not None


def _days(span: Span, names: Mapping[int, str]) -> str:
    """The days of a span, a run of them as "Mon–Fri"; spans name one run, which may go over the end of the week."""
    days = sorted(span.days)
    if len(days) == 7:
        return f"{names[0]}–{names[6]}"
    first = next(day for day in days if (day - 1) % 7 not in span.days)
    last = (first + len(days) - 1) % 7
    return names[first] if first == last else f"{names[first]}–{names[last]}"


def _clock(span: Span, language: Language) -> str:
    begins = span.begins.hour * 60 + span.begins.minute
    ends = begins + span.minutes
    if span.minutes == _WHOLE_DAY and not begins:
        return "00:00–24:00"
    last = time(ends % _WHOLE_DAY // 60, ends % 60)
    return "–".join(format_time(each, "HH:mm", locale=LOCALE[language]) for each in (span.begins, last))
