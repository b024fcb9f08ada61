"""The owner's rules as an owner writes them: names made normal, days made instants, a table for other programs.

The table has a header line and tabs between its columns: act, subject, means, both, place, factor, query, category,
from, to, note. Days are the shop's own and both of them count.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

from storage.merchandising import RuleError, check
from storage.records import Act, Rule, SlotName, Vocabulary

COLUMNS = ("act", "subject", "means", "both", "place", "factor", "query", "category", "from", "to", "note")
_FACTOR = {Act.BOOST: 1.3, Act.BURY: 0.7}
_EARLIEST, _LATEST = date(1970, 1, 1), date(2999, 12, 31)
_NO = frozenset({"0", "no", "false", "n", "否"})


def normal(rule: Rule, vocabulary: Vocabulary) -> Rule:
    """The rule with the shop's own names: 连衣裙 is "dresses", a bare product id is "product:ID". Raises RuleError."""
    subject = rule.subject.strip()
    if rule.act is not Act.SYNONYM:
        kind, colon, name = subject.partition(":")
        if not colon:
            kind, name = "product", subject
        name = _named(kind.strip().casefold(), name.strip(), vocabulary)
        subject = f"{kind.strip().casefold()}:{name}"
    category = _named("category", rule.category.strip(), vocabulary) if rule.category.strip() else ""
    factor = _FACTOR.get(rule.act, 1.0) if rule.factor == 1.0 else rule.factor
    place = max(rule.place, 1) if rule.act is Act.PIN else 0
    found = replace(rule, subject=subject, means=rule.means.strip(), category=category, query=rule.query.strip())
    found = replace(found, factor=factor if rule.act in _FACTOR else 1.0, place=place)
    check(found)
    return found


def _named(kind: str, name: str, vocabulary: Vocabulary) -> str:
    """A category or brand in normal form; what the shop does not know yet stays, casefolded."""
    folded = name.casefold()
    if kind == "brand":
        return folded
    if kind != "category":
        return name
    return next(
        (
            term.value
            for term in vocabulary.terms
            if term.slot is SlotName.CATEGORY
            and folded in {form.casefold() for form in (term.value, *term.en, *term.zh)}
        ),
        folded,
    )


def days(begins: date | None, ends: date | None, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """From the first instant of a day until the last of another, in the shop's zone. Raises RuleError."""
    for day in (begins, ends):
        if day and not _EARLIEST <= day <= _LATEST:
            raise RuleError(f"{day} is no day to count with: name one from {_EARLIEST} to {_LATEST}.")
    first = datetime.combine(begins, time(), zone) if begins else None
    return first, datetime.combine(ends + timedelta(days=1), time(), zone) if ends else None


def day_of(text: str) -> date | None:
    """A day as YYYY-MM-DD; None for "". Raises RuleError."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise RuleError(f"{text.strip()!r} is no day: write it like 2026-12-01.") from error


def table_of(rules: Iterable[Rule], zone: tzinfo) -> str:
    """The rules as a table."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    for rule in rules:
        writer.writerow(
            {
                **{name: getattr(rule, name) for name in COLUMNS if name not in ("from", "to")},
                "both": "yes" if rule.both else "no",
                "factor": f"{rule.factor:g}",
                "from": _day(rule.begins, zone),
                "to": _day(rule.ends - timedelta(microseconds=1) if rule.ends else None, zone),
            }
        )
    return out.getvalue()


def _day(instant: datetime | None, zone: tzinfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d}" if instant else ""


def rules_in(text: str, vocabulary: Vocabulary, zone: tzinfo) -> Iterator[tuple[int, Rule | RuleError]]:
    """Line number and rule of every row of a table, or why it is none. Raises RuleError for another kind of file."""
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter="\t")
    if not {"act", "subject"} <= set(rows.fieldnames or ()):
        raise RuleError(f"The file needs a header line with tabs between its columns: {', '.join(COLUMNS)}.")
    for row in rows:
        cells = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
        if not any(cells.values()):
            continue
        try:
            yield rows.line_num, normal(_rule(cells, zone), vocabulary)
        except RuleError as error:
            yield rows.line_num, error


def _rule(cells: Mapping[str, str], zone: tzinfo) -> Rule:
    def cell(name: str) -> str:
        return cells.get(name, "")

    try:
        act = Act(cell("act").casefold())
    except ValueError as error:
        raise RuleError(f"{cell('act')!r} is none of {', '.join(Act)}.") from error
    try:
        place, factor = int(cell("place") or 0), float(cell("factor") or 1)
    except ValueError as error:
        raise RuleError("Place and factor must be numbers.") from error
    begins, ends = days(day_of(cell("from")), day_of(cell("to")), zone)
    return Rule(
        act=act,
        subject=cell("subject"),
        means=cell("means"),
        both=cell("both").casefold() not in _NO,
        place=place,
        factor=factor,
        query=cell("query"),
        category=cell("category"),
        begins=begins,
        ends=ends,
        note=cell("note"),
    )
