"""A shopper who asks to be forgotten: every trace in the shop's database, then what staff noted about it.

    gone = erase_shopper(settings.data, user_id, store, "ana")      # beside a running bot, or without one

Who was erased is written nowhere; that somebody was, as a keyed hash (storage/erased.py).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.desks.control import Serve
from bot.desks.desk import Desk
from bot.labels.forgetting import sweep_sets
from bot.upkeep.backups import mirror_erasures
from bot.workers import Worker
from storage import forgetting
from storage.console.database import ConsoleStore
from storage.console.personal import sweep
from storage.forgetting import Settling
from storage.shop import Shop

_LOG_TRIES, _LOG_PAUSE_S = 20, 0.25
_log = logging.getLogger(__name__)
ERASE = "erase shopper"
AUDITED = "erase"
"""What the audit log calls it."""
Listed = Callable[[], object]
LARGEST = 2**53
"""Telegram's numbers have at most 52 bits."""


class ErasingDesk(Desk):
    """Erases; use as a context manager."""

    def erase(self, user_id: int) -> dict[str, int]:
        """Rows that went, by table of the shop's database."""
        if self._bot:
            gone: dict[str, int] = self._bot.ask(ERASE, user_id=user_id)["gone"]
            return gone
        assert self._shop is not None
        return forgetting.erase(self._shop, user_id)


def erasing_requests(database: Worker[Shop], listed: Listed) -> Mapping[str, Serve]:
    """The bot's side."""

    async def erase(request: dict[str, Any]) -> dict[str, Any]:
        return {"gone": await forget(database, int(request["user_id"]), listed)}

    return {ERASE: erase}


async def forget(database: Worker[Shop], user_id: int, listed: Listed) -> dict[str, int]:
    """Forgets a shopper step by step, others' turns in between; rows by table. `listed` then brings the list beside the
    backups up to date.
    """
    await database.run(lambda shop: forgetting.begin(shop, user_id))
    gone, over = Counter[str](), False
    while not over:
        step = await database.run(lambda shop: forgetting.forget(shop, user_id))
        gone.update(step.rows)
        over = step.over
    if gone["turns"]:
        await settle(database)
    await clear_log(database)
    await asyncio.to_thread(listed)
    return dict(gone)


async def settle(database: Worker[Shop]) -> None:
    """Takes the words of turns that are gone out of the index, step by step."""
    settling = await database.run(Settling)
    while await database.run(lambda _: settling.step()):
        pass


async def clear_log(database: Worker[Shop]) -> None:
    """Empties the write-ahead log; a reader who is in the way is waited for in between."""
    for _ in range(_LOG_TRIES):
        if await database.run(forgetting.clear_log):
            return
        await asyncio.sleep(_LOG_PAUSE_S)
    _log.warning("What was erased is overwritten, and may stand in the write-ahead log until the next checkpoint.")


async def resume(database: Worker[Shop], listed: Listed) -> None:
    """Goes on with what a process that died had begun."""
    for user_id in await database.run(forgetting.unfinished):
        await forget(database, user_id, listed)
        _log.warning("An erasure that had broken off was brought to its end.")


def erase_shopper(
    folder: Path, user_id: int, store: ConsoleStore, staff: str, backups: Path | None = None
) -> dict[str, int]:
    """Erase a shopper from both databases and note that somebody was; rows by table, those without any left out. The
    list beside the `backups` keeps those from bringing the shopper back.

    Raises `bot.desks.control.ControlError` where the running bot refuses, a `storage.database.DatabaseError` without a
    shop.
    """
    with ErasingDesk(folder) as desk:
        gone = desk.erase(user_id)
    mirror_erasures(folder, backups)
    store.attach(folder)
    for table, count in sweep(store).items():
        gone[table] = gone.get(table, 0) + count
    gone["training sets"] = sweep_sets(folder)
    found = {table: count for table, count in gone.items() if count}
    store.audit.add(staff, AUDITED, "a shopper", f"{sum(found.values())} rows of {len(found)} tables")
    return found
