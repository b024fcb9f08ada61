"""Router: the figures of the shop's talk, for whoever signs in; each table for a spreadsheet, too.

Read from sums by day (storage/console/day_sums.py), counted in the background of a look at them; a year of talk is a
few thousand small rows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated

from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_decimal
from fastapi import APIRouter, Depends
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.console import figure_tables as tables
from bot.console.charts import Chart, columns
from bot.console.counting import refresh
from bot.console.figure_span import Span
from bot.console.tables import Table, to_csv
from bot.console.visit import Viewer, Visit, acting
from bot.counted_arms import ARMS, count_arms
from bot.reply import Line
from bot.wording import LANGUAGES, LOCALE
from storage import instants
from storage.console.database import ConsoleStore
from storage.console.day_sums import Asked, bounds
from storage.console.staff import Role

router = APIRouter()
_STALE = timedelta(seconds=60)
_FIRST_S, _BEHIND_S, _NOW_S = 0.2, 20.0, 5.0
_MOST_COLUMNS = 62
_UNMET_ON_PAGE = 25


def asked_of(visit: Visit, first: str = "", last: str = "", language: str = "", campaign: str = "") -> Span:
    """What the address asks for; what cannot be read is taken as not asked."""
    return Span.of(visit.desk.clock().date(), first, last, language if language in LANGUAGES else "", campaign[:64])


@router.get("/figures")
def figures(visit: Viewer, first: str = "", last: str = "", language: str = "", campaign: str = "") -> Response:
    """The page."""
    store = visit.desk.store
    span = asked_of(visit, first, last, language, campaign)
    counted = store.figures.refreshed_at()
    left = refresh(store, visit.desk.settings.clock, seconds=_FIRST_S) if counted is None else 0
    found = _tables(visit, span.asked)
    answer = visit.page(
        "figures.html",
        span=span,
        tables=found,
        shown=_shortened(found, span),
        charts=_charts(visit, found, span),
        shoppers=_shoppers(visit, span),
        everybody=_everybody(visit, span),
        arms=store.counted.get(ARMS),
        campaigns=store.figures.campaigns(span.asked),
        languages=LANGUAGES,
        counted=store.figures.refreshed_at(),
        left=left,
    )
    if counted is None or instants.now() - counted > _STALE:
        answer.background = BackgroundTask(_count, visit, _BEHIND_S)
    return answer


@router.post("/figures/count")
def count(visit: Annotated[Visit, Depends(acting(Role.VIEWER))]) -> Response:
    """Counts what changed, now."""
    left = _count(visit, _NOW_S)
    return visit.back("/figures", Line("console-figures-counted", {"left": str(left)}))


@router.post("/figures/arms")
def count_holdout(visit: Annotated[Visit, Depends(acting(Role.VIEWER))]) -> Response:
    """Compares the holdout with the others now, behind the answer: a year of pages takes a while."""
    folder = visit.desk.settings.data

    def counting() -> None:
        with ConsoleStore.open(folder, guest=True) as store:
            count_arms(folder, store)

    answer = visit.back("/figures#holdout", Line("console-figures-arms-counting"))
    answer.background = BackgroundTask(counting)
    return answer


@router.get("/figures/{name}.csv")
def table(
    visit: Viewer, name: str, first: str = "", last: str = "", language: str = "", campaign: str = ""
) -> Response:
    """One table for a spreadsheet."""
    span = asked_of(visit, first, last, language, campaign)
    making = _MAKING.get(name)
    if making is None:
        raise HTTPException(404)
    text = to_csv(making(visit, span.asked), lambda code: visit.say(Line(code)))
    file = f"{name}_{span.asked.first}_{span.asked.last}.csv"
    return Response(
        text, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{file}"'}
    )


def _count(visit: Visit, seconds: float) -> int:
    return refresh(visit.desk.store, visit.desk.settings.clock, seconds=seconds)


def _interval(visit: Visit, asked: Asked) -> tuple[str, str]:
    clock = visit.desk.settings.clock
    first, last = (bounds(date.fromisoformat(day), clock) for day in (asked.first, asked.last))
    return first[0], last[1]


_MAKING: dict[str, Callable[[Visit, Asked], Table]] = {
    "talk": lambda visit, asked: tables.talk(visit.desk.store, asked),
    "quality": lambda visit, asked: tables.quality(visit.desk.store, asked),
    "way": lambda visit, asked: tables.way(visit.desk.store, asked),
    "intents": lambda visit, asked: tables.intents(visit.desk.store, asked),
    "intents-by-day": lambda visit, asked: tables.intents_by_day(visit.desk.store, asked),
    "confidence": lambda visit, asked: tables.confidence(visit.desk.store, asked),
    "unmet": lambda visit, asked: tables.unmet(visit.desk.store, asked),
    "relaxed": lambda visit, asked: tables.relaxed(visit.desk.store, asked),
    "paid": lambda visit, asked: tables.paid(visit.desk.store, asked),
    "holdout": lambda visit, _: tables.holdout(visit.desk.store),
    "latency": lambda visit, asked: tables.latency(visit.desk.store, asked),
    "handoff": lambda visit, asked: tables.waiting(visit.desk.store, asked, _interval(visit, asked)),
    "review": lambda visit, asked: tables.review(visit.desk.store, _interval(visit, asked)),
    "writer": lambda visit, asked: tables.writer(visit.desk.store, asked),
}


def _tables(visit: Visit, asked: Asked) -> dict[str, Table]:
    """Every table; without a shop's database there are none."""
    if not visit.desk.store.attached:
        return {}
    return {name: making(visit, asked) for name, making in _MAKING.items()}


