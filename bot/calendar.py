"""The shop's calendar: which days keep other hours, as the running bot knows them and as staff change them.

calendar = Calendar(settings.hours)
calendar.adopt(shop)                    # reads them anew
calendar.hours.open_at(now)
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.case_acts import Refused, name_of
from bot.desks.control import Serve
from bot.office_hours import Exceptions, OfficeHours, Span, day_spans
from bot.plain import one_line
from bot.workers import Worker
from storage.shop import Shop
from storage.special_days import SpecialDay

LONGEST_STRETCH = 62
"""Days that one entry may cover."""
NOTE_LIMIT, HOURS_LIMIT = 80, 100
KEEP, REMOVE = "calendar keep", "calendar remove"
_log = logging.getLogger(__name__)


class Calendar:
    """The week as the settings say it, with the days that are otherwise; read in any thread."""

    def __init__(self, week: OfficeHours) -> None:
        self._exceptions = Exceptions()
        self.hours = OfficeHours(week.spans, self._exceptions)

    def adopt(self, shop: Shop) -> None:
        """Knows what the shop's database says from now on. Yesterday's hours may last into today."""
        yesterday = datetime.now(UTC).date() - timedelta(days=2)
        self._exceptions.adopt(spans_of(shop.special_days.since(yesterday)))


def spans_of(days: Iterable[SpecialDay]) -> Mapping[date, tuple[Span, ...]]:
    """Days with their hours, as `Exceptions` takes them; one that cannot be read is passed over and logged."""
    found = {}
    for each in days:
        try:
            found[each.day] = day_spans(each.hours)
        except ValueError as error:
            _log.error("The calendar's entry of %s is passed over: %s", each.day, error)
    return found


def keep(shop: Shop, request: Mapping[str, Any], at: datetime) -> int:
    """staff, first, last (ISO dates), hours ("" is closed), note: sets these days; how many. Raises Refused."""
    first, last = _date(request["first"]), _date(request.get("last") or request["first"])
    number = (last - first).days + 1
    if number < 1:
        raise Refused("no-stretch")
    if number > LONGEST_STRETCH:
        raise Refused("stretch-too-long", {"most": LONGEST_STRETCH})
    hours = one_line(str(request.get("hours", "")), HOURS_LIMIT)
    try:
        day_spans(hours)
    except ValueError as error:
        raise Refused("no-hours", {"hours": hours}) from error
    note = one_line(str(request.get("note", "")), NOTE_LIMIT)
    days = [first + timedelta(days=step) for step in range(number)]
    shop.special_days.keep(days, hours, note, name_of(request["staff"]), at)
    return number


def calendar_requests(database: Worker[Shop], calendar: Calendar) -> Mapping[str, Serve]:
    """What the running bot does for the console; what changed holds from the next message on."""

    def served(act: Callable[[Shop, Mapping[str, Any], datetime], int]) -> Serve:
        def done(shop: Shop, request: Mapping[str, Any]) -> dict[str, Any]:
            number = act(shop, request, datetime.now(UTC))
            calendar.adopt(shop)
            return {"days": number}

        async def serve(request: dict[str, Any]) -> dict[str, Any]:
            try:
                return await database.run(lambda shop: done(shop, request))
            except Refused as refusal:
                return {"refused": refusal.code, "facts": refusal.facts}

        return serve

    return {KEEP: served(keep), REMOVE: served(_remove)}


def _remove(shop: Shop, request: Mapping[str, Any], at: datetime) -> int:
    """day (ISO): like any other of its kind again."""
    return int(shop.special_days.remove(_date(request["day"])))


def _date(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise Refused("no-date") from error
