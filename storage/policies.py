"""The shop's own pages (delivery, payment, returns, ...), heading by heading: what questions about them find.

An import is the whole truth: what its folder does not have any more is gone. A passage keeps its number while its place
(language, page, anchor) stays, and no number is given twice. Vectors are kept by what was embedded, so that a passage
that moved needs no new one.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from storage.database import Parameters, immediate, rows
from storage.policy_pages import Page, sentences
from storage.records import Language, Passage
from storage.segment import Segmenter
from storage.text import CHINESE, fold, has_chinese
from storage.vectors import DIMENSIONS

HEADING = "h"
"""Stands in the place of a sentence's number in the id of a heading's text."""
_RUN = re.compile(f"[{CHINESE}]+|[^\\W_{CHINESE}]+")


@dataclass(frozen=True, slots=True)
class PageChanges:
    """What an import did, in passages."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


class Policies:
    """Passages in both languages; the texts that stand for them in an index."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._segment = Segmenter.of_base()

    # --- what there is ------------------------------------------------------------------------------

    def get(self, number: int) -> Passage | None:
        return next(iter(self._all("number = ?", [number])), None)

    def passages(self) -> list[Passage]:
        """Every passage, in the order of its page."""
        return self._all("1 ORDER BY language, page, position", [])

    def page(self, language: Language, name: str) -> list[Passage]:
        """One page, in order; empty where there is none."""
        return self._all("language = ? AND page = ? ORDER BY position", [language, name])

    def words(self, text: str) -> list[str]:
        """The words that a text is found by."""
        return self._segment.tokens(text)

    def letters(self, text: str) -> frozenset[str]:
        """Short runs of letters, four of a western word and two Chinese characters: misspelt and inflected words share
        most of theirs.
        """
        runs = [(found[0], 2 if has_chinese(found[0]) else 4) for found in _RUN.finditer(fold(text))]
        return frozenset(run[at : at + long] for run, long in runs for at in range(max(1, len(run) - long + 1)))

    def revision(self) -> int:
        """A number that grows with every import that changed something; 0 before the first."""
        return int(self._db.execute("SELECT value FROM catalogue_state WHERE name = 'policies'").fetchone()[0])

    # --- what becomes of it -------------------------------------------------------------------------

    def replace(self, pages: Iterable[Page], *, demo: bool = False) -> PageChanges:
        """These pages in the place of all that there were."""
        wanted = {
            (page.language, page.name, section.anchor): (page.title, page.url, section.heading, section.text, at, demo)
            for page in pages
            for at, section in enumerate(page.sections)
        }
        with immediate(self._db):
            held = {
                (row["language"], row["page"], row["anchor"]): (*tuple(row)[4:9], bool(row["demo"]))
                for row in rows(self._db, f"SELECT {_COLUMNS} FROM policy_passages")
            }
            gone = [key for key in held if key not in wanted]
            self._db.conn.executemany(
                "DELETE FROM policy_passages WHERE language = ? AND page = ? AND anchor = ?", gone
            )
            self._db.conn.executemany(_UPSERT, [(*key, *facts) for key, facts in wanted.items()])
            added = sum(key not in held for key in wanted)
            changed = sum(key in held and held[key] != facts for key, facts in wanted.items())
            if gone or added or changed:
                self._settle()
        return PageChanges(added, changed, len(wanted) - added - changed, len(gone))

    def withdraw_demo(self) -> int:
        """Removes the pages of the demo shop, whose promises are nobody else's; how many passages there were."""
        with immediate(self._db):
            gone = self._db.execute("DELETE FROM policy_passages WHERE demo = 1").rowcount
            if gone:
                self._settle()
        return gone

    def _settle(self) -> None:
        """After a change: a new revision, and no vector of a text that is gone."""
        self._db.execute("UPDATE catalogue_state SET value = value + 1 WHERE name = 'policies'")
        kept = {text_hash for _, _, text_hash in self.embedding_texts()}
        held = {each for (each,) in self._db.execute("SELECT DISTINCT text_hash FROM policy_vectors")}
        self._db.conn.executemany("DELETE FROM policy_vectors WHERE text_hash = ?", [(each,) for each in held - kept])

    # --- for the index ------------------------------------------------------------------------------

    def text_hashes(self) -> dict[str, str]:
        """The hash of every text."""
        return {id: text_hash for id, _, text_hash in self.embedding_texts()}

    def embedding_texts(self, ids: Sequence[str] | None = None) -> Iterator[tuple[str, str, str]]:
        """(id, text, hash): each heading as "number/h" and each sentence under its heading as "number/place"; those of
        `ids`, or all.
        """
        wanted = None if ids is None else set(ids)
        yield from (text for text in self._texts() if wanted is None or text[0] in wanted)

    def _texts(self) -> Iterator[tuple[str, str, str]]:
        for passage in self.passages():
            yield _text(f"{passage.number}/{HEADING}", f"{passage.title}. {passage.heading}")
            for at, sentence in enumerate(passage.sentences):
                yield _text(f"{passage.number}/{at}", f"{passage.heading}: {sentence}")

    def numbered(self) -> tuple[list[str], NDArray[np.int64]]:
        """Ids with running numbers."""
        ids = [id for id, _, _ in self.embedding_texts()]
        return ids, np.arange(len(ids), dtype=np.int64)

    def missing(self, version: str, texts: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        """Those of `texts` (id, text, hash) that have no vector of this version yet."""
        held = {each for (each,) in self._db.execute(_HASHES, [version])}
        return [each for each in texts if each[2] not in held]

    def put(self, version: str, ids: Sequence[str], hashes: Sequence[str], matrix: NDArray[np.floating]) -> None:
        """Keep one row of `matrix` (n, 384) for each id. Raises ValueError for another shape or a bad number."""
        if matrix.shape != (len(ids), DIMENSIONS) or len(hashes) != len(ids) or not np.isfinite(matrix).all():
            raise ValueError(f"Expected {len(ids)} hashes and finite vectors of {DIMENSIONS}, got {matrix.shape}.")
        vectors = np.ascontiguousarray(matrix, dtype="<f4")
        with immediate(self._db):
            self._db.conn.executemany(
                "INSERT OR REPLACE INTO policy_vectors (version, text_hash, vector) VALUES (?, ?, ?)",
                [(version, text_hash, vector.tobytes()) for text_hash, vector in zip(hashes, vectors, strict=True)],
            )

    def load(self, version: str) -> tuple[list[str], NDArray[np.float32]]:
        """Ids and vectors (n, 384) of all texts that have one."""
        held = dict(self._db.execute("SELECT text_hash, vector FROM policy_vectors WHERE version = ?", [version]))
        found = [(id, held[text_hash]) for id, _, text_hash in self.embedding_texts() if text_hash in held]
        matrix = np.frombuffer(b"".join(vector for _, vector in found), dtype="<f4").astype(np.float32)
        return [id for id, _ in found], matrix.reshape(len(found), DIMENSIONS)

    def _all(self, where: str, parameters: Parameters) -> list[Passage]:
        found = rows(self._db, f"SELECT {_COLUMNS} FROM policy_passages WHERE {where}", parameters)
        return [_passage(each) for each in found]


_COLUMNS = "number, language, page, anchor, title, url, heading, text, position, demo"
_HASHES = "SELECT text_hash FROM policy_vectors WHERE version = ?"
_UPSERT = """INSERT INTO policy_passages (language, page, anchor, title, url, heading, text, position, demo)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (language, page, anchor) DO UPDATE SET title = excluded.title,
url = excluded.url, heading = excluded.heading, text = excluded.text, position = excluded.position, demo = excluded.demo
"""


def _text(id: str, text: str) -> tuple[str, str, str]:
    return id, text, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _passage(found: sqlite3.Row) -> Passage:
    return Passage(
        number=found["number"],
        language=found["language"],
        page=found["page"],
        anchor=found["anchor"],
        title=found["title"],
        heading=found["heading"],
        sentences=tuple(sentences(found["text"])),
        url=found["url"],
    )
