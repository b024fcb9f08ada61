"""How updates get into the inbox: one commit for many, whichever way they came, and only then are they ours.

Polling stores a batch; a webhook's updates come one by one, and those that arrive during a commit share the next.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.telegram.updates import MalformedUpdateError, body_of, read_update
from bot.workers import Worker
from storage.records import Update
from storage.shop import Shop

MOST_WAITING = 400
"""Updates that may wait for a commit; Telegram is asked to come again with more."""
_log = logging.getLogger(__name__)


class OverloadedError(Exception):
    """Nothing more can be taken now."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What came together: updates in order, and (body, error) of what is none."""

    updates: tuple[Update, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Batch) -> Batch:
        return Batch(self.updates + other.updates, self.broken + other.broken)


def read_batch(raws: Sequence[Any], at: datetime) -> Batch:
    """Raw updates as they are stored: in the order of their numbers, whichever they came in."""
    updates, broken = [], []
    for raw in raws:
        try:
            updates.append(read_update(raw, at))
        except MalformedUpdateError as error:
            broken.append((body_of(raw), str(error)))
    return Batch(tuple(sorted(updates, key=lambda update: update.update_id)), tuple(broken))


def store_batch(shop: Shop, batch: Batch, bot_id: int) -> Sequence[Update]:
    """Stores a batch; gives back those still to be worked: not the ones that came a second time after the first."""
    for body, error in batch.broken:
        _log.error("Malformed update is passed over: %s", error)
        shop.inbox.report(body, error)
    added = shop.inbox.add(batch.updates, bot_id=bot_id)
    if added == len(batch.updates):
        return batch.updates
    found = shop.inbox.pending_of([update.update_id for update in batch.updates])
    pending = {update.update_id: update for update in found}
    return [pending[update.update_id] for update in batch.updates if update.update_id in pending]


class Arrivals:
    """`await arrivals.keep(batch)` returns when it is on the disk.

    Args:
        hand_over: takes the stored updates that are to be worked, after the commit.
        patience: seconds that whoever brings an update waits for its commit.
    """

    def __init__(
        self,
        database: Worker[Shop],
        bot_id: int,
        hand_over: Callable[[Sequence[Update]], None],
        patience: float = 15.0,
        most: int = MOST_WAITING,
    ) -> None:
        self._database, self._bot_id, self._hand_over = database, bot_id, hand_over
        self._patience, self._most = patience, most
        self._waiting: list[tuple[Batch, asyncio.Future[None]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def keep(self, batch: Batch) -> None:
        """Raises OverloadedError, TimeoutError or what the database raised: then Telegram must bring it again.

        What is stored after its bringer lost patience is handed over all the same; it is known when it comes again.
        """
        if len(self._waiting) >= self._most:
            raise OverloadedError(f"{len(self._waiting)} updates wait to be stored")
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((batch, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        async with asyncio.timeout(self._patience):
            await stored

    async def settle(self) -> None:
        """Waits until nothing is being stored."""
        if self._storing is not None:
            await asyncio.gather(self._storing, return_exceptions=True)

    async def _store(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            whole = sum((batch for batch, _ in taken), Batch())
            try:
                fresh = await self._database.run(lambda shop, whole=whole: store_batch(shop, whole, self._bot_id))  # type: ignore[misc]
            except Exception as error:
                for _, stored in taken:
                    if not stored.done():
                        stored.set_exception(error)
                continue
            self._hand_over(fresh)
            for _, stored in taken:
                if not stored.done():
                    stored.set_result(None)
