"""Keeps what goes with what up to date while the bot runs: after every import of events, else once an hour where
shoppers have reacted since.

Learned in the indexer's thread, so that no shopper waits for it; the search gets a new value, swapped whole.
"""

from __future__ import annotations

import asyncio
import time

from bot.upkeep.following import attempt
from bot.wiring import House

LOOK_S, EVERY_S = 5.0, 3_600.0
_FAILED = "What goes together could not be learned; what was learned last holds"


class Pairing:
    """`run()` follows the shop's events and reactions until it is cancelled. Times in seconds."""

    def __init__(self, house: House, look: float = LOOK_S, every: float = EVERY_S) -> None:
        self._house, self._look, self._every = house, look, every

    async def run(self) -> None:
        imported, reacted, learned = -1, -1, 0.0
        while True:
            now = await self._house.database.run(lambda shop: (shop.behaviour.revision(), shop.feedback.revision()))
            due = now[1] != reacted and time.monotonic() - learned >= self._every
            if now[0] != imported or due:
                (imported, reacted), learned = now, time.monotonic()
                await attempt(self._house.follow_together, _FAILED)
            await asyncio.sleep(self._look)
