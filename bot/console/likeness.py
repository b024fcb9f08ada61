"""Messages that say nearly the same: found by the letters they share, in the language they are in, without a model.

Dice's coefficient over trigrams of letters (Chinese: pairs, a word has two signs); only a message's own letters are
looked up, so that a question among 20,000 different texts takes milliseconds. Kept in memory and never written: what a
shopper wrote stays in one place.
"""

from __future__ import annotations

import logging
import threading
from array import array
from collections import Counter, defaultdict
from pathlib import Path
from weakref import WeakKeyDictionary

from bot.console.desk import Desk
from bot.console.messages import REVIEWED
from nlu.fold import fold
from storage.database import DatabaseError, rows
from storage.shop import Shop

log = logging.getLogger(__name__)
KEPT = 20_000  # messages, the newest
NEAR = 0.6
_CJK = ("\u3400", "\u9fff")


class Likeness:
    """The texts of the newest messages, by what they are made of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self.ready = False
        self._clear()

    def follow(self, shop: Shop) -> None:
        """Takes in what was said since; the first time, and again when that many came, the newest messages."""
        with self._lock:
            if self._held > 2 * KEPT:
                self._last = 0
                self._clear()
            found = rows(
                shop.db,
                f"SELECT id, text FROM turns WHERE id > ? AND {REVIEWED} ORDER BY id DESC LIMIT ?",
                [self._last, KEPT],
            )
            for message in reversed(found):
                self._last = message["id"]
                self._take(message["id"], message["text"])
            self.ready = True

    @property
    def follows(self) -> bool:
        """Whether somebody is taking texts in at the moment."""
        return self._lock.locked()

    def _clear(self) -> None:
        self._held = 0
        self._sizes = array("I")
        self._numbers: dict[str, int] = {}
        self._turns: dict[int, list[int]] = defaultdict(list)
        self._posting: dict[str, array[int]] = defaultdict(lambda: array("I"))

    def same(self, text: str) -> list[int]:
        """The turns that say the same, but for case, blanks and punctuation; newest first."""
        number = self._numbers.get(plain(text))
        return [] if number is None else self._turns[number][::-1]

    def near(self, text: str, limit: int) -> list[tuple[int, float]]:
        """Turns with how alike they are, `NEAR`..1, the likest first and of these the newest."""
        said = plain(text)
        grams = _grams(said)
        shared: Counter[int] = Counter()
        for gram in grams:
            shared.update(self._posting.get(gram, ()))
        alike = [
            (2 * count / (len(grams) + self._sizes[number]), number)
            for number, count in shared.items()
            if 2 * count >= NEAR * (len(grams) + self._sizes[number])
        ]
        found: list[tuple[int, float]] = []
        for score, number in sorted(alike, reverse=True):
            found += [(turn, score) for turn in reversed(self._turns[number])]
            if len(found) >= limit:
                break
        return found[:limit]

    def _take(self, turn_id: int, text: str) -> None:
        said = plain(text)
        self._held += 1
        if said not in self._numbers:
            number = self._numbers[said] = len(self._numbers)
            grams = _grams(said)
            self._sizes.append(len(grams))
            for gram in grams:
                self._posting[gram].append(number)
        self._turns[self._numbers[said]].append(turn_id)


_LIKENESSES: WeakKeyDictionary[Desk, Likeness] = WeakKeyDictionary()


def likeness(desk: Desk) -> Likeness:
    """The one of this console, with all that was said so far; the first time that takes a second or two."""
    found = _LIKENESSES.setdefault(desk, Likeness())
    found.follow(desk.shop)
    return found


def alike_so_far(desk: Desk, text: str) -> list[int] | None:
    """The turns that say the same, for a page that does not wait: None until the texts were taken in."""
    found = _LIKENESSES.setdefault(desk, Likeness())
    if found.ready:
        return likeness(desk).same(text)
    if not found.follows:
        threading.Thread(target=_take_in, args=(found, desk.settings.data), name="likeness", daemon=True).start()
    return None


def _take_in(found: Likeness, folder: Path) -> None:
    try:
        shop = Shop.open(folder, readonly=True)
        found.follow(shop)
        shop.close()
    except DatabaseError as error:
        log.warning("Similar messages are not looked for now: %s", error)


def plain(text: str) -> str:
    """A text without case, accents, traditional forms and punctuation, one space between words."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in fold(text)).split()) or fold(text).strip()


def _grams(said: str) -> set[str]:
    width = 2 if any(_CJK[0] <= sign <= _CJK[1] for sign in said) else 3
    padded = f" {said} "
    return {padded[at : at + width] for at in range(max(len(padded) - width + 1, 1))}
