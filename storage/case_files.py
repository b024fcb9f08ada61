"""Files that were sent within a case, by a shopper or by staff, or along with a request: their rows, and the bytes in
the data folder.

The bytes lie in DATA/case_files under a name that says nothing. They are written before their row and go after it, so
that no row names a file that never was; what lies there without a row is swept (`sweep_files`).
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from storage import instants
from storage.database import immediate, row, rows

FOLDER = "case_files"
LONGEST_TITLE = 120
_ABANDONED_S = 3_600.0  # what is younger may be waiting for its row
_WAITS = "user_id = ? AND case_id IS NULL AND ticket_id IS NULL"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file, of a case or of a ticket; of neither, it waits for the request that it goes along with. `turn_id` is
    the shopper's turn that brought it, None for one by staff; `media` its type by what it holds; `title` as its sender
    called it; `size` in bytes.
    """

    id: int
    user_id: int
    case_id: int | None
    ticket_id: int | None
    turn_id: int | None
    name: str
    media: str
    title: str
    size: int
    at: datetime

    @property
    def is_picture(self) -> bool:
        return self.media.startswith("image/")


class CaseFiles:
    """The rows, and the bytes of each."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, file_id: int) -> CaseFile | None:
        found = row(self._db, "SELECT * FROM case_files WHERE id = ?", [file_id])
        return _file(found) if found else None

    def of_turn(self, turn_id: int) -> CaseFile | None:
        """What came with a turn."""
        found = row(self._db, "SELECT * FROM case_files WHERE turn_id = ?", [turn_id])
        return _file(found) if found else None

    def of_case(self, case_id: int) -> list[CaseFile]:
        """Every file of a case, the oldest first."""
        return [
            _file(each) for each in rows(self._db, "SELECT * FROM case_files WHERE case_id = ? ORDER BY id", [case_id])
        ]

    def of_ticket(self, ticket_id: int) -> list[CaseFile]:
        """Every file of a ticket, the oldest first."""
        found = rows(self._db, "SELECT * FROM case_files WHERE ticket_id = ? ORDER BY id", [ticket_id])
        return [_file(each) for each in found]

    def waiting(self, user_id: int, since: datetime) -> list[CaseFile]:
        """A shopper's files that came since then and wait for their request to be sent."""
        sql = f"SELECT * FROM case_files WHERE {_WAITS} AND at >= ?"
        return [_file(each) for each in rows(self._db, sql, [user_id, instants.to_text(since)])]

    def hand_over(self, user_id: int, ticket_id: int, since: datetime) -> None:
        """What waited goes along with a ticket; what waits from before `since` was meant for another, never made."""
        with immediate(self._db):
            self._db.execute(
                f"UPDATE case_files SET ticket_id = ? WHERE {_WAITS} AND at >= ?",
                [ticket_id, user_id, instants.to_text(since)],
            )
            self.let_go(user_id)

    def let_go(self, user_id: int) -> None:
        """Drops the rows of what waits for a request that is not made; the files are swept."""
        with immediate(self._db):
            self._db.execute(f"DELETE FROM case_files WHERE {_WAITS}", [user_id])

    def add(
        self,
        user_id: int,
        case_id: int | None,
        name: str,
        media: str,
        title: str,
        *,
        size: int,
        at: datetime,
        turn_id: int | None = None,
        ticket_id: int | None = None,
    ) -> int:
        """Keeps the row of a file that was written under `name`; its id."""
        with immediate(self._db):
            cursor = self._db.execute(
                """INSERT INTO case_files (user_id, case_id, ticket_id, turn_id, name, media, title, size, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                [user_id, case_id, ticket_id, turn_id, name, media, title[:LONGEST_TITLE], size, instants.to_text(at)],
            )
        assert cursor.lastrowid is not None
        return int(cursor.lastrowid)

    def content(self, file: CaseFile) -> bytes | None:
        """Its bytes; None where they are gone."""
        return read_file(folder_of(self._db), file.name)


def folder_of(db: Database) -> Path:
    """The data folder of a shop's database, wherever it is attached."""
    found = {name: path for _, name, path in db.execute("PRAGMA database_list").fetchall()}
    return Path(found["main"]).parent


def write_file(data: Path, content: bytes) -> str:
    """Writes the bytes, readable by their owner only; the name they lie under."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    name = secrets.token_hex(16)
    path = folder / name
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)
    return name


def read_file(data: Path, name: str) -> bytes | None:
    """The bytes of a name that we gave; None where there are none."""
    if not (len(name) == 32 and name.isascii() and name.isalnum()):
        return None
    with suppress(OSError):
        return (data / FOLDER / name).read_bytes()
    return None


def drop_files(data: Path, names: list[str]) -> int:
    """Removes files by their names; how many there were."""
    gone = 0
    for name in names:
        with suppress(FileNotFoundError):
            (data / FOLDER / name).unlink()
            gone += 1
    return gone


def sweep_files(data: Path, older_than: float = _ABANDONED_S) -> int:
    """Removes the files of a data folder that no row names (any more) and that lie there for longer than these seconds;
    how many.
    """
    from storage.shop import Shop

    folder = data / FOLDER
    if not folder.is_dir():
        return 0
    before = time.time() - older_than
    found = [path.name for path in folder.iterdir() if path.stat().st_mtime <= before]
    shop = Shop.open(data, readonly=True)
    try:
        known = {name for (name,) in shop.db.execute("SELECT name FROM case_files").fetchall()}
    finally:
        shop.close()
    return drop_files(data, [name for name in found if name not in known])


def _file(found: sqlite3.Row) -> CaseFile:
    values = {name: found[name] for name in CaseFile.__slots__ if name != "at"}
    return CaseFile(**values, at=instants.from_text(found["at"]))
