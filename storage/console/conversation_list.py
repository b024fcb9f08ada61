"""The list of conversations: filtered, searched and paged, with what staff made of them beside it.

Without words it is one pass over the small rows of `conversations`, the newest first. With words the full-text index
gives the turns, conversation by conversation, and each conversation is checked as it comes; a page goes on where the
last one ended. Work is bounded: a word that everybody says, among conversations that nearly nobody had, is looked for
in so many turns at a time, and the page says how far back it looked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, islice

from sqlite_utils import Database

from storage import instants
from storage.conversations import Conversation, Conversations, conversations_of, intent_bits, language_bit
from storage.database import row, rows
from storage.turn_words import TURN_BITS, Hit, TurnWords, end_of, hit_of, match_of

LOOKED_AT = 80_000  # turns that one page of a search looks at
COUNTED = 10_000  # conversations that are counted; beyond, there are more
COUNTED_HITS = 300  # the same in a search
FEW = 500  # conversations that are looked up in the index one by one
SOME = 20_000  # conversations that are known by number while hits are gone through

_THUMBS = {
    "up": "c.thumbs_up > 0",
    "down": "c.thumbs_down > 0",
    "any": "c.thumbs_up + c.thumbs_down > 0",
    "none": "c.thumbs_up + c.thumbs_down = 0",
}
THUMBS = tuple(_THUMBS)
_COUNTED_COLUMNS = {"fallback": "fallbacks", "degraded": "degraded", "handoff": "handoffs"}


@dataclass(frozen=True, slots=True)
class Sought:
    """What a list is narrowed to; what is empty or None does not narrow it.

    `since` and `until` bound the beginning (`until` excluded), `least` and `most` the confidence of the least sure
    message (0..1, both included). `thumbs` is one of THUMBS; the flags ask for conversations with (True) or without
    such turns. `beside` names a conversation: those of the same shopper. `words` are looked for in one turn.
    """

    since: datetime | None = None
    until: datetime | None = None
    language: str = ""
    intent: str = ""
    least: float | None = None
    most: float | None = None
    thumbs: str = ""
    fallback: bool | None = None
    degraded: bool | None = None
    handoff: bool | None = None
    reviewed: bool | None = None
    tag: str = ""
    model: str = ""
    beside: int | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list: the conversation, what was said (`text` of the turn `turn_id`, of 0 where nothing was), and
    what staff made of it. `titles` are the cards of that turn where the words were found there.
    """

    conversation: Conversation
    turn_id: int = 0
    text: str = ""
    titles: tuple[str, ...] = ()
    reviewed: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list. `older` is where the next one begins, None at the end. `found` counts all pages, at least so
    many where not `exact`; None on later pages. `looked_back_to` is set where the page was ended before it was full.
    """

    items: tuple[Listed, ...]
    older: int | None
    found: int | None
    exact: bool = True
    looked_back_to: datetime | None = None


class ConversationList:
    """Reads a console's database with the shop's attached."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._conversations = Conversations(db)

    def page(self, sought: Sought, below: int | None = None, limit: int = 50) -> ListPage:
        """The newest conversations that are sought, of those with a number smaller than `below`; the first page counts
        them all.
        """
        return self._searched(sought, below, limit) if sought.words else self._filtered(sought, below, limit)

    def count(self, sought: Sought) -> int:
        """All that are sought, exactly: the time that this takes grows with the talk, so it is for who asks for it."""
        if sought.words:
            return sum(1 for _ in self._walk(sought, None, None).found())
        where, parameters = self._condition(sought)
        return int(self._db.execute(f"SELECT count(*) FROM conversations AS c WHERE {where}", parameters).fetchone()[0])

    # --- without words ------------------------------------------------------------------------------

    def _filtered(self, sought: Sought, below: int | None, limit: int) -> ListPage:
        where, parameters = self._condition(sought)
        most = limit + 1 if below is not None or where == "1" else COUNTED + 1
        ids = [
            number
            for (number,) in self._db.execute(
                f"SELECT c.id FROM conversations AS c WHERE {where} AND c.id < ? ORDER BY c.id DESC LIMIT ?",
                [*parameters, _top(below), most],
            )
        ]
        items = [self._opening(conversation) for conversation in self._held(ids[:limit])]
        older = ids[limit - 1] if len(ids) > limit else None
        count: int | None = min(len(ids), COUNTED)
        if below is not None:
            count = None
        elif where == "1":
            count = int(self._db.execute("SELECT count(*) FROM conversations").fetchone()[0])
        return ListPage(self._with_marks(items), older, count, where == "1" or len(ids) <= COUNTED)

    def _held(self, ids: Sequence[int]) -> tuple[Conversation, ...]:
        """Conversations by their numbers, the newest first."""
        marks = ", ".join("?" * len(ids))
        found = rows(self._db, f"SELECT * FROM conversations WHERE id IN ({marks}) ORDER BY id DESC", list(ids))
        return conversations_of(found, self._conversations.models())

    def _opening(self, conversation: Conversation) -> Listed:
        """The first words of a conversation: buttons and empty messages say nothing."""
        said = row(
            self._db,
            "SELECT id, text FROM turns WHERE conversation_id = ? AND text <> '' ORDER BY id LIMIT 1",
            [conversation.id],
        )
        return Listed(conversation, said["id"], said["text"]) if said else Listed(conversation)

    # --- with words ---------------------------------------------------------------------------------

    def _searched(self, sought: Sought, below: int | None, limit: int) -> ListPage:
        walk = self._walk(sought, below)
        hits = list(islice(walk.found(), COUNTED_HITS + 1 if below is None else limit + 1))
        found = {hit.conversation_id: hit for hit in hits[:limit]}
        items = [self._hit(conversation, found[conversation.id]) for conversation in self._held(list(found))]
        full = len(hits) > limit
        older = hits[limit - 1].conversation_id if full else walk.stopped_at
        looked_back_to = None if full or walk.stopped_at is None else self._began(walk.stopped_at)
        count = min(len(hits), COUNTED_HITS) if below is None else None
        exact = len(hits) <= COUNTED_HITS and walk.stopped_at is None
        return ListPage(self._with_marks(items), older, count, exact, looked_back_to)

    def _walk(self, sought: Sought, below: int | None, most: int | None = LOOKED_AT) -> _Walk:
        where, parameters = self._condition(sought)
        fitting = None
        if where != "1":
            found = self._db.execute(
                f"SELECT c.id FROM conversations AS c WHERE {where} AND c.id < ? ORDER BY c.id DESC LIMIT ?",
                [*parameters, _top(below), SOME + 1],
            ).fetchall()
            fitting = {number: None for (number,) in found} if len(found) <= SOME else None
        return _Walk(self._db, sought.words, where, parameters, below, fitting, most)

    def _hit(self, conversation: Conversation, hit: Hit) -> Listed:
        said = row(self._db, "SELECT text FROM turns WHERE id = ?", [hit.turn_id])
        text = said["text"] if said else ""
        return Listed(conversation, hit.turn_id, text, self._titles(hit.turn_id) if hit.shown else ())

    def _titles(self, turn_id: int) -> tuple[str, ...]:
        found = rows(
            self._db,
            """SELECT p.title, p.title_zh FROM impressions AS i JOIN products AS p ON p.id = i.product_id
            WHERE i.turn_id = ? AND i.position > 0 ORDER BY i.position""",
            [turn_id],
        )
        return tuple(title for held in found for title in (held["title"], held["title_zh"]) if title)

    def _began(self, conversation_id: int) -> datetime | None:
        held = self._conversations.get(conversation_id)
        return held.began_at if held else None

    # --- both ---------------------------------------------------------------------------------------

    def _with_marks(self, items: Sequence[Listed]) -> tuple[Listed, ...]:
        """What staff made of the conversations of a page."""
        ids = [item.conversation.id for item in items]
        marks = ", ".join("?" * len(ids))
        reviewed = {
            number
            for (number,) in self._db.execute(
                f"SELECT conversation_id FROM reviewed_conversations WHERE conversation_id IN ({marks})", ids
            )
        }
        tagged = self._db.execute(
            f"SELECT DISTINCT conversation_id, tag FROM tags WHERE conversation_id IN ({marks}) ORDER BY 1, 2", ids
        ).fetchall()
        tags = {number: tuple(tag for _, tag in held) for number, held in groupby(tagged, lambda found: found[0])}
        return tuple(
            replace(item, reviewed=item.conversation.id in reviewed, tags=tags.get(item.conversation.id, ()))
            for item in items
        )

    def _condition(self, sought: Sought) -> tuple[str, list[object]]:
        """The SQL of a filter on `conversations AS c`."""
        parts: list[tuple[str, list[object]]] = [("1", [])]
        if sought.since:
            parts.append(("c.began_at >= ?", [instants.to_text(sought.since)]))
        if sought.until:
            parts.append(("c.began_at < ?", [instants.to_text(sought.until)]))
        if sought.language:
            parts.append(("c.languages & ?", [language_bit(sought.language)]))
        if sought.intent:
            parts.append(("c.intents & ?", [intent_bits((sought.intent,))]))
        if sought.least is not None:
            parts.append(("c.lowest_confidence >= ?", [sought.least]))
        if sought.most is not None:
            parts.append(("c.lowest_confidence <= ?", [sought.most]))
        if sought.thumbs in _THUMBS:
            parts.append((_THUMBS[sought.thumbs], []))
        parts += [
            (f"c.{column} {'> 0' if wanted else '= 0'}", [])
            for name, column in _COUNTED_COLUMNS.items()
            if (wanted := getattr(sought, name)) is not None
        ]
        if sought.model:
            parts.append(("instr(c.models, ?)", [f"|{self._number_of(sought.model)}|"]))
        if sought.beside is not None:
            parts.append(("c.user_id = (SELECT user_id FROM conversations WHERE id = ?)", [sought.beside]))
        parts += _made_by_staff(sought)
        return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]

    def _number_of(self, model: str) -> int:
        """The number of a version; 0, which nothing has, for an unknown one."""
        found = self._db.execute("SELECT number FROM understanders WHERE name = ?", [model]).fetchone()
        return int(found[0]) if found else 0


