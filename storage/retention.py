"""What is kept for a time only: old talk, what was shown in it, the bodies of updates. Sums of it stay (console.db).

A period ends in small steps, each one transaction, so that whoever writes the database answers meanwhile:

    step = expire(shop, Kept.TALK, cut, cursor=0)
    while step.next is not None:
        step = expire(shop, Kept.TALK, cut, cursor=step.next)

The words of turns that went lie in the index until it is settled (storage/forgetting.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage import instants
from storage.database import immediate, rows
from storage.shop import Shop


class Kept(StrEnum):
    """What has a period, in the order in which it ends."""

    SHOWN = "shown"  # impressions, and the reactions to them
    TALK = "talk"  # conversations that ended, closed cases, tickets that are done
    INBOX = "inbox"  # bodies of updates that were dealt with; their numbers stay


@dataclass(frozen=True, slots=True)
class Step:
    """Rows that went, and where to go on; None where the period has ended for all there is."""

    gone: int
    next: int | None


_STEP = {Kept.SHOWN: 2_000, Kept.TALK: 20, Kept.INBOX: 1_000}
"""Rows, conversations and updates that one step looks at."""


def expire(shop: Shop, kept: Kept, cut: datetime, cursor: int = 0) -> Step:
    """One step of ending a period: what is older than `cut` goes, of the next rows behind `cursor`."""
    shop.db.execute("PRAGMA secure_delete = ON")
    with immediate(shop.db):
        return _STEPS[kept](shop, instants.to_text(cut), cursor)


def due(shop: Shop, kept: Kept, cut: datetime) -> int:
    """How many rows are older than `cut`: cards shown, turns, bodies of updates."""
    return int(shop.db.execute(_DUE[kept], [instants.to_text(cut)]).fetchone()[0])


_DUE = {
    Kept.SHOWN: "SELECT count(*) FROM impressions WHERE shown_at < ?",
    Kept.TALK: """SELECT count(*) FROM turns WHERE conversation_id IN
        (SELECT id FROM conversations WHERE ended_at < ?)""",
    Kept.INBOX: "SELECT count(*) FROM updates WHERE received_at < ? AND state != 'new' AND body != ''",
}


def _shown(shop: Shop, cut: str, cursor: int) -> Step:
    found = rows(
        shop.db, "SELECT id, shown_at FROM impressions WHERE id > ? ORDER BY id LIMIT ?", [cursor, _STEP[Kept.SHOWN]]
    )
    old = [each["id"] for each in found if each["shown_at"] < cut]
    _without_impressions(shop, "impression_id", "id", old)
    return Step(len(old), found[-1]["id"] if old else None)


def _talk(shop: Shop, cut: str, cursor: int) -> Step:
    found = rows(
        shop.db,
        "SELECT id, began_at, ended_at FROM conversations WHERE id > ? ORDER BY id LIMIT ?",
        [cursor, _STEP[Kept.TALK]],
    )
    old = [each["id"] for each in found if each["ended_at"] < cut]
    turns = [id for (id,) in _of(shop, "SELECT id FROM turns WHERE conversation_id IN", old)]
    shown = [id for (id,) in _of(shop, "SELECT id FROM impressions WHERE turn_id IN", turns)]
    _without_impressions(shop, "impression_id", "id", shown)
    _of(shop, "DELETE FROM sent WHERE turn_id IN", turns)
    _of(shop, "DELETE FROM turns WHERE id IN", turns)
    _of(shop, "DELETE FROM conversations WHERE id IN", old)
    gone = len(turns)
    if cursor == 0:
        for query in _ENDED:
            gone += shop.db.execute(query, [cut]).rowcount
    more = found and any(each["began_at"] < cut for each in found)
    return Step(gone, found[-1]["id"] if more else None)


_ENDED = (
    "DELETE FROM tickets WHERE state = 'done' AND closed_at < ?",
    "DELETE FROM cases WHERE state = 'closed' AND closed_at < ?",
    "DELETE FROM outbox WHERE state != 'new' AND at < ?",
)


def _inbox(shop: Shop, cut: str, cursor: int) -> Step:
    found = rows(
        shop.db,
        """SELECT update_id, received_at, state, body != '' AS full FROM updates WHERE update_id > ?
        ORDER BY update_id LIMIT ?""",
        [cursor, _STEP[Kept.INBOX]],
    )
    old = [each["update_id"] for each in found if each["received_at"] < cut and each["state"] != "new" and each["full"]]
    _of(shop, "UPDATE updates SET body = '', user_id = 0 WHERE update_id IN", old)
    _of(shop, "DELETE FROM sent WHERE turn_id IS NULL AND update_id IN", old)
    gone = len(old)
    if cursor == 0:
        gone += shop.db.execute("DELETE FROM malformed_updates WHERE received_at < ?", [cut]).rowcount
    return Step(gone, found[-1]["update_id"] if found and found[-1]["received_at"] < cut else None)


_STEPS: dict[Kept, Callable[[Shop, str, int], Step]] = {Kept.SHOWN: _shown, Kept.TALK: _talk, Kept.INBOX: _inbox}
_AT_ONCE = 500  # ids of one statement


def _without_impressions(shop: Shop, reference: str, key: str, ids: Sequence[int]) -> None:
    for table in ("feedback", "feedback_events"):
        _of(shop, f"DELETE FROM {table} WHERE {reference} IN", ids)
    _of(shop, f"DELETE FROM impressions WHERE {key} IN", ids)


def _of(shop: Shop, query: str, ids: Sequence[int]) -> list[tuple[int]]:
    """A statement for these ids, some at a time; the rows it brings."""
    found: list[tuple[int]] = []
    for at in range(0, len(ids), _AT_ONCE):
        some = list(ids[at : at + _AT_ONCE])
        found += shop.db.execute(f"{query} ({', '.join('?' * len(some))})", some).fetchall()
    return found
