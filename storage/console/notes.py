"""What staff write beside a talk: notes on a conversation or one of its turns, and tags to find it again by."""

from __future__ import annotations

import sqlite3
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows

LONGEST_NOTE, LONGEST_TAG, MOST_TAGS = 2_000, 40, 20  # code points, code points, tags a conversation


class NoteError(ValueError):
    """A note or tag that cannot be kept; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Note:
    """A staff member's words. `turn_id` is None where they are about the whole conversation."""

    id: int
    conversation_id: int
    turn_id: int | None
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tag:
    """A word to find a conversation by; `turn_id` is 0 where it is about the whole of it."""

    conversation_id: int
    tag: str
    turn_id: int
    by: str


class Notes:
    """Notes and tags, by conversation."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def write(self, conversation_id: int, text: str, by: str, turn_id: int | None = None) -> Note:
        """Keep a note. Raises NoteError for an empty or overlong one."""
        said = text.strip()
        if not said:
            raise NoteError("empty")
        if len(said) > LONGEST_NOTE:
            raise NoteError("long")
        at = instants.now()
        with immediate(self._db):
            kept = self._db.execute(
                "INSERT INTO notes (conversation_id, turn_id, text, by, at) VALUES (?, ?, ?, ?, ?)",
                [conversation_id, turn_id, said, by, instants.to_text(at)],
            )
        return Note(int(kept.lastrowid or 0), conversation_id, turn_id, said, by, at)

    def note(self, note_id: int) -> Note | None:
        """One note."""
        found = row(self._db, "SELECT * FROM notes WHERE id = ?", [note_id])
        return _note(found) if found else None

    def remove(self, note_id: int) -> None:
        """Drop a note."""
        with immediate(self._db):
            self._db.execute("DELETE FROM notes WHERE id = ?", [note_id])

    def notes(self, conversation_id: int) -> list[Note]:
        """All notes of a conversation, oldest first."""
        return [
            _note(found)
            for found in rows(self._db, "SELECT * FROM notes WHERE conversation_id = ? ORDER BY id", [conversation_id])
        ]

    def tag(self, conversation_id: int, tag: str, by: str, turn_id: int = 0) -> str:
        """Tag a conversation, or one turn of it; the tag as kept. Raises NoteError for one that is none."""
        kept = tidy(tag)
        with immediate(self._db):
            count = self._db.execute("SELECT count(*) FROM tags WHERE conversation_id = ?", [conversation_id])
            if count.fetchone()[0] >= MOST_TAGS:
                raise NoteError("many")
            self._db.execute(
                "INSERT OR IGNORE INTO tags (conversation_id, tag, turn_id, by, at) VALUES (?, ?, ?, ?, ?)",
                [conversation_id, kept, turn_id, by, instants.to_text(instants.now())],
            )
        return kept

    def untag(self, conversation_id: int, tag: str, turn_id: int = 0) -> None:
        """Take a tag off."""
        with immediate(self._db):
            self._db.execute(
                "DELETE FROM tags WHERE conversation_id = ? AND tag = ? AND turn_id = ?",
                [conversation_id, tag, turn_id],
            )

    def tags(self, conversation_id: int) -> list[Tag]:
        """The tags of a conversation, by name."""
        found = rows(self._db, "SELECT * FROM tags WHERE conversation_id = ? ORDER BY tag, turn_id", [conversation_id])
        return [Tag(held["conversation_id"], held["tag"], held["turn_id"], held["by"]) for held in found]

    def known_tags(self, limit: int = 200) -> list[str]:
        """The tags in use, the commonest first."""
        found = self._db.execute("SELECT tag FROM tags GROUP BY tag ORDER BY count(*) DESC, tag LIMIT ?", [limit])
        return [tag for (tag,) in found]


def tidy(tag: str) -> str:
    """A tag in one form: lower case, one space between words. Raises NoteError for none, or an overlong one."""
    kept = " ".join(unicodedata.normalize("NFKC", tag).replace("#", " ").casefold().split())
    if not kept or not kept.isprintable():
        raise NoteError("empty")
    if len(kept) > LONGEST_TAG:
        raise NoteError("long")
    return kept


def _note(found: sqlite3.Row) -> Note:
    return Note(
        found["id"],
        found["conversation_id"],
        found["turn_id"],
        found["text"],
        found["by"],
        instants.from_text(found["at"]),
    )
