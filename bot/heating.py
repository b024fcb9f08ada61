"""Keeps what is popular and trending up to date while the bot runs: after every import of events, else now and then.

Counted in the indexer's thread, so that no shopper waits for it; the search gets a new value, swapped whole.
"""

from __future__ import annotations

import asyncio
import logging
import time

from bot.wiring import ClosingError, House

LOOK_S, EVERY_S = 2.0, 600.0
log = logging.getLogger(__name__)


class Heating:
    """`run()` follows the shop's events and reactions until it is cancelled. Times in seconds."""

    def __init__(self, house: House, look: float = LOOK_S, every: float = EVERY_S) -> None:
        self._house, self._look, self._every = house, look, every

    async def run(self) -> None:
        revision, counted = -1, 0.0
        while True:
            now = await self._house.database.run(lambda shop: shop.behaviour.revision())
            if now != revision or time.monotonic() - counted >= self._every:
                revision, counted = now, time.monotonic()
                await self._follow()
            await asyncio.sleep(self._look)

    async def _follow(self) -> None:
        try:
            await self._house.follow_heat()
        except ClosingError:
            raise
        except Exception:
            log.exception("What is popular could not be counted; what was counted last holds")
