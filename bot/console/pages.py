"""Templates, and what all of them can say: words by language, moments by the shop's clock, money and shares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_datetime, format_timedelta
from babel.numbers import NumberPattern, format_decimal, format_percent, parse_pattern
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bot.console.desk import Desk
from bot.reply import Line
from bot.wording import LOCALE
from storage.records import Language

HERE = Path(__file__).parent
_NOTHING = "–"


def environment(desk: Desk) -> Environment:
    """Every text is escaped; a name that was not given is an error of ours."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    speech = Speech(desk)
    made.globals |= {"t": speech.t, "say": speech.say, "csrf_field": csrf_field, "link": link}
    for name in ("act", "when", "ago", "day", "money", "percent", "number"):
        made.filters[name] = getattr(speech, name)
    return made


class Speech:
    """What templates say, in the language of the page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._plain: dict[tuple[str, Language], str] = {}

    @pass_context
    def t(self, context: Context, code: str, **facts: Any) -> str:
        """A sentence of the message catalogues; one without facts is always the same, and said by the hundred."""
        if facts:
            return self.say(context, Line(code, facts))
        asked = code, context["language"]
        if asked not in self._plain:
            self._plain[asked] = self.say(context, Line(code))
        return self._plain[asked]

    @pass_context
    def say(self, context: Context, line: Line) -> str:
        return self._desk.wording.say(line, context["language"])

    @pass_context
    def act(self, context: Context, act: str) -> str:
        """A kind of deed of the audit log; one of an older version stands as it was written."""
        language, code = context["language"], act_code(act)
        return self._desk.wording.say(Line(code), language) if code in self._desk.wording.codes(language) else act

    @pass_context
    def when(self, context: Context, moment: datetime | None, form: str = "medium") -> str:
        """A moment by the shop's clock; `form` is "short", "medium" or "full", as babel names them."""
        if moment is None:
            return _NOTHING
        zone = self._desk.settings.clock
        return str(format_datetime(moment, form, tzinfo=zone, locale=LOCALE[context["language"]]))

    @pass_context
    def ago(self, context: Context, moment: datetime | None) -> str:
        """How long ago that was."""
        if moment is None:
            return _NOTHING
        return str(
            format_timedelta(moment - self._desk.clock(), add_direction=True, locale=LOCALE[context["language"]])
        )

    @pass_context
    def day(self, context: Context, day: str) -> str:
        """A day written YYYY-MM-DD, as the language writes it."""
        return self._desk.wording.day(date.fromisoformat(day), context["language"])

    @pass_context
    def money(self, context: Context, amount: Decimal, currency: str) -> str:
        return self._desk.wording.money(amount, currency, context["language"])

    @pass_context
    def percent(self, context: Context, share: float | None, digits: int = 0) -> str:
        """A share of 0..1."""
        if share is None or 0 <= share < 1:
            return _NOTHING if share is None else f"{100 * share:.{digits}f}%"
        return str(format_percent(share, _places(digits, "%"), LOCALE[context["language"]]))

    @pass_context
    def number(self, context: Context, value: float | None, digits: int = 0) -> str:
        """A number; below a thousand both languages write it as Python does, in a tenth of the time."""
        if value is None or 0 <= value < 999:
            return _NOTHING if value is None else f"{value:.{digits}f}"
        return str(format_decimal(value, _places(digits), LOCALE[context["language"]]))


def act_code(act: str) -> str:
    """The message that says what was done."""
    return f"console-did-{act.replace(' ', '-')}"


@cache
def _places(digits: int, unit: str = "") -> NumberPattern:
    """A pattern of babel's, read once: a page has hundreds of numbers."""
    return parse_pattern("#,##0" + ("." + "0" * digits if digits else "") + unit)


@pass_context
def csrf_field(context: Context) -> Markup:
    """What every form that changes something carries."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(context["csrf"])


def link(path: str, query: Mapping[str, Any] | None = None, **changed: Any) -> str:
    """An address with its query, `changed` over it; what is None or empty is left out, a list is said repeatedly."""
    asked = {**(query or {}), **changed}
    kept = {name: value for name, value in asked.items() if value not in (None, "", (), [])}
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


def language_of(wanted: str) -> Language:
    """The nearer language of an Accept-Language header, for pages before anybody has signed in."""
    first = wanted.split(",")[0].strip().casefold()
    return "zh" if first.startswith("zh") else "en"
