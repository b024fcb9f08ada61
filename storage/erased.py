"""Who was erased, so that a backup from before does not bring them back: nobody's number, but a keyed hash of it.

    note(shop, user_id)                       # in the transaction that begins the erasure
    mirror(shop, backups)                     # the same list beside the backups: the data folder may be what is lost
    since = erasures(shop) | listed(backups)  # what a restored database is held against

The hash is made with the key of the data folder (storage/visitors.py). Each erasure is an entry of its own, so one that
a backup knows already is not done again to who came back since.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from storage import instants
from storage.backup.disk import private_folder, write_small
from storage.case_files import folder_of
from storage.database import immediate
from storage.personal import STORES
from storage.shop import Shop
from storage.visitors import VisitorKey, VisitorKeyError

FILE = "erasures.json"
KEPT_DAYS = 400
"""For how long an entry is kept. A backup that is older than that brings back whoever was erased since."""

Erasure = tuple[str, str]
"""Whose (a hash), and when it began."""
_log = logging.getLogger(__name__)


def note(shop: Shop, user_id: int) -> None:
    """Keeps that an erasure began. Without a key to hash with, the erasure goes on all the same."""
    try:
        who = hash_of(VisitorKey.of(folder_of(shop.db)), user_id)
    except (VisitorKeyError, OSError) as error:
        _log.error("An older backup would bring an erased shopper back: %s", error)
        return
    shop.db.execute("DELETE FROM erased WHERE at < ?", [_oldest()])
    shop.db.execute("INSERT OR IGNORE INTO erased VALUES (?, ?)", [who, instants.to_text(instants.now())])


def hash_of(key: VisitorKey, user_id: int) -> str:
    """16 hexadecimal digits; those of a visitor of the shop's site with the same number are others."""
    return key(f"erased shopper {user_id}")


def erasures(shop: Shop) -> set[Erasure]:
    """All that this database knows of."""
    return {(who, at) for who, at in shop.db.execute("SELECT who, at FROM erased").fetchall()}


def learn(shop: Shop, known: Iterable[Erasure]) -> None:
    """Takes entries over from elsewhere."""
    with immediate(shop.db):
        shop.db.conn.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?)", sorted(known))


def listed(backups: Path) -> set[Erasure]:
    """The list beside the backups; empty where there is none that can be read."""
    with suppress(OSError, ValueError, TypeError):
        return {(str(who), str(at)) for who, at in json.loads((backups / FILE).read_text(encoding="utf-8"))["erased"]}
    return set()


def mirror(shop: Shop, backups: Path) -> None:
    """Brings the list beside the backups up to date. Raises OSError."""
    there = listed(backups)
    kept = {(who, at) for who, at in erasures(shop) | there if at >= _oldest()}
    private_folder(backups)
    if kept != there or not (backups / FILE).is_file():
        write_small(backups / FILE, json.dumps({"erased": sorted(kept)}, indent=1) + "\n")


def back_again(shop: Shop, since: Iterable[Erasure]) -> list[int]:
    """Shoppers that this database holds and that one of these erasures was about."""
    gone = {who for who, _ in since}
    if not gone:
        return []
    key = VisitorKey.of(folder_of(shop.db))
    return sorted(user_id for user_id in _everybody(shop) if hash_of(key, user_id) in gone)


def _oldest() -> str:
    return instants.to_text(instants.now() - timedelta(days=KEPT_DAYS))


def _everybody(shop: Shop) -> set[int]:
    found: set[int] = set()
    for store in STORES:
        for column in store.columns:
            query = f"SELECT DISTINCT {column} FROM {store.table} WHERE {column} > 0"
            found.update(user_id for (user_id,) in shop.db.execute(query).fetchall())
    return found
