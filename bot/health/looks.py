"""What /readyz looks at, each with the sentence that says how it is and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.health import figures
from bot.health.checks import Check, Finding
from bot.health.machine import free_bytes
from bot.stand_in import StandIn
from bot.threads.hanging import MOST
from bot.upkeep.backups import backup_age
from storage.feed_states import FeedState

if TYPE_CHECKING:
    from bot.wiring import House

CONTACT_S = 60.0
BACKUP_LATE = timedelta(hours=30)
"""Age of the last backup from which a night was missed."""
HOUR = timedelta(hours=1)
_CANARY = "red dress 红色连衣裙"
_MEGABYTE = 1024 * 1024
Contact = Callable[[], datetime | None]


class Looks:
    """The checks of a running bot.

    Args:
        contact: when updates were last fetched, or a webhook was served; None: not since the start.
    """

    def __init__(self, house: House, contact: Contact) -> None:
        self._house, self._contact, self._since = house, contact, datetime.now(UTC)

    def checks(self) -> tuple[Check, ...]:
        patience = self._house.settings.understand_timeout
        return (
            Check("telegram", self.telegram, every=5, limit=2),
            Check("database", self.database, every=15, limit=15),
            Check("model", self.model, every=30, limit=patience),
            Check("index", self.index, every=30, limit=self._house.settings.search_timeout),
            Check("disk", self.disk, every=30, limit=5),
            Check("threads", self.threads, every=5, limit=2, required=False),
            Check("feeds", self.feeds, every=60, limit=15, required=False),
            Check("backup", self.backup, every=60, limit=5, required=False),
        )

    async def telegram(self) -> Finding:
        last = self._contact()
        age = (datetime.now(UTC) - (last or self._since)).total_seconds()
        if last and age < CONTACT_S:
            return Finding(True, f"Updates were fetched {max(age, 0):.0f} s ago.")
        what = f"No updates could be fetched for {age:.0f} s." if last else f"Nothing was fetched yet, in {age:.0f} s."
        return Finding(False, what, "See the log for what Telegram says: network, token, another process that polls.")

    async def database(self) -> Finding:
        now = datetime.now(UTC)
        await self._house.database.run(lambda shop: shop.health.beat("bot", now))
        took = (datetime.now(UTC) - now).total_seconds()
        return Finding(True, f"A write was committed in {took * 1000:.0f} ms.")

    async def model(self) -> Finding:
        model = await self._house.understander.ready()
        if isinstance(model, StandIn):
            todo = "The log says what is wrong with the model's files; mend them and start again."
            return Finding(False, "The plain rules answer in the model's place.", todo)
        said = await self._house.understander.run(lambda reader: reader.understand(_CANARY))
        return Finding(True, f"{model.version} reads a message as {said.intent.value}.")

    async def index(self) -> Finding:
        size, chroma = await self._house.search.run(lambda part: part.probe())
        return Finding(True, f"{size} products are found by meaning, {'with' if chroma else 'without'} Chroma.")

    async def disk(self) -> Finding:
        settings = self._house.settings
        free = await asyncio.to_thread(free_bytes, settings.data)
        figures.DISK_FREE.set(free)
        what = f"{free / _MEGABYTE:.0f} MB are free where the data lie."
        if free >= settings.disk_free_megabytes * _MEGABYTE:
            return Finding(True, what)
        return Finding(False, what, f"There should be {settings.disk_free_megabytes} MB: make room, or a larger disk.")

    async def threads(self) -> Finding:
        parts = self._house.hanging.parts
        if not parts:
            return Finding(True, "No thread hangs.")
        what = f"{len(parts)} of {MOST} threads that may hang do: {', '.join(parts)}. Others have taken their place."
        return Finding(False, what, "Restart at a quiet moment, which frees what they hold.")

    async def feeds(self) -> Finding:
        states = await self._house.database.run(lambda shop: list(shop.feeds.all()))
        now = datetime.now(UTC)
        stale = stale_feeds(states, self._house.settings.feed_stale_hours, now)
        if stale:
            todo = "Run shopbot catalog sync by hand: it says what is wrong."
            return Finding(False, f"{len(stale)} of {len(states)} feeds have not synced for too long.", todo)
        return Finding(True, f"{len(states)} feeds are current." if states else "No feed is synced.")

    async def backup(self) -> Finding:
        settings, now = self._house.settings, datetime.now(UTC)
        age = await asyncio.to_thread(backup_age, settings, now)
        figures.BACKUP_AGE.set(age.total_seconds() if age else -1)
        if settings.backups is None:
            return Finding(True, "None is made: SHOPBOT_BACKUPS names no folder.")
        late = age or now - self._since
        what = f"The last one is {late / HOUR:.1f} h old." if age else "There is none yet."
        if late <= BACKUP_LATE:
            return Finding(True, what)
        return Finding(False, what, "Run shopbot backup by hand: it says what is wrong.")


def stale_feeds(states: list[FeedState], hours: float, now: datetime) -> list[FeedState]:
    """The feeds that are synced regularly and have not been for `hours`, or three times their pace."""
    ages = [now - state.good_at for state in states if state.every and state.good_at]
    figures.FEED_AGE.set(max(ages).total_seconds() if ages else -1)
    return [state for state in states if _is_stale(state, hours, now)]


def _is_stale(state: FeedState, hours: float, now: datetime) -> bool:
    allowed = max(timedelta(seconds=3 * state.every), timedelta(hours=hours))
    return state.every > 0 and (state.good_at is None or now - state.good_at > allowed)
