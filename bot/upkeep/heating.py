"""Keeps what depends on the clock up to date while the bot runs: what is popular and trending, and dated synonyms.

Counted in the indexer's thread, so that no shopper waits for it; the search gets a new value, swapped whole.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from bot.upkeep.following import attempt
from bot.wiring import House

LOOK_S, EVERY_S = 2.0, 600.0
_FAILED = "What is popular could not be counted; what was counted last holds"


class Heating:
    """`run()` follows the shop's events and reactions until it is cancelled. Times in seconds."""

    def __init__(self, house: House, look: float = LOOK_S, every: float = EVERY_S) -> None:
        self._house, self._look, self._every = house, look, every

    async def run(self) -> None:
        revision, counted, meanings = -1, 0.0, None
        while True:
            held = await self._house.database.run(lambda shop: shop.merchandising.meanings(datetime.now(UTC)))
            if meanings is not None and held != meanings:  # a synonym came, went, or reached one of its dates
                await self._house.database.run(lambda shop: shop.merchandising.touch_words())
                self._house.catalogue_changed()
            meanings = held
            now = await self._house.database.run(lambda shop: shop.behaviour.revision())
            if now != revision or time.monotonic() - counted >= self._every:
                revision, counted = now, time.monotonic()
                await attempt(self._house.follow_heat, _FAILED)
            await asyncio.sleep(self._look)
