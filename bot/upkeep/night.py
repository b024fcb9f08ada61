"""What is done by night: days are counted, periods end, a backup is made, arms are compared, the talk is watched for
change.

    said = work(settings, store)            # what each step said; bot/upkeep/nightly.py asks for it once a day

Each step stands for itself: one that fails is told, and the others are done all the same. The steps are safe to repeat.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.console.counting import refresh
from bot.counted_arms import count_arms
from bot.drift.watching import DriftError, watch
from bot.settings import Settings
from bot.upkeep.backups import back_up, end_copies
from bot.upkeep.clock_doubt import ClockDoubtError, believe, clock_doubt
from bot.upkeep.retention import RetentionDesk, cuts
from storage.case_files import sweep_files
from storage.console.database import ConsoleStore
from storage.console.nights import Said
from storage.console.personal import sweep
from storage.retention import Kept

_log = logging.getLogger(__name__)

Step = Callable[[Settings, ConsoleStore], Said]


def work(settings: Settings, store: ConsoleStore, told: Callable[[Said], None] = lambda _: None) -> list[Said]:
    """Does every step; what each said."""
    done = []
    for name, step in STEPS.items():
        try:
            said = step(settings, store)
        except Exception as error:
            _log.exception("The nightly step %s failed", name)
            said = (f"{name}-failed", {"why": " ".join(str(error).split())[:300] or type(error).__name__})
        told(said)
        done.append(said)
    return done


def end_periods(
    settings: Settings, store: ConsoleStore, told: Callable[[Kept, int], None] = lambda *_: None, sure: bool = False
) -> int:
    """Whatever is older than its period goes, in small steps that a running bot answers between; the days are to have
    been counted before. Rows that went, in all. Raises ClockDoubtError where the clock has leapt and nobody is `sure`.
    """
    now = datetime.now(UTC)
    if not sure and (doubt := clock_doubt(settings, now)):
        raise ClockDoubtError(f"{doubt}.")
    ends = cuts(settings, now)
    if counted := [cut for kept, cut in ends.items() if kept is not Kept.INBOX]:
        store.figures.close_before(max(counted).date().isoformat())
    gone = 0
    with RetentionDesk(settings.data) as desk:
        for kept, cut in ends.items():
            rows = desk.end(kept, cut, lambda step, kept=kept: told(kept, step))  # type: ignore[misc]
            gone += rows
    gone += sum(sweep(store).values())
    if settings.keep_audit_days:
        gone += store.audit.forget_before(now - timedelta(days=settings.keep_audit_days))
    sweep_files(settings.data)
    gone += end_copies(settings, now)
    believe(store, now)
    return gone


def _sums(settings: Settings, store: ConsoleStore) -> Said:
    counted = 0

    def told(done: int, _: int) -> None:
        nonlocal counted
        counted = done

    refresh(store, settings.clock, told=told)
    return "sums", {"days": counted}


def _retention(settings: Settings, store: ConsoleStore) -> Said:
    return "retention", {"rows": end_periods(settings, store)}


def _backup(settings: Settings, store: ConsoleStore) -> Said:
    """After the periods ended: what is over is in no backup that begins now."""
    if settings.backups is None:
        return "no-backup", {}
    done = back_up(settings, settings.backups)
    return "backup", {"megabytes": round(done.taken.manifest.size / 1e6), "seconds": round(done.taken.seconds)}


def _arms(settings: Settings, store: ConsoleStore) -> Said:
    return "arms", {"shoppers": count_arms(settings.data, store)}


def _drift(settings: Settings, store: ConsoleStore) -> Said:
    try:
        report: dict[str, Any] = watch(settings.data)
    except DriftError:
        return "drift", {"state": "too-little", "flagged": 0}
    return "drift", {"state": report["state"], "flagged": len(report["flagged"])}


STEPS: dict[str, Step] = {"sums": _sums, "retention": _retention, "backup": _backup, "arms": _arms, "drift": _drift}
"""In their order: what is about to go is counted first."""
