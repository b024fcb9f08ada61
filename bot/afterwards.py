"""What a page's log still needs once the shopper has the answer: how likely each candidate was to be on it.

The estimate takes about a thousand draws, so it waits until nobody is waiting; in a shop that is never quiet, until
some pages have come together, and then it yields to shoppers. It can be made again from the stored seed and the version
of the taste, so a kill, or pages left out under overload, lose nothing that could not be rebuilt.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from bot.overload import Level, Overload, yields
from bot.workers import Worker
from recommender.recommender import Recommender
from recommender.request import Request
from storage.database import DatabaseError
from storage.records import Slate
from storage.shop import Shop

log = logging.getLogger(__name__)
_REMEMBERED = 500  # pages, 60 KB each: while the bot is overloaded they only come
_BEHIND = 50  # pages from which no quiet moment is waited for
_IDLE_S = 0.3


class Afterwards:
    """A queue of pages whose propensities are still to be estimated; worked when no turn is under way.

    Args:
        idle: seconds without a page after which nobody is taken to wait.
    """

    def __init__(self, database: Worker[Shop], search: Worker[Recommender], idle: float = _IDLE_S) -> None:
        self._database, self._search, self._idle = database, search, idle
        self._pages: deque[tuple[int, Request, Slate]] = deque(maxlen=_REMEMBERED)
        self._last = 0.0
        self._overload = Overload()

    def heed(self, overload: Overload) -> None:
        """Waits, too, while shoppers wait."""
        self._overload = overload

    def remember(self, turn_id: int, request: Request, slate: Slate) -> None:
        self._pages.append((turn_id, request, slate))
        self._last = asyncio.get_running_loop().time()

    @property
    def waiting(self) -> int:
        return len(self._pages)

    async def run(self) -> None:
        """Works the queue until cancelled."""
        yields.set(True)
        while True:
            await asyncio.sleep(_IDLE_S)
            while self._pages and self._is_time():
                await self._estimate(*self._pages.popleft())

    def _is_time(self) -> bool:
        quiet = asyncio.get_running_loop().time() - self._last >= self._idle
        return (quiet or len(self._pages) > _BEHIND) and self._overload.level < Level.NO_AFTERWARDS

    async def settle(self, limit: int = _REMEMBERED) -> None:
        """Works off the queue now, at most `limit` pages: for tests and a shutdown in good order."""
        for _ in range(limit):
            if not self._pages:
                return
            await self._estimate(*self._pages.popleft())

    async def _estimate(self, turn_id: int, request: Request, slate: Slate) -> None:
        try:
            found = await self._search.run(lambda part: part.propensities(request, slate))
            await self._database.run(lambda shop: shop.impressions.set_propensities(turn_id, found))
        except DatabaseError as error:  # a full disk is told of where it holds up answers, too
            log.warning("No propensities for turn %s: %s", turn_id, error)
        except Exception:
            log.exception("No propensities for turn %s", turn_id)
