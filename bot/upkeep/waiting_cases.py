"""Looks after shoppers who wait for a person: whoever waits too long is told so, once, and offered the bot. What the
calendar says of today is read at each look.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from storage.shop import Shop

if TYPE_CHECKING:
    from bot.wiring import House

_EVERY_S = 10.0
_log = logging.getLogger(__name__)


class WaitingCases:
    """Runs beside the talk."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._patience = timedelta(minutes=house.settings.case_patience)

    async def run(self) -> None:
        """Looks every ten seconds, until cancelled."""
        while True:
            try:
                if await self._house.database.run(self._tell):
                    self._house.outbox_changed.set()
            except Exception:
                _log.exception("Waiting shoppers could not be looked after")
            await asyncio.sleep(_EVERY_S)

    def _tell(self, shop: Shop) -> int:
        self._house.calendar.adopt(shop)
        now, hand_off = self._house.clock(), self._house.hand_off
        late = [c for c in shop.cases.late(now - self._patience) if hand_off.is_late(c, now, self._patience)]
        for case in late:
            hand_off.late(shop, case, now)
        return len(late)
