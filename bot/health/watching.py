"""Watches over the bot while it runs, and tells the owner, in the log always and in a chat where there is one.

What was told is kept in the database, so that a restart repeats nothing; where that cannot be written, which may be
the very trouble, it is remembered until it can.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from bot.health import figures
from bot.health.alerts import due, holds, lately, stepped, told
from bot.health.readings import Clock, Reading, Readings
from bot.health.rules import RULES
from bot.health.telling import notice_text
from bot.spoken import spoken_language
from bot.wording import Wording
from storage.health import AlertState
from storage.records import Language

if TYPE_CHECKING:
    from bot.wiring import House

LOOK_S = 10.0
_DATABASE_S = 5.0
_RETRY_S, _LONGEST_RETRY_S = 30.0, 600.0
_log = logging.getLogger(__name__)
Tell = Callable[[int, str], Awaitable[None]]


class Watch:
    """The alerts of a running bot.

    Args:
        tell: writes plain text into a chat; raises where it cannot.
        clock: seconds since 1970.
        look: seconds between looks.
    """

    def __init__(
        self, house: House, readings: Readings, tell: Tell, wording: Wording, clock: Clock, look: float = LOOK_S
    ) -> None:
        self._house, self._readings, self._tell, self._wording = house, readings, tell, wording
        self._clock, self._look = clock, look
        self._states: dict[str, AlertState] = {}
        self._messages: tuple[float, ...] = ()
        self._kept: tuple[dict[str, AlertState], tuple[float, ...]] = ({}, ())
        self._language: Language = "en"
        self._failures, self._not_before = 0, 0.0

    @property
    def holding(self) -> tuple[str, ...]:
        """The alerts that hold now."""
        return tuple(name for name, state in self._states.items() if holds(state))

    async def run(self) -> None:
        """Looks until cancelled."""
        await self._recall()
        at = self._clock()
        while True:
            now = self._clock()
            try:
                await self._round(now, now - at)
            except Exception:
                _log.exception("The bot's health could not be watched")
            at = now
            await asyncio.sleep(self._look)

    async def _round(self, now: float, elapsed: float) -> None:
        readings = await self._readings.take()
        before = self._states
        levels = {name: reading.level for name, reading in readings.items()}
        self._states = stepped(RULES, before, levels, elapsed, now)
        self._log_changes(before, readings)
        notice = due(RULES, self._states, self._messages, now)
        if notice and now >= self._not_before:
            text = notice_text(notice, self._states, readings, now, self._wording, await self._spoken())
            if await self._sent(text, now):
                self._states = told(self._states, notice, now)
                self._messages = lately(self._messages, now)
        await self._keep()

    async def _sent(self, text: str, now: float) -> bool:
        """Whether the owner knows; without a chat the log is where the owner looks."""
        chat = self._house.settings.owner_chat
        if chat is None:
            return True
        try:
            await self._tell(chat, text)
        except Exception as error:
            self._failures += 1
            self._not_before = now + min(_RETRY_S * 2 ** (self._failures - 1), _LONGEST_RETRY_S)
            _log.error("The owner could not be told, and will be: %s", type(error).__name__)
            return False
        self._failures = 0
        return True

    def _log_changes(self, before: Mapping[str, AlertState], readings: Mapping[str, Reading]) -> None:
        for name, state in self._states.items():
            was = name in before and holds(before[name])
            figures.ALERT_FIRING.labels(alert=name).set(holds(state))
            if holds(state) and not was:
                facts = dict(readings[name].facts) if name in readings else {}
                _log.error("Alert: see %s in docs/operations.md", name, extra={"alert": name, **facts})
            elif was and not holds(state):
                _log.warning("Alert is over: %s", name, extra={"alert": name})

    async def _spoken(self) -> Language:
        """The owner's language, as it was known last where the database is the trouble."""
        chat = self._house.settings.owner_chat
        if chat is not None:
            try:
                async with asyncio.timeout(_DATABASE_S):
                    self._language = await self._house.database.run(lambda shop: spoken_language(shop, chat, "en"))
            except Exception as error:
                _log.debug("The owner's language cannot be read: %r", error)
        return self._language

    async def _recall(self) -> None:
        try:
            self._states, self._messages = await self._house.database.run(
                lambda shop: (shop.health.alerts(), shop.health.messages())
            )
        except Exception as error:
            _log.warning("What the owner was told before is not known: %s", error)
        await self._spoken()

    async def _keep(self) -> None:
        now = self._states, self._messages
        if now == self._kept:
            return
        try:
            async with asyncio.timeout(_DATABASE_S):
                await self._house.database.run(lambda shop: shop.health.keep_alerts(now[0].values(), now[1]))
        except Exception as error:
            _log.debug("How the alerts stand is kept later: %r", error)
        else:
            self._kept = now
