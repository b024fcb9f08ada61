"""The level of each alert, as it is now, with the facts that its words need.

A level that cannot be told now is None, which neither raises an alert nor ends it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bot.health import figures
from bot.health.checks import Checks
from bot.health.looks import BACKUP_LATE, HOUR, Contact, stale_feeds
from bot.health.machine import free_bytes, memory_limit_bytes, resident_bytes
from bot.health.windows import Share, Windows
from bot.threads.hanging import MOST
from bot.upkeep.backups import backup_age
from bot.upkeep.clock_doubt import LEAP, clock_doubt
from storage.console.database import ConsoleStore
from storage.database import DatabaseError
from storage.shop import Shop

if TYPE_CHECKING:
    from bot.wiring import House

WINDOW_S = 900.0
_CONFLICTS_S = 300.0
_LEAST_FAILED, _LEAST_TURNS, _LEAST_REQUESTS, _LEAST_PAGES = 3, 3, 10, 3
_SLOW_LOOK_S = 60.0
_MEGABYTE = 1024 * 1024
_log = logging.getLogger(__name__)
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Reading:
    """A level for a rule's thresholds, and facts for its words."""

    level: float | None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


UNKNOWN = Reading(None)


class Readings:
    """Takes all of them.

    Args:
        contact: when updates last came from Telegram.
        oldest: when the update arrived that waits longest.
        clock: seconds; ages are counted by it.
    """

    def __init__(
        self, house: House, checks: Checks, contact: Contact, oldest: Callable[[], datetime | None], clock: Clock
    ) -> None:
        self._house, self._checks, self._contact, self._oldest, self._clock = house, checks, contact, oldest, clock
        self._windows = Windows(WINDOW_S)
        self._contact_at: tuple[datetime | None, float] = (None, clock())
        self._began = datetime.now(UTC)
        self._slow: dict[str, Reading] = {}
        self._slow_at = -_SLOW_LOOK_S
        self._limit = memory_limit_bytes(house.settings.memory_megabytes)

    async def take(self) -> dict[str, Reading]:
        """By rule. Never raises."""
        now = self._clock()
        self._windows.look(now)
        found = {
            "poll-stalled": self._poll_stalled(now),
            "poll-conflict": self._count("conflicts", _CONFLICTS_S),
            "webhook-failing": self._webhook(),
            "database-write": self._check("database"),
            "index-failing": self._check("index"),
            "thread-hung": self._hung(),
            "memory-high": self._memory(),
            "backlog": self._backlog(),
            "errors": self._share("failed updates", "updates", _LEAST_FAILED),
            "telegram-refuses": self._share("refused requests", "requests", _LEAST_REQUESTS),
            "model-on-rules": self._model(),
            "writer-failing": self._share("failed pages", "pages", _LEAST_PAGES),
        }
        if now - self._slow_at >= _SLOW_LOOK_S:
            self._slow_at = now
            self._slow = {
                "disk-low": await self._tried(self._disk),
                "backup-old": await self._tried(self._backup),
                "clock-leap": await self._tried(self._clock_leap),
                "feed-stale": await self._tried(self._feeds),
                "case-waiting": await self._tried(self._cases),
                "review-queue": await self._tried(self._review_queue),
            }
        return found | self._slow

    async def _tried(self, look: Callable[[], Awaitable[Reading]]) -> Reading:
        try:
            async with asyncio.timeout(10):
                return await look()
        except Exception as error:
            _log.debug("A reading cannot be taken: %r", error)
            return UNKNOWN

    # --- from what is at hand -----------------------------------------------------------------------

    def _poll_stalled(self, now: float) -> Reading:
        """Counted by our own clock from the moment at which the last contact changed."""
        last = self._contact()
        if last != self._contact_at[0]:
            self._contact_at = last, now
        age = now - self._contact_at[1]
        return Reading(age, {"minutes": _minutes(age)})

    def _webhook(self) -> Reading:
        """Failed deliveries, as long as something waits."""
        pending = self._windows.now("webhook pending")
        failed = self._windows.added("webhook errors", WINDOW_S) if pending else 0.0
        return Reading(failed, {"count": round(pending)})

    def _backlog(self) -> Reading:
        oldest = self._oldest()
        age = max(0.0, (datetime.now(UTC) - oldest).total_seconds()) if oldest else 0.0
        return Reading(age, {"seconds": round(age)})

    def _check(self, name: str) -> Reading:
        failing = self._checks.failing(name)
        return UNKNOWN if failing is None else Reading(float(failing))

    def _count(self, name: str, seconds: float) -> Reading:
        count = self._windows.added(name, seconds)
        return Reading(count, {"count": round(count)})

    def _share(self, part: str, whole: str, least: float) -> Reading:
        return _of_share(self._windows.share(part, whole, WINDOW_S), least)

    def _model(self) -> Reading:
        """All turns where the rules stand in for a model that could not be loaded."""
        share = self._windows.share("turns by rules", "turns", WINDOW_S)
        if self._checks.failing("model"):
            return Reading(1.0, {"percent": 100})
        return _of_share(share, _LEAST_TURNS)

    def _hung(self) -> Reading:
        parts = self._house.hanging.parts
        return Reading(len(parts), {"count": len(parts), "most": MOST, "part": ", ".join(sorted(set(parts)))})

    def _memory(self) -> Reading:
        share = resident_bytes() / self._limit
        return Reading(share, {"percent": round(100 * share), "megabytes": round(self._limit / _MEGABYTE)})

    # --- from disk and database ---------------------------------------------------------------------

    async def _disk(self) -> Reading:
        settings = self._house.settings
        free = await asyncio.to_thread(free_bytes, settings.data)
        wanted = settings.disk_free_megabytes * _MEGABYTE
        return Reading(wanted / max(free, 1), {"megabytes": free // _MEGABYTE})

    async def _backup(self) -> Reading:
        """Where backups are wanted, and none was ever made, the age is that of this run."""
        settings, now = self._house.settings, datetime.now(UTC)
        if settings.backups is None:
            return Reading(0.0)
        age = await asyncio.to_thread(backup_age, settings, now) or now - self._began
        return Reading(age / BACKUP_LATE, {"hours": round(age / HOUR)})

    async def _clock_leap(self) -> Reading:
        """Where no night is worked, nothing is removed by the clock."""
        settings = self._house.settings
        if settings.night_time is None:
            return Reading(0.0)
        leapt = bool(await asyncio.to_thread(clock_doubt, settings, datetime.now(UTC)))
        figures.CLOCK_LEAP.set(leapt)
        return Reading(float(leapt), {"days": LEAP.days})

    async def _feeds(self) -> Reading:
        states = await self._house.database.run(lambda shop: list(shop.feeds.all()))
        stale = stale_feeds(states, self._house.settings.feed_stale_hours, datetime.now(UTC))
        return Reading(len(stale), {"count": len(stale), "feed": stale[0].source if stale else ""})

    async def _cases(self) -> Reading:
        """How long the shopper has waited who has waited longest, while somebody is there, over the shop's patience."""
        waited = await self._house.database.run(self._waited)
        figures.CASES_WAITING.set(len(waited))
        longest = max(waited, default=timedelta())
        patience = timedelta(minutes=self._house.settings.case_patience)
        return Reading(longest / patience, {"count": len(waited), "minutes": _minutes(longest.total_seconds())})

    def _waited(self, shop: Shop) -> list[timedelta]:
        now, hours = self._house.clock(), self._house.hand_off.hours
        if not hours.open_at(now):
            return []
        came = [hours.next_opening(case.opened_at.astimezone(now.tzinfo)) for case in shop.cases.waiting()]
        return [max(now - at, timedelta()) for at in came if at is not None]

    async def _review_queue(self) -> Reading:
        size = await asyncio.to_thread(self._queued)
        figures.REVIEW_QUEUE.set(size)
        return Reading(size, {"count": size})

    def _queued(self) -> int:
        """Read as a guest; there is no queue where nobody has opened the console yet."""
        try:
            with ConsoleStore.open(self._house.settings.data, readonly=True) as store:
                waiting = store.queue.open("")
        except DatabaseError:
            return 0
        return waiting.worth + waiting.sample


def _of_share(share: Share, least: float) -> Reading:
    level = share.level(least)
    return Reading(level, {"percent": round(100 * level), "count": round(share.part)})


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))
