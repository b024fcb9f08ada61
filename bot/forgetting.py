"""A shopper who asks the bot itself to be forgotten: everything, at once, in the shop's database, in what staff noted
and in what was made of the talk for training.

    forget = forgetter(settings.data, database, listed)
    gone = await forget(user_id)                # rows by table
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot import erasing
from bot.erasing import AUDITED, Listed
from bot.labels.forgetting import sweep_sets
from bot.workers import Worker
from storage.console.database import FILE_NAME, ConsoleStore
from storage.console.personal import sweep
from storage.shop import Shop

Forget = Callable[[int], Awaitable[dict[str, int]]]
_BY = "(the shopper)"
_log = logging.getLogger(__name__)


def forgetter(folder: Path, database: Worker[Shop], listed: Listed) -> Forget:
    """What forgets shoppers of this data folder; `listed` brings the list beside the backups up to date."""

    async def forget(user_id: int) -> dict[str, int]:
        gone = await erasing.forget(database, user_id, listed)
        beside = await asyncio.to_thread(_swept, folder, sum(gone.values()))
        return {**gone, **{f"console {table}": count for table, count in beside.items()}}

    return forget


def _swept(folder: Path, erased: int) -> dict[str, int]:
    """What hangs on the shopper's turns elsewhere. Where the console's own database cannot be written now, its next
    sweep finds the same rows: they hang on nothing any more.
    """
    if not (folder / FILE_NAME).is_file():
        return {}
    try:
        with ConsoleStore.open(folder, guest=True) as store:
            gone = sweep(store)
            store.audit.add(_BY, AUDITED, "a shopper", f"{erased + sum(gone.values())} rows")
        return {**gone, "training sets": sweep_sets(folder)}
    except Exception:
        _log.exception("What staff noted of an erased shopper could not be swept; it is at the next sweep")
        return {}
