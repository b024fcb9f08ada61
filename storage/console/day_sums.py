"""The sums of each day: what the figures page reads in place of a year of talk.

    for day in store.figures.stale(clock):
        store.figures.build(day, begins, ends, wish_of)
    store.figures.totals("intent", Asked("2026-01-01", "2026-12-31"))    # {"search": 81234, ...}

A day is counted from the shop's rows in one transaction, and again whenever something of it changed: new turns, or
reactions to what was shown on it. Sums can be added up; medians come from counts in logarithmic bins (`bin_of`).
They hold numbers alone; the words of searches that found nothing hang on their turns and go with them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from storage import instants
from storage.console.day_queries import BINNED, CAMPAIGN, DAY_TURNS, REACTED, SUMS, UNMET
from storage.conversations import LANGUAGES, language_bit
from storage.database import immediate, rows

ANY = ""
LINKED, REFERRAL, OTHER = "(product link)", "(referral)", "(other)"
"""Campaigns that are none: links to products and of shoppers, and those beyond the largest of a day."""
_CAMPAIGNS = 20
_PER_DOUBLING = 6  # bins: one is 12 % wide

WishOf = Callable[[str, str], str]
"""From a turn's text and its need (JSON) to the words under which a search that found nothing is counted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days (YYYY-MM-DD by the shop's clock, both inclusive), and of what; "" is all."""

    first: str
    last: str
    language: str = ANY
    campaign: str = ANY


@dataclass(frozen=True, slots=True)
class Unmet:
    """Searches for one thing that found nothing."""

    wish: str
    times: int
    last_day: str


def bin_of(milliseconds: float) -> int:
    """The logarithmic bin of a duration; 0 holds everything up to one millisecond."""
    return max(0, math.ceil(math.log2(max(milliseconds, 1.0)) * _PER_DOUBLING))


def upper(number: int) -> float:
    """The longest duration in a bin, in milliseconds."""
    return float(2 ** (number / _PER_DOUBLING))


def quantile(bins: dict[int, int], share: float) -> float | None:
    """The duration that this share (0..1) of what was counted does not pass, true to a bin; None where nothing was."""
    left = share * sum(bins.values())
    for number in sorted(bins):
        if bins[number] >= left:
            return upper(number)
        left -= bins[number]
    return None


class DaySums:
    """The figures in a console.db with shop.db attached as `shop`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # --- keeping them ---

    def notice(self, clock: ZoneInfo) -> None:
        """Mark the days in which something happened since this was called last."""
        for name, query in _NEWS.items():
            seen = self._state(name)
            last = self._db.execute(f"SELECT coalesce(max(id), 0) FROM shop.{_TABLES[name]}").fetchone()[0]
            if last > seen:
                hours = [hour for (hour,) in self._db.execute(query, [seen, last]).fetchall() if hour]
                self._mark(sorted({day for hour in hours for day in _days_of(hour, clock)}), name, last)

    def stale(self, today: date) -> list[str]:
        """The days that are to be counted, the latest first. Today is always one of them: turns get their answers."""
        with immediate(self._db):
            for day in (today, today - timedelta(days=1)):
                self._db.execute("INSERT OR IGNORE INTO figure_days (day) VALUES (?)", [day.isoformat()])
        found = self._db.execute(
            """SELECT day FROM figure_days WHERE NOT closed AND (built_at IS NULL OR day = ? OR (day = ? AND
            built_at < ?)) ORDER BY day DESC""",
            [today.isoformat(), (today - timedelta(days=1)).isoformat(), today.isoformat()],
        )
        return [day for (day,) in found.fetchall()]

    def build(self, day: str, clock: ZoneInfo, wish_of: WishOf) -> None:
        """Count a day anew from the shop's rows."""
        begins, ends = bounds(date.fromisoformat(day), clock)
        self._db.conn.create_function("bin_of", 1, bin_of, deterministic=True)
        self._db.execute("DROP TABLE IF EXISTS temp.day_turns")
        self._db.execute(DAY_TURNS, {"begins": begins, "ends": ends})
        self._db.execute(REACTED)
        self._fold_campaigns()
        unmet = [
            (turn, day, language, campaign, wish_of(text, need))
            for turn, language, campaign, text, need in self._db.execute(UNMET).fetchall()
        ]
        with immediate(self._db):
            self._db.execute("DELETE FROM day_sums WHERE day = ?", [day])
            for query in SUMS:
                self._db.execute(f"INSERT INTO day_sums {query}", {"day": day})
            self._db.execute("DELETE FROM unmet WHERE day = ?", [day])
            self._db.conn.executemany("INSERT OR REPLACE INTO unmet VALUES (?, ?, ?, ?, ?)", unmet)
            self._db.execute(
                "INSERT OR REPLACE INTO figure_days (day, built_at) VALUES (?, ?)",
                [day, instants.to_text(instants.now())],
            )
        self._db.execute("DROP TABLE temp.day_turns")

    def close_before(self, day: str) -> None:
        """The turns of the days before this one are about to go: what was counted stays as it is."""
        with immediate(self._db):
            self._db.execute("UPDATE figure_days SET closed = 1 WHERE day < ? AND built_at IS NOT NULL", [day])

    def forget(self) -> None:
        """Everything is to be counted anew, but for the days whose turns are gone."""
        with immediate(self._db):
            self._db.execute("UPDATE figure_days SET built_at = NULL WHERE NOT closed")
            self._db.execute("UPDATE figure_state SET value = 0")

    def refreshed_at(self) -> datetime | None:
        """When the latest day was counted last."""
        found = self._db.execute("SELECT max(built_at) FROM figure_days").fetchone()[0]
        return instants.from_text(found) if found else None

    # --- reading them ---

    def totals(self, measure: str, asked: Asked) -> dict[str, int]:
        """Sums by key."""
        return dict(self._sums("key", measure, asked))

    def by_day(self, measure: str, asked: Asked) -> dict[str, dict[str, int]]:
        """Sums by day and key; days without any are not there."""
        found: dict[str, dict[str, int]] = {}
        for day, key, value in self._sums("day, key", measure, asked):
            found.setdefault(day, {})[key] = value
        return found

    def by_campaign(self, measure: str, asked: Asked) -> dict[str, dict[str, int]]:
        """Sums by campaign and key."""
        found: dict[str, dict[str, int]] = {}
        for campaign, key, value in self._sums("campaign, key", measure, asked):
            found.setdefault(campaign, {})[key] = value
        return found

    def bins(self, asked: Asked) -> dict[str, dict[int, int]]:
        """Counts of durations by stage and bin, of the language that is asked for and of every campaign."""
        found: dict[str, dict[int, int]] = {}
        for key, value in self.totals(BINNED, Asked(asked.first, asked.last, asked.language)).items():
            stage, _, number = key.rpartition(":")
            found.setdefault(stage, {})[int(number)] = value
        return found

    def shoppers(self, asked: Asked, interval: tuple[str, str]) -> int:
        """How many different shoppers talked from an instant until before another: each counts once, however many days
        they came. Of what is still kept; a conversation in both languages counts in each.
        """
        where = "c.ended_at >= :since AND c.began_at < :until"
        facts = dict(zip(("since", "until"), interval, strict=True))
        for language in LANGUAGES:
            where += f" AND c.languages & {language_bit(language)}" if language == asked.language else ""
        if asked.campaign:
            where += f" AND {CAMPAIGN} = :campaign"
            facts["campaign"] = asked.campaign
        found = self._db.execute(
            f"""SELECT count(DISTINCT c.user_id) FROM shop.conversations AS c
            {"LEFT JOIN shop.shoppers AS s ON s.user_id = c.user_id" if asked.campaign else ""} WHERE {where}""",
            facts,
        )
        return int(found.fetchone()[0])

    def campaigns(self, asked: Asked) -> list[str]:
        """The campaigns of these days, the largest first."""
        sums = self.by_campaign("turns", Asked(asked.first, asked.last, asked.language))
        return sorted(sums, key=lambda campaign: -sum(sums[campaign].values()))

    def unmet(self, asked: Asked, limit: int) -> list[Unmet]:
        """What was wanted and not there, the commonest first."""
        where, facts = _where(asked)
        found = rows(
            self._db,
            f"""SELECT wish, count(*) AS times, max(day) AS last_day FROM unmet WHERE {where}
            GROUP BY wish ORDER BY times DESC, wish LIMIT :limit""",
            facts | {"limit": limit},
        )
        return [Unmet(each["wish"], each["times"], each["last_day"]) for each in found]

    def _sums(self, by: str, measure: str, asked: Asked) -> Iterable[tuple[Any, ...]]:
        where, facts = _where(asked)
        return self._db.execute(
            f"SELECT {by}, sum(value) FROM day_sums WHERE measure = :measure AND {where} GROUP BY {by}",
            facts | {"measure": measure},
        ).fetchall()

    def _state(self, name: str) -> int:
        return int(self._db.execute("SELECT value FROM figure_state WHERE name = ?", [name]).fetchone()[0])

    def _mark(self, days: Iterable[str], name: str, seen: int) -> None:
        with immediate(self._db):
            for day in days:
                self._db.execute(
                    "INSERT INTO figure_days (day) VALUES (?) ON CONFLICT (day) DO UPDATE SET built_at = NULL", [day]
                )
            self._db.execute("UPDATE figure_state SET value = ? WHERE name = ?", [seen, name])

    def _fold_campaigns(self) -> None:
        """Whoever opens links of their own making must not make the tables long."""
        kept = [
            name
            for (name,) in self._db.execute(
                "SELECT campaign FROM temp.day_turns GROUP BY campaign ORDER BY count(*) DESC LIMIT ?", [_CAMPAIGNS]
            ).fetchall()
        ]
        marks = ", ".join("?" * len(kept))
        self._db.execute(f"UPDATE temp.day_turns SET campaign = ? WHERE campaign NOT IN ({marks})", [OTHER, *kept])


