"""Figures that are read as they are, without sums kept of them: few rows a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from sqlite_utils import Database

from storage import instants
from storage.database import rows


@dataclass(frozen=True, slots=True)
class Handoffs:
    """Cases of one reason; waiting is in minutes, None where nobody was taken care of."""

    reason: str
    cases: int
    taken: int
    waited_median: float | None
    waited_95: float | None
    good: int
    fair: int
    bad: int


@dataclass(frozen=True, slots=True)
class SpentOn:
    """What writing cost on a day (YYYY-MM-DD)."""

    day: str
    calls: int
    tokens: int


def handoffs(db: Database, interval: tuple[str, str], language: str = "") -> list[Handoffs]:
    """Cases opened from an instant until before another, by reason, the commonest first; "" is every language."""
    found = rows(
        db,
        """SELECT reason, opened_at, taken_at, satisfaction FROM shop.cases
        WHERE opened_at >= :first AND opened_at < :last AND (:language = '' OR language = :language)""",
        {"first": interval[0], "last": interval[1], "language": language},
    )
    reasons: dict[str, list[tuple[float | None, str]]] = {}
    for case in found:
        reasons.setdefault(case["reason"], []).append(
            (_minutes(case["opened_at"], case["taken_at"]), case["satisfaction"] or "")
        )
    return sorted((_of(reason, cases) for reason, cases in reasons.items()), key=lambda each: -each.cases)


def spending(db: Database, first: str, last: str) -> list[SpentOn]:
    """What writing cost, by day, the latest first."""
    found = rows(db, "SELECT * FROM shop.spending_days WHERE day BETWEEN ? AND ? ORDER BY day DESC", [first, last])
    return [SpentOn(each["day"], each["calls"], each["tokens"]) for each in found]


def _of(reason: str, cases: Sequence[tuple[float | None, str]]) -> Handoffs:
    waited = [minutes for minutes, _ in cases if minutes is not None]
    high = quantiles(waited, n=20)[-1] if len(waited) > 1 else (waited[0] if waited else None)
    said = [satisfaction for _, satisfaction in cases]
    return Handoffs(
        reason,
        len(cases),
        len(waited),
        median(waited) if waited else None,
        high,
        said.count("good"),
        said.count("fair"),
        said.count("bad"),
    )


def _minutes(opened: str, taken: str | None) -> float | None:
    if taken is None:
        return None
    return (instants.from_text(taken) - instants.from_text(opened)).total_seconds() / 60