def _made_by_staff(sought: Sought) -> Iterator[tuple[str, list[object]]]:
    if sought.reviewed is not None:
        yield f"c.id {'IN' if sought.reviewed else 'NOT IN'} (SELECT conversation_id FROM reviewed_conversations)", []
    if sought.tag:
        yield "c.id IN (SELECT conversation_id FROM tags WHERE tag = ?)", [sought.tag]


class _Walk:
    """Goes through the turns that hold the words, the latest conversation first, and stops after `most` (None: never).

    `stopped_at` is the conversation it stopped in, None where it came to the end. `fitting` are the conversations that
    fit the filter, the newest first, None where they are many: each of a few is asked for the words, each hit is
    looked up among some, and of many the row is read.
    """

    def __init__(
        self,
        db: Database,
        words: Sequence[str],
        where: str,
        parameters: Sequence[object],
        below: int | None,
        fitting: Mapping[int, None] | None,
        most: int | None = LOOKED_AT,
    ) -> None:
        self._db, self._words, self._fitting, self._most = db, words, fitting, most
        self._where, self._parameters, self._below = where, parameters, below
        self.stopped_at: int | None = None

    def found(self) -> Iterator[Hit]:
        """The latest hit of every conversation that is sought."""
        last = 0
        for looked_at, (number, fits) in enumerate(self._rows(), start=1):
            conversation_id = number >> TURN_BITS
            if conversation_id == last:
                continue
            if self._most is not None and looked_at > self._most:
                self.stopped_at = last
                return
            last = conversation_id
            if fits:
                yield hit_of(number)

    def _rows(self) -> Iterator[tuple[int, int]]:
        """(document, whether its conversation fits)."""
        words, fitting = TurnWords(self._db), self._fitting
        if fitting is not None and len(fitting) <= FEW:
            latest = (words.latest(self._words, conversation_id) for conversation_id in fitting)
            return ((number, 1) for number in latest if number is not None)
        if fitting is not None:
            numbers = words.numbers(self._words, self._below)
            return ((number, number >> TURN_BITS in fitting) for number in numbers)
        if self._where == "1":
            return ((number, 1) for number in words.numbers(self._words, self._below))
        sql = f"""SELECT t.rowid, {self._where} FROM turn_text AS t
            JOIN conversations AS c ON c.id = t.rowid >> {TURN_BITS}
            WHERE t.words MATCH ? AND t.rowid < ? ORDER BY t.rowid DESC"""
        return iter(self._db.execute(sql, [*self._parameters, match_of(self._words), end_of(self._below)]))


def _top(below: int | None) -> int:
    return below if below is not None else (1 << 62)
