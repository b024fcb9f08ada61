"""Full-text search over the talk: what shoppers said, and the titles of what they were shown.

Two documents of a turn, so that each is written once, when it is known. A document's number is made of its
conversation's and its turn's: hits come out conversation by conversation, the latest first, without sorting, and a
page of results goes on where the last one ended. Words come segmented (storage/segment.py), without the shop's own:
those would be asked for whole where older turns were indexed in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlite_utils import Database

from storage.segment import Segmenter
from storage.text import CHINESE, fold, has_chinese

TURN_BITS = 32
"""What a number of a document is shifted by to give its conversation."""
_TURN_MASK = (1 << TURN_BITS) - 1
_LONGEST = 4_000  # characters of a text that are searched; Telegram's own limit is 4,096
_MOST_WORDS = 8  # of a search
_SEGMENT = Segmenter()
_WORD = re.compile(f"[^\\W_{CHINESE}]+(?:[-'’.][^\\W_{CHINESE}]+)*")


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn that holds every word; `shown` where the words are in the titles of its cards."""

    conversation_id: int
    turn_id: int
    shown: bool


def number_of(conversation_id: int, turn_id: int, *, shown: bool = False) -> int:
    """The number of a document: 31 bits of conversation, 31 of turn, one of kind: what was said comes up first."""
    return conversation_id << TURN_BITS | turn_id << 1 | (not shown)


def hit_of(number: int) -> Hit:
    """What `number_of` made a number of."""
    return Hit(number >> TURN_BITS, (number & _TURN_MASK) >> 1, not number & 1)


def words_of(text: str) -> str:
    """A text as it is indexed: its search words, parted by spaces; empty where it has none."""
    return _SEGMENT(text[:_LONGEST])


def asked_words(text: str) -> tuple[str, ...]:
    """The words that a search asks for, each once; at most eight."""
    return tuple(dict.fromkeys(_SEGMENT.tokens(text[:_LONGEST])))[:_MOST_WORDS]


def match_of(words: Sequence[str]) -> str:
    """A question for FTS5: all of the words. They hold letters and digits alone, so that no syntax slips in."""
    return " ".join(f'"{word}"' for word in words)


def end_of(below: int | None) -> int:
    """The first number that is no document's of a conversation smaller than `below` (None: of any)."""
    return number_of(below, 0) if below is not None else (1 << 63) - 1


def places_of(text: str, words: Collection[str]) -> list[tuple[int, int]]:
    """Where search words stand in a text as it was written: spans of code points, sorted, without overlaps."""
    chinese = [word for word in words if has_chinese(word)]
    spans = [
        (match.start(), match.end())
        for match in _WORD.finditer(text)
        if not has_chinese(match[0]) and not _apart(match[0], words)
    ]
    if chinese:
        folded, origin = _folded(text)
        for word in chinese:
            at = folded.find(word)
            while at >= 0:
                spans.append((origin[at], origin[at + len(word) - 1] + 1))
                at = folded.find(word, at + 1)
    return _joined(sorted(spans))


def _apart(text: str, words: Collection[str]) -> bool:
    return not any(word in words for word in _SEGMENT.tokens(text))


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place of the one it came from."""
    signs: list[str] = []
    origin: list[int] = []
    for at, sign in enumerate(text):
        for one in _folded_sign(sign):
            signs.append(one)
            origin.append(at)
    return "".join(signs), origin


@lru_cache(maxsize=16_384)
def _folded_sign(sign: str) -> str:
    return fold(sign)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


class TurnWords:
    """The index on one connection: of the shop, or of the console, to which the shop is attached."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, conversation_id: int, turn_id: int, text: str, *, shown: bool = False) -> None:
        """Index what was said in a turn, or the titles shown; the caller holds the transaction."""
        if words := words_of(text):
            self._db.execute(
                "INSERT INTO turn_text (rowid, words) VALUES (?, ?)",
                [number_of(conversation_id, turn_id, shown=shown), words],
            )

    def hits(self, words: Sequence[str], below: int | None = None) -> Iterator[Hit]:
        """Turns that hold all the words, the latest conversation first, in each the latest turn; in conversations
        with a smaller number than `below`. Reads on as far as it is asked to.
        """
        return map(hit_of, self.numbers(words, below)) if words else iter(())

    def numbers(self, words: Sequence[str], below: int | None = None) -> Iterator[int]:
        """The same as numbers of documents."""
        found = self._db.execute(
            "SELECT rowid FROM turn_text WHERE turn_text MATCH ? AND rowid < ? ORDER BY rowid DESC",
            [match_of(words), end_of(below)],
        )
        return (number for (number,) in found)

    def latest(self, words: Sequence[str], conversation_id: int) -> int | None:
        """The last document of one conversation that holds all the words; None where none does."""
        # Forwards: FTS5 finds the beginning of a range at once, but comes to its end from the end of all.
        found = self._db.execute(
            "SELECT rowid FROM turn_text WHERE turn_text MATCH ? AND rowid >= ? AND rowid < ?",
            [match_of(words), number_of(conversation_id, 0), number_of(conversation_id + 1, 0)],
        ).fetchall()
        return found[-1][0] if found else None

    def settle_step(self, pages: int, *, first: bool) -> bool:
        """One step, one commit, of writing the index without what was deleted: about so many pages of it. The `first`
        one begins to merge all into one. Whether more is left.
        """
        before = self._db.conn.total_changes
        self._db.execute("INSERT INTO turn_text (turn_text, rank) VALUES ('merge', ?)", [-pages if first else pages])
        return self._db.conn.total_changes - before >= 2