def _shoppers(visit: Visit, span: Span) -> float:
    """How many there were on a day, in the mean; who writes in both languages counts in each."""
    return sum(visit.desk.store.figures.totals("shoppers", span.asked).values()) / span.days


def _everybody(visit: Visit, span: Span) -> int:
    """How many different ones there were in all these days."""
    store = visit.desk.store
    return store.figures.shoppers(span.asked, _interval(visit, span.asked)) if store.attached else 0


def _shortened(found: dict[str, Table], span: Span) -> dict[str, Table]:
    """The tables as the page shows them: days in weeks or months where there are many; the rest is in the file."""
    shown = {}
    for name, table in found.items():
        rows = table.rows
        if name in ("talk", "intents-by-day"):
            rows = list(reversed(span.bucketed(table.rows)))[:_MOST_COLUMNS]
        elif name == "unmet":
            rows = rows[:_UNMET_ON_PAGE]
        elif name == "writer":
            rows = rows[:31]
        shown[name] = Table(table.name, table.columns, rows)
    return shown


# --- charts ---------------------------------------------------------------------------------------------------------


def _charts(visit: Visit, found: dict[str, Table], span: Span) -> dict[str, Chart]:
    if not found:
        return {}
    talk, by_day = span.bucketed(found["talk"].rows), span.bucketed(found["intents-by-day"].rows)
    labels = [_short(visit, row[0], span) for row in talk]
    say = visit.desk.wording
    number = _compact(visit)

    def words(code: str) -> str:
        return say.say(Line(code), visit.language)

    def drawn(name: str, names: list[str], series: list[tuple[str, list[float]]]) -> Chart:
        title = words(f"console-figures-{name}")
        return columns(title, words(f"console-figures-{name}-about"), names, series, number)

    headings = [words(column.code) for column in found["intents-by-day"].columns[1:]]
    return {
        "talk": drawn(
            "talk",
            labels,
            [
                (words("console-figures-messages"), [row[1] for row in talk]),
                (words("console-figures-taps"), [row[2] for row in talk]),
            ],
        ),
        "intents": drawn(
            "intents",
            labels,
            [(heading, [row[1 + at] for row in by_day]) for at, heading in enumerate(headings)],
        ),
        "confidence": drawn(
            "confidence",
            [row[0].split("–")[0] for row in found["confidence"].rows],
            [("", [row[1] for row in found["confidence"].rows])],
        ),
        "way": drawn(
            "way",
            [words(column.code) for column in found["way"].columns[1:-1]],
            [("", [sum(row[at] for row in found["way"].rows) for at in range(1, 6)])],
        ),
    }


def _short(visit: Visit, day: str, span: Span) -> str:
    """A day, or the month that begins with it, as short as the axis needs it."""
    skeleton = "yMMM" if span.unit == "month" else "MMMd"
    locale = LOCALE[visit.language]
    moment = date.fromisoformat(day)
    return str(format_skeleton(skeleton, moment, locale=locale) if moment else format_date(moment, locale=locale))


def _compact(visit: Visit) -> Callable[[float], str]:
    def say(value: float) -> str:
        return str(
            format_compact_decimal(
                value, locale=LOCALE[visit.language], fraction_digits=1 if value < 10 and value % 1 else 0
            )
        )

    return say
