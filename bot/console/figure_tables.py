"""The tables of the figures page, from sums by day; what is little (cases, labels, spending) is read as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.arms import GOALS
from bot.console.agreeing import intents_of
from bot.console.kappa import kappa
from bot.console.tables import Column, Table
from bot.counted_arms import ARMS
from bot.rates import wilson
from bot.wording import LANGUAGES
from recommender.holdout import POLICY as HELD_OUT
from storage import instants
from storage.console.database import ConsoleStore
from storage.console.day_sums import LINKED, OTHER, REFERRAL, Asked, quantile
from storage.figures_beside import handoffs, spending

UNMET_SHOWN = 100
_STEPS = ("messages", "pages", "liked", "carted", "ordered")
_DAY = Column("console-figures-day", "day")


def talk(store: ConsoleStore, asked: Asked) -> Table:
    """Messages and taps, day by day, with the pages that were shown and what was answered with less."""
    turns, way, quality = (store.figures.by_day(name, asked) for name in ("turns", "way", "quality"))
    rows = []
    for day in days(asked):
        said, shown, how = turns.get(day, {}), way.get(day, {}), quality.get(day, {})
        counts = [said.get("messages", 0), said.get("taps", 0), shown.get("pages", 0)]
        rows.append([day, *counts, how.get("fallback", 0), how.get("degraded", 0)])
    codes = ("messages", "taps", "pages", "fallbacks", "degraded")
    return Table("talk", (_DAY, *(Column(f"console-figures-{code}") for code in codes)), rows)


def quality(store: ConsoleStore, asked: Asked) -> Table:
    """How well it goes: counts and their shares. What was answered with less counts in its own line only."""
    totals = store.figures.totals
    how, searches = totals("quality", asked), totals("searches", asked)
    thumbs, turns = totals("thumbs", asked), totals("turns", asked)
    answered, all_turns = how.get("answered", 0), sum(turns.values())
    said = sum(thumbs.values())
    rows = [
        ["degraded", how.get("degraded", 0), _share(how.get("degraded", 0), all_turns)],
        ["fallback", how.get("fallback", 0), _share(how.get("fallback", 0), answered)],
        ["up", thumbs.get("up", 0), _share(thumbs.get("up", 0), said)],
        ["down", thumbs.get("down", 0), _share(thumbs.get("down", 0), said)],
        ["nothing", searches.get("nothing", 0), _share(searches.get("nothing", 0), searches.get("all", 0))],
        ["relaxed", searches.get("relaxed", 0), _share(searches.get("relaxed", 0), searches.get("all", 0))],
    ]
    columns = (Column("console-figures-what", "word", "console-figures-quality-"), _count(), _of())
    return Table("quality", columns, rows)


def intents(store: ConsoleStore, asked: Asked) -> Table:
    """What messages asked for, the commonest first."""
    found = store.figures.totals("intent", asked)
    whole = sum(found.values())
    rows = [[name, count, _share(count, whole)] for name, count in _largest(found)]
    return Table("intents", (Column("console-figures-intent", "word", "console-intent-"), _count(), _of()), rows)


def intents_by_day(store: ConsoleStore, asked: Asked, shown: int = 5) -> Table:
    """The commonest intents, day by day; its headings are intents."""
    found = store.figures.by_day("intent", asked)
    names = [name for name, _ in _largest(store.figures.totals("intent", asked))[:shown]]
    rows = [[day, *(found.get(day, {}).get(name, 0) for name in names)] for day in days(asked)]
    return Table(
        "intents-by-day", (_DAY, *(Column(f"console-intent-{name.replace('_', '-')}") for name in names)), rows
    )


def confidence(store: ConsoleStore, asked: Asked) -> Table:
    """How sure the model was of messages, in twentieths."""
    found = store.figures.totals("confidence", asked)
    whole = sum(found.values())
    rows = []
    for number in range(20):
        count = found.get(str(number), 0)
        rows.append([f"{number * 5}–{number * 5 + 5} %", count, _share(count, whole)])
    return Table("confidence", (Column("console-figures-confidence", "text"), _count(), _of()), rows)


def unmet(store: ConsoleStore, asked: Asked) -> Table:
    """What people want and the shop has not, the commonest first."""
    rows = [[each.wish, each.times, each.last_day] for each in store.figures.unmet(asked, UNMET_SHOWN)]
    columns = (Column("console-figures-wish", "text"), _count(), Column("console-figures-last", "day"))
    return Table("unmet", columns, rows)


def relaxed(store: ConsoleStore, asked: Asked) -> Table:
    """Which limits gave way, so that there was something to show."""
    found = store.figures.totals("relaxed", asked)
    columns = (Column("console-figures-limit", "word", "console-slot-"), _count())
    return Table("relaxed", columns, [list(each) for each in _largest(found)])


def way(store: ConsoleStore, asked: Asked) -> Table:
    """From a message to an order, by campaign: in turns, without those answered with less."""
    found = store.figures.by_campaign("way", asked)
    rows = []
    for name, steps in sorted(found.items(), key=lambda each: -each[1].get("messages", 0)):
        counts = [steps.get(step, 0) for step in _STEPS]
        rows.append([name or "–", *counts, _share(counts[-1], counts[1])])
    columns = [Column(f"console-figures-step-{step}") for step in _STEPS]
    return Table(
        "way",
        (
            Column("console-figures-campaign", "text", "console-figures-campaign-", (LINKED, REFERRAL, OTHER)),
            *columns,
            Column("console-figures-conversion", "share"),
        ),
        rows,
    )


def paid(store: ConsoleStore, asked: Asked) -> Table:
    """Cards that were paid for beside the others: shown, and what came of them."""
    every, sponsored = store.figures.totals("cards", asked), store.figures.totals("paid", asked)
    others = {step: every[step] - sponsored.get(step, 0) for step in every}
    rows = []
    for name, cards in (("sponsored", sponsored), ("organic", others)):
        shown, liked = cards.get("shown", 0), cards.get("liked", 0)
        rate = wilson(liked, shown) if shown else None
        rows.append(
            [name, shown, liked, *((rate.value, rate.low, rate.high) if rate else (None, None, None)),
             cards.get("carted", 0), cards.get("ordered", 0)]
        )  # fmt: skip
    columns = (
        Column("console-figures-place", "word", "console-figures-place-"),
        *(Column(f"console-figures-{code}") for code in ("shown", "clicks")),
        *(Column(f"console-figures-{code}", "share") for code in ("rate", "rate-low", "rate-high")),
        *(Column(f"console-figures-{code}") for code in ("carts", "orders")),
    )
    return Table("paid", columns, rows)


def latency(store: ConsoleStore, asked: Asked) -> Table:
    """How long each stage took, in milliseconds, true to an eighth; where no language is asked for, also in each. Of
    every campaign.
    """
    spoken = () if asked.language else LANGUAGES
    whole = store.figures.bins(asked)
    parts = {language: store.figures.bins(replace(asked, language=language)) for language in spoken}
    rows = []
    for stage, bins in sorted(whole.items(), key=lambda each: -(quantile(each[1], 0.95) or 0)):
        row: list[Any] = [stage, sum(bins.values()), quantile(bins, 0.5), quantile(bins, 0.95)]
        for language in spoken:
            own = parts[language].get(stage, {})
            row += [quantile(own, 0.5), quantile(own, 0.95)]
        rows.append(row)
    each = [Column(f"console-figures-{which}-{code}", "decimal") for code in spoken for which in ("p50", "p95")]
    return Table("latency", (Column("console-figures-stage", "text"), _count(), *_milliseconds(), *each), rows)


def holdout(store: ConsoleStore) -> Table:
    """What learning is worth, as counted by night: rates by card of those who are held out and of the others, and the
    difference, each with its interval; last, the share of shoppers who ever ordered.
    """
    _, found = store.counted.get(ARMS) or (None, {"arms": [], "difference": {}})
    sides = {arm["name"]: arm for arm in found["arms"]}
    held, live = sides.get(HELD_OUT), next((arm for name, arm in sides.items() if name != HELD_OUT), None)
    rows: list[list[Any]] = []
    if held and live:
        for goal in GOALS:
            three = (held["rates"][goal], live["rates"][goal], found["difference"].get(goal))
            rows.append([goal, *(value for rate in three for value in _interval(rate))])
        rows.append(["buyers", *_interval(held["buyers"]), *_interval(live["buyers"]), None, None, None])
    columns = [
        Column(f"console-figures-{side}{end}", "share")
        for side in ("held", "live", "gain")
        for end in ("", "-low", "-high")
    ]
    return Table("holdout", (Column("console-figures-what", "word", "console-figures-holdout-"), *columns), rows)


def _interval(rate: Mapping[str, float] | None) -> list[float | None]:
    return [rate[name] for name in ("value", "low", "high")] if rate else [None, None, None]


def waiting(store: ConsoleStore, asked: Asked, interval: tuple[str, str]) -> Table:
    """Talks that a person took over: how many, how long shoppers waited, in minutes, and what they said of it."""
    found = handoffs(store.db, interval, asked.language)
    rows = [
        [each.reason, each.cases, each.taken, each.waited_median, each.waited_95, each.good, each.fair, each.bad]
        for each in found
    ]
    codes = ("cases", "taken")
    columns = (
        Column("console-figures-reason", "word", "console-figures-reason-"),
        *(Column(f"console-figures-{code}") for code in codes),
        *(Column(f"console-figures-{code}", "decimal") for code in ("waited", "waited-95")),
        *(Column(f"console-figures-{code}") for code in ("satisfied", "half-satisfied", "unsatisfied")),
    )
    return Table("handoff", columns, rows)


def review(store: ConsoleStore, interval: tuple[str, str]) -> Table:
    """What was reviewed in these days, and how far two reviewers agree."""
    first, last = map(instants.from_text, interval)
    found = kappa(intents_of([pair for pair in store.opinions.pairs() if first <= pair.given_at < last]))
    rows: list[list[Any]] = [[verdict, count, None] for verdict, count in _largest(store.labels.verdicts(*interval))]
    rows.append(["pairs", found.pairs, None])
    rows.append(["agreement", found.same, _share(found.same, found.pairs)])
    rows.append(["kappa", None, found.value])
    columns = (
        Column("console-figures-what", "word", "console-figures-review-"),
        _count(),
        Column("console-figures-value", "decimal"),
    )
    return Table("review", columns, rows)


def writer(store: ConsoleStore, asked: Asked) -> Table:
    """What writing cost, day by day, the latest first."""
    rows = [[each.day, each.calls, each.tokens] for each in spending(store.db, asked.first, asked.last)]
    return Table("writer", (_DAY, Column("console-figures-calls"), Column("console-figures-tokens")), rows)


def days(asked: Asked) -> list[str]:
    """Every day that was asked for, in order."""
    first, last = date.fromisoformat(asked.first), date.fromisoformat(asked.last)
    return [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _largest(found: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))


def _count() -> Column:
    return Column("console-figures-count")


def _of() -> Column:
    return Column("console-figures-share", "share")


def _milliseconds() -> tuple[Column, Column]:
    return Column("console-figures-p50", "decimal"), Column("console-figures-p95", "decimal")
