"""How a shopper is forgotten: in small transactions, so that whoever writes the database answers others meanwhile.

    begin(shop, user_id)
    while not forget(shop, user_id).over: ...   # their talk, some turns at a time, then all the rest at once
    settling = Settling(shop)
    while settling.step(): ...                  # the index of words, written without what was deleted
    clear_log(shop)

Who is being forgotten is written down until it is done, and only until then: after a crash the next start goes on
(`unfinished`). The bytes are overwritten, and leave the write-ahead log as far as no other process is reading.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from storage import erased, instants
from storage.case_files import drop_files, folder_of
from storage.database import immediate
from storage.personal import ERASING, STORES, Store
from storage.shop import Shop
from storage.turn_words import TurnWords

_TURNS = 15  # of one step, with all that hangs on them
_SETTLE_S = 0.03  # how long one step of settling may take
_LOG_WAIT_MS = 50
# What hangs on a turn: it goes with some turns at a time. All else of a shopper is little.
_BY_TURNS = ("feedback", "feedback_events", "impressions", "sent", "second_readings", "case_messages", "case_files")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Rows that went in one step, by table; `over` where nothing is left."""

    rows: dict[str, int]
    over: bool


def begin(shop: Shop, user_id: int) -> None:
    """Notes that a shopper is being forgotten, and for good that somebody was (storage/erased.py)."""
    with immediate(shop.db):
        erased.note(shop, user_id)
        at = instants.to_text(instants.now())
        shop.db.execute(f"INSERT OR IGNORE INTO {ERASING} (user_id, at) VALUES (?, ?)", [user_id, at])


def unfinished(shop: Shop) -> list[int]:
    """Who was being forgotten when the process ended."""
    return [user_id for (user_id,) in shop.db.execute(f"SELECT user_id FROM {ERASING} ORDER BY at").fetchall()]


def forget(shop: Shop, user_id: int) -> Forgotten:
    """One step, one transaction."""
    db = shop.db
    db.execute("PRAGMA secure_delete = ON")
    with immediate(db):
        turns = [
            id
            for (id,) in db.execute("SELECT id FROM turns WHERE user_id = ? ORDER BY id LIMIT ?", [user_id, _TURNS + 1])
        ]
        over = len(turns) <= _TURNS
        names = _files_of(shop, user_id, None if over else turns[_TURNS - 1])
        gone = _all(shop, user_id) if over else _some(shop, turns[:_TURNS])
    drop_files(folder_of(db), names)
    return Forgotten(gone, over)


def erase(shop: Shop, user_id: int) -> dict[str, int]:
    """Every step, one after the other; rows by table. Call it as the last act of what asks for it: what is stored
    afterwards is a new trace.
    """
    begin(shop, user_id)
    gone: Counter[str] = Counter({store.table: 0 for store in STORES if store.erased and store.table != ERASING})
    while True:
        step = forget(shop, user_id)
        gone.update(step.rows)
        if step.over:
            break
    if gone["turns"]:
        settle(shop)
    clear_log(shop)
    return dict(gone)


def settle(shop: Shop) -> None:
    """Takes the words of turns that are gone out of the index, in one go."""
    settling = Settling(shop)
    while settling.step():
        pass


class Settling:
    """Writes the index of words without what was deleted: until then the words lie in it still, marked as gone. Each
    step is a commit of its own, as large as fits in a short time on this machine.
    """

    def __init__(self, shop: Shop) -> None:
        self._words, self._pages, self._first = TurnWords(shop.db), 32, True

    def step(self) -> bool:
        """One step; whether there is more to do."""
        began = time.perf_counter()
        more = self._words.settle_step(self._pages, first=self._first)
        took, self._first = time.perf_counter() - began, False
        if took > _SETTLE_S:
            self._pages = max(self._pages // 2, 4)
        elif took < _SETTLE_S / 4:
            self._pages = min(self._pages * 2, 512)
        return more


def clear_log(shop: Shop) -> bool:
    """Empties the write-ahead log, where no reader is in the way for longer than a moment; whether it did."""
    waited = shop.db.execute("PRAGMA busy_timeout").fetchone()[0]
    shop.db.execute(f"PRAGMA busy_timeout = {_LOG_WAIT_MS}")
    try:
        busy, _, _ = shop.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        shop.db.execute(f"PRAGMA busy_timeout = {waited}")
    return not busy


def _some(shop: Shop, turns: list[int]) -> dict[str, int]:
    """These turns, with what hangs on them."""
    marks = ", ".join("?" * len(turns))
    shown = f"SELECT id FROM impressions WHERE turn_id IN ({marks})"
    where = {"feedback": f"impression_id IN ({shown})", "feedback_events": f"impression_id IN ({shown})"}
    gone = {}
    for table in (*_BY_TURNS, "turns"):
        column = "id" if table == "turns" else "turn_id"
        condition = where.get(table, f"{column} IN ({marks})")
        gone[table] = shop.db.execute(f"DELETE FROM {table} WHERE {condition}", turns).rowcount
    return gone


def _all(shop: Shop, user_id: int) -> dict[str, int]:
    """Every row that is left, and the note that there were any."""
    gone = {store.table: _erased(shop, store, user_id) for store in STORES if store.erased}
    gone.pop(ERASING)
    return gone


def _erased(shop: Shop, store: Store, user_id: int) -> int:
    act = f"UPDATE {store.table} SET {store.blank}" if store.blank else f"DELETE FROM {store.table}"
    return shop.db.execute(f"{act} WHERE {store.where}", {"user": user_id}).rowcount


def _files_of(shop: Shop, user_id: int, upto: int | None) -> list[str]:
    """The files whose rows go in this step: those of turns up to one, or all (None)."""
    found = shop.db.execute(
        """SELECT name FROM case_files
        WHERE (user_id = :user OR case_id IN (SELECT id FROM cases WHERE user_id = :user))
        AND (:upto IS NULL OR turn_id <= :upto)""",
        {"user": user_id, "upto": upto},
    )
    return [name for (name,) in found.fetchall()]