_TABLES = {"turn": "turns", "feedback": "feedback_events"}
_NEWS = {
    "turn": "SELECT DISTINCT substr(said_at, 1, 13) FROM shop.turns WHERE id > ? AND id <= ?",
    "feedback": """SELECT DISTINCT substr(t.said_at, 1, 13) FROM shop.feedback_events AS e
        JOIN shop.impressions AS i ON i.id = e.impression_id JOIN shop.turns AS t ON t.id = i.turn_id
        WHERE e.id > ? AND e.id <= ?""",
}


def bounds(day: date, clock: ZoneInfo) -> tuple[str, str]:
    """A day by the shop's clock as instants: from the first on, until before the second."""
    begins = datetime(day.year, day.month, day.day, tzinfo=clock)
    after = day + timedelta(days=1)
    return instants.to_text(begins), instants.to_text(datetime(after.year, after.month, after.day, tzinfo=clock))


def _days_of(hour: str, clock: ZoneInfo) -> tuple[str, str]:
    """The days that an hour of UTC ("2026-11-27T09") lies in by the shop's clock: one, or two at half-hour zones."""
    begins = datetime.fromisoformat(f"{hour}:00:00+00:00")
    ends = begins + timedelta(minutes=59)
    return begins.astimezone(clock).date().isoformat(), ends.astimezone(clock).date().isoformat()


def _where(asked: Asked) -> tuple[str, dict[str, Any]]:
    where = "day BETWEEN :first AND :last"
    facts: dict[str, Any] = {"first": asked.first, "last": asked.last}
    for name in ("language", "campaign"):
        if value := getattr(asked, name):
            where += f" AND {name} = :{name}"
            facts[name] = value
    return where, facts
