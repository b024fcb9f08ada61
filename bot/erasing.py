"""A shopper who asks to be forgotten: every trace in the shop's database, then what staff noted about it.

    gone = erase_shopper(settings.data, user_id)        # beside a running bot, or without one

Who was erased is written nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.control import Serve
from bot.desk import Desk
from bot.labels.forgetting import sweep_sets
from bot.workers import Worker
from storage import personal
from storage.console.database import ConsoleStore
from storage.console.personal import sweep
from storage.shop import Shop

ERASE = "erase shopper"
AUDITED = "erase"
"""What the audit log calls it."""
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
        return personal.erase(self._shop, user_id)


def erasing_requests(database: Worker[Shop]) -> Mapping[str, Serve]:
    """The bot's side."""

    async def erase(request: dict[str, Any]) -> dict[str, Any]:
        user_id = int(request["user_id"])
        return {"gone": await database.run(lambda shop: personal.erase(shop, user_id))}

    return {ERASE: erase}


def erase_shopper(folder: Path, user_id: int, store: ConsoleStore, staff: str) -> dict[str, int]:
    """Erase a shopper from both databases and note that somebody was; rows by table, those without any left out.

    Raises `bot.control.ControlError` where the running bot refuses, a `storage.database.DatabaseError` without a shop.
    """
    with ErasingDesk(folder) as desk:
        gone = desk.erase(user_id)
    store.attach(folder)
    for table, count in sweep(store).items():
        gone[table] = gone.get(table, 0) + count
    gone["training sets"] = sweep_sets(folder)
    found = {table: count for table, count in gone.items() if count}
    store.audit.add(staff, AUDITED, "a shopper", f"{sum(found.values())} rows of {len(found)} tables")
    return found
