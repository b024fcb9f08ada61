"""Replies kept ready for staff, in both languages, with places that are filled in when one is used.

    "Hello, this is {staff}. Your order {order} ..."

Only places that exist can be written, so that no shopper is ever sent "{oder}".
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows
from storage.records import Language

PLACES = ("staff", "case", "order", "product", "hours")
"""Who speaks, the number of the case, the order spoken of, the product shown last, and the office hours."""
LONGEST_TEXT, LONGEST_NAME = 2_000, 40
_PLACE = re.compile(r"\{\s*([^{}\s]*)\s*\}")


class CannedError(ValueError):
    """A reply that cannot be kept; `code` says why, `place` which place there is not."""

    def __init__(self, code: str, place: str = "") -> None:
        super().__init__(code)
        self.code, self.place = code, place


@dataclass(frozen=True, slots=True)
class Canned:
    """One reply. `version` counts its changes."""

    id: int
    name: str
    en: str
    zh: str
    by: str
    at: datetime
    version: int

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class CannedReplies:
    """All of them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> list[Canned]:
        """By name."""
        return [_canned(found) for found in rows(self._db, "SELECT * FROM canned ORDER BY name")]

    def get(self, canned_id: int) -> Canned | None:
        found = row(self._db, "SELECT * FROM canned WHERE id = ?", [canned_id])
        return _canned(found) if found else None

    def add(self, name: str, en: str, zh: str, by: str) -> None:
        """Keeps a new one. Raises CannedError."""
        kept = _checked(name, en, zh)
        try:
            with immediate(self._db):
                self._db.execute(
                    "INSERT INTO canned (name, en, zh, by, at) VALUES (?, ?, ?, ?, ?)",
                    [*kept, by, instants.to_text(instants.now())],
                )
        except sqlite3.IntegrityError as error:
            raise CannedError("taken") from error

    def change(self, canned_id: int, version: int, name: str, en: str, zh: str, by: str) -> None:
        """Changes one that is still of this version. Raises CannedError, with code "stale" where it is not."""
        kept = _checked(name, en, zh)
        try:
            with immediate(self._db):
                done = self._db.execute(
                    """UPDATE canned SET name = ?, en = ?, zh = ?, by = ?, at = ?, version = version + 1
                    WHERE id = ? AND version = ?""",
                    [*kept, by, instants.to_text(instants.now()), canned_id, version],
                ).rowcount
        except sqlite3.IntegrityError as error:
            raise CannedError("taken") from error
        if not done:
            raise CannedError("stale")

    def remove(self, canned_id: int) -> None:
        with immediate(self._db):
            self._db.execute("DELETE FROM canned WHERE id = ?", [canned_id])


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the places that have a value filled in; the others stay, to be seen and filled by hand."""
    return _PLACE.sub(lambda found: values.get(found[1]) or found[0], text)


def unfilled(text: str) -> str:
    """The first place that still stands in a text, "" where none does."""
    return next((name for name in _PLACE.findall(text) if name in PLACES), "")


def _checked(name: str, en: str, zh: str) -> tuple[str, str, str]:
    name, en, zh = " ".join(name.split()), en.strip(), zh.strip()
    if not name or not en or not zh:
        raise CannedError("empty")
    if len(name) > LONGEST_NAME or max(len(en), len(zh)) > LONGEST_TEXT:
        raise CannedError("long")
    for place in _PLACE.findall(en + zh):
        if place not in PLACES:
            raise CannedError("place", place)
    return name, en, zh


def _canned(found: sqlite3.Row) -> Canned:
    values = {name: found[name] for name in ("id", "name", "en", "zh", "by", "version")}
    return Canned(**values, at=instants.from_text(found["at"]))
