"""Filling the review queue as shoppers talk: each message is judged once it is answered, and again when a thumbs-down
or another model's reading comes in. Work is bounded: a page does a little, a thread the rest, and it ends when it has
caught up.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from bot.console.desk import Desk
from bot.console.messages import REVIEWED, context_of
from bot.console.worth import Seen, judged
from bot.understanding.doubt import ASKED
from nlu.rules import RulesUnderstander
from storage import codec, instants
from storage.console.database import ConsoleStore
from storage.console.queue import Entry, Queue
from storage.database import DatabaseError, row, rows
from storage.records import Vocabulary
from storage.shop import Shop

log = logging.getLogger(__name__)
BATCH = 100  # messages that the thread judges in one go, about 0.2 s
AT_A_PAGE = 20  # that a page judges itself: what came since the last one, on most days
_ANSWER_WITHIN = timedelta(minutes=10)  # what is not answered by then never will be
_SHADOW_WITHIN = timedelta(minutes=2)
_PAUSE_S = 0.05  # between the batches of the thread: pages come first


class Filling:
    """Keeps the queue of one console filled; called from any thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._rules: tuple[Vocabulary, RulesUnderstander] | None = None

    def some(self) -> None:
        """Judge a batch now; where more waits, a thread goes on with it. A thread at work is left to it."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            rest = self.batch(AT_A_PAGE)
        finally:
            self._lock.release()
        if rest:
            self._go_on()

    def batch(self, limit: int = BATCH) -> bool:
        """Judge up to `limit` messages; whether more wait."""
        return self._batch(self._desk.shop, self._desk.store, limit)

    def _go_on(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._all, name="review queue", daemon=True)
            self._thread.start()

    def _all(self) -> None:
        folder = self._desk.settings.data
        try:
            shop = Shop.open(folder, readonly=True)
            with ConsoleStore.open(folder, guest=True) as store:
                rest = True
                while rest:
                    with self._lock:
                        rest = self._batch(shop, store, BATCH)
                    time.sleep(_PAUSE_S)
            shop.close()
        except DatabaseError as error:
            log.warning("The review queue is not filled any further for now: %s", error)

    def _batch(self, shop: Shop, store: ConsoleStore, limit: int) -> bool:
        """One batch of each source; whether more waits."""
        now, queue = self._desk.clock(), store.queue
        share = self._desk.settings.review_sample
        if not queue.mark("turns"):
            _begin(shop, queue, now - timedelta(days=self._desk.settings.review_days))
        fresh, upto, more = _fresh(shop, queue.mark("turns"), now, limit)
        queue.add(self._entries(shop, fresh), share)
        queue.advance("turns", upto)
        disliked, feedback = _disliked(shop, queue.mark("feedback"), limit)
        second, shadow = _second(shop, queue.mark("second"), now, limit)
        again = {turn for turn in (*disliked, *second) if queue.mark("start") < turn <= upto} - {*fresh}
        queue.add(self._entries(shop, sorted(again)), share)
        queue.advance("feedback", feedback)
        queue.advance("second", shadow)
        return more or len(disliked) >= limit or len(second) >= limit

    def _entries(self, shop: Shop, turns: Iterable[int]) -> Iterable[Entry]:
        words = self._desk.vocabulary()
        if self._rules is None or self._rules[0] is not words:
            self._rules = words, RulesUnderstander(words)
        return [entry for turn in turns if (entry := _entry(shop, turn, self._rules[1]))]


_FILLINGS: WeakKeyDictionary[Desk, Filling] = WeakKeyDictionary()


def filling(desk: Desk) -> Filling:
    """The one of this console."""
    return _FILLINGS.setdefault(desk, Filling(desk))


def last_before(shop: Shop, instant: datetime, table: str = "turns", column: str = "said_at") -> int:
    """The id of the table's last row before an instant; 0 without one. Rows are numbered in the order of time, so that
    a few of them tell, however many there are.
    """
    least, most = 0, shop.db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
    wanted = instants.to_text(instant)
    while least < most:
        middle = (least + most + 1) // 2
        found = row(shop.db, f"SELECT id, {column} AS at FROM {table} WHERE id >= ? ORDER BY id LIMIT 1", [middle])
        if found is not None and found["at"] < wanted:
            least = max(middle, found["id"])
        else:
            most = middle - 1
    return int(least)


def _begin(shop: Shop, queue: Queue, since: datetime) -> None:
    """What is older than that is nobody's work any more."""
    start = last_before(shop, since)
    for name in ("start", "turns", "second"):
        queue.advance(name, start)
    queue.advance("feedback", last_before(shop, since, "feedback_events", "at"))


def _fresh(shop: Shop, after: int, now: datetime, limit: int) -> tuple[list[int], int, bool]:
    """The next messages, the last turn looked at, and whether there are more; it stops before one that may still be
    answered.
    """
    found = rows(
        shop.db,
        f"""SELECT id, answered_at, said_at, {REVIEWED} AS reviewed FROM turns WHERE id > ? ORDER BY id LIMIT ?""",
        [after, limit],
    )
    waiting = instants.to_text(now - _ANSWER_WITHIN)
    turns: list[int] = []
    for turn in found:
        if turn["answered_at"] is None and turn["said_at"] > waiting:
            return turns, after, False
        after = turn["id"]
        if turn["reviewed"]:
            turns.append(turn["id"])
    return turns, after, len(found) >= limit


def _disliked(shop: Shop, after: int, limit: int) -> tuple[list[int], int]:
    """Turns whose cards got a thumbs-down since."""
    found = rows(
        shop.db,
        """SELECT feedback_events.id, reaction, turn_id FROM feedback_events
        JOIN impressions ON impressions.id = impression_id WHERE feedback_events.id > ?
        ORDER BY feedback_events.id LIMIT ?""",
        [after, limit],
    )
    turns = [event["turn_id"] for event in found if event["reaction"] in ("dislike", "less_like")]
    return turns, found[-1]["id"] if found else after


def _second(shop: Shop, after: int, now: datetime, limit: int) -> tuple[list[int], int]:
    """Turns that a model on trial has read since, once it had its time."""
    found = rows(
        shop.db,
        """SELECT DISTINCT turn_id FROM second_readings JOIN turns ON turns.id = turn_id
        WHERE turn_id > ? AND said_at < ? ORDER BY turn_id LIMIT ?""",
        [after, instants.to_text(now - _SHADOW_WITHIN), limit],
    )
    turns = [turn["turn_id"] for turn in found]
    return turns, turns[-1] if turns else after


def _entry(shop: Shop, turn_id: int, rules: RulesUnderstander) -> Entry | None:
    found = row(
        shop.db,
        f"""SELECT user_id, text, said_at, understanding, degraded, need ->> 'asked' AS asked, (
            SELECT count(DISTINCT impressions.id) FROM impressions JOIN feedback ON impression_id = impressions.id
            WHERE turn_id = turns.id AND reaction IN ('dislike', 'less_like')) AS disliked
        FROM turns WHERE id = ? AND {REVIEWED}""",
        [turn_id],
    )
    if found is None:
        return None
    shadow = shop.second_readings.of(turn_id)
    worth, reasons = judged(
        Seen(
            said=codec.understanding_from_text(found["understanding"]),
            twin=rules.understand(found["text"], context_of(shop, found["user_id"], turn_id)),
            shadow=shadow[0] if shadow else None,
            disliked=found["disliked"],
            degraded=bool(found["degraded"]),
            asked_back=found["asked"] == ASKED,
        )
    )
    return Entry(turn_id, worth, reasons, instants.from_text(found["said_at"]))
