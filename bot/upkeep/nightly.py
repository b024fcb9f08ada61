"""Once a day, at an hour of the shop's own clock, the running bot has the nightly work done: by a process of its own at
low priority (`shopbot night`), so that no shopper waits for it.

A night that was missed, because nothing ran, is made up for some minutes after the start.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from storage.console.database import FILE_NAME, ConsoleStore
from storage.database import DatabaseError

if TYPE_CHECKING:
    from bot.wiring import House

_LOOK_S, _NICE = 60.0, "15"
_AFTER_START_S = 600.0  # a start has enough to do, and a bot that is only tried out is spared the work
_log = logging.getLogger(__name__)


class Nightly:
    """Runs beside the talk.

    Args:
        after_start, look: seconds until the first look, and between looks.
    """

    def __init__(self, house: House, after_start: float = _AFTER_START_S, look: float = _LOOK_S) -> None:
        self._house, self._after_start, self._look = house, after_start, look

    async def run(self) -> None:
        """Looks every minute, until cancelled; the work of a night that is under way then is ended."""
        at = self._house.settings.night_time
        if at is None:
            return
        await asyncio.sleep(self._after_start)
        while True:
            now = self._house.clock()
            if now.time() >= at and await asyncio.to_thread(self._due, now):
                await self._work()
            await asyncio.sleep(self._look)

    def _due(self, now: datetime) -> bool:
        """Whether this night is still to be worked. Where there is no console's database yet, it is."""
        folder = self._house.settings.data
        if not (folder / FILE_NAME).is_file():
            return True
        try:
            with ConsoleStore.open(folder, readonly=True) as store:
                return store.nights.due(now.date(), now.astimezone(UTC))
        except DatabaseError as error:
            _log.info("Whether the nightly work is done cannot be told yet: %s", error)
            return True  # of an older version: the work itself brings it up to date

    async def _work(self) -> None:
        command = [sys.executable, "-m", "bot", "night", "--nice", _NICE, "--data", str(self._house.settings.data)]
        working = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            said, _ = await working.communicate()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                working.terminate()
            await working.wait()
            raise
        words = "; ".join(line for line in said.decode(errors="replace").splitlines() if line.strip())
        (_log.info if working.returncode == 0 else _log.error)("The nightly work: %s", words)
