"""Tells shoppers what became of what they saved and asked about: after each change of the catalogue, and now and then,
because quiet hours end and a new day begins.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bot.errands.saved.news import tell_news
from bot.upkeep.following import attempt

if TYPE_CHECKING:
    from bot.wiring import House

LOOK_S, EVERY_S = 2.0, 300.0
_FAILED = "News of saved items could not be told; they are at the next round"


class Noticing:
    """`run()` follows the catalogue until it is cancelled. Times in seconds."""

    def __init__(self, house: House, look: float = LOOK_S, every: float = EVERY_S) -> None:
        self._house, self._look, self._every = house, look, every

    async def run(self) -> None:
        revision, looked = -1, 0.0
        while True:
            now = await self._house.database.run(lambda shop: shop.catalogue.revision())
            if now != revision or time.monotonic() - looked >= self._every:
                revision, looked = now, time.monotonic()
                await attempt(self._tell, _FAILED)
            await asyncio.sleep(self._look)

    async def _tell(self) -> None:
        house = self._house
        if await house.database.run(lambda shop: tell_news(shop, house.clock(), house.settings.quiet)):
            house.outbox_changed.set()
