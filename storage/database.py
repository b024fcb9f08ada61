"""Opening a SQLite file of the shop, and saying clearly why it cannot be opened.

WAL lets the readers of other threads and processes go on while the writer commits. `synchronous=FULL` makes a
commit durable: an update is acknowledged only after it is on the disk. Each thread opens its own connection;
sqlite3's refusal to cross threads is left on as a guard. Only the writer checkpoints, which stays clear of the
WAL-reset race of SQLite before 3.51.3.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database, Migrations

from storage.backup.disk import BackupError
from storage.migrations import migrations
from storage.upgrading import keep_copy

BUSY_TIMEOUT = 10.0  # seconds a writer waits for another writer
_CACHE = 65536  # KiB of pages a connection may keep; the hot part of 50,000 products

_WHOLE_CHECK = 1 << 30  # bytes of a file that is checked whole at each start
_LOG = {"turns", "impressions", "updates", "turn_text_content", "turn_text_data", "turn_text_idx"}

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR}

Parameters = Sequence[Any] | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file of this program is to look like: its steps, and the number in its header that names the program."""

    steps: Migrations
    application_id: int


SHOP = Layout(migrations, 0x53484F50)  # "SHOP"


class DatabaseError(Exception):
    """The database cannot be used; the message says what to do next."""


class DatabaseMissing(DatabaseError):  # noqa: N818
    """There is no database to read."""


class DatabaseBroken(DatabaseError):  # noqa: N818
    """The file is damaged, or is no database of this program."""


class DatabaseTrouble(DatabaseError):  # noqa: N818
    """Nothing can be written for now; it can when the trouble is over, and until then nothing is lost."""


class DatabaseLocked(DatabaseTrouble):
    """Another process kept the write lock for longer than the busy timeout."""


class DatabaseFull(DatabaseTrouble):
    """The disk is full."""


class DatabaseUnwritable(DatabaseTrouble):
    """The disk does not take what is written: a read-only file system, a quota, a failing device."""


class DatabaseNewer(DatabaseError):  # noqa: N818
    """The file was written by a later version of this program."""


class DatabaseOlder(DatabaseError):  # noqa: N818
    """A reader met a file that the writer has yet to bring up to date."""


class UpgradeFailed(DatabaseError):  # noqa: N818
    """The file could not be brought up to date, and is as it was."""


def open_database(
    path: Path,
    *,
    readonly: bool = False,
    busy_timeout: float = BUSY_TIMEOUT,
    layout: Layout = SHOP,
    keep: bool = True,
) -> Database:
    """Open `path` for this thread; a writer creates the file and brings its schema up to date, after it has kept a copy
    of an older one (`keep`).

    A reader sees every committed write, refuses to write, and never checkpoints. `busy_timeout` is in seconds.
    Raises a `DatabaseError`.
    """
    with clear_errors(path):
        connection = _connect(path, readonly=readonly, busy_timeout=busy_timeout)
        try:
            db = Database(connection)
            _refuse_foreign(db, path, layout)
            if readonly:
                _refuse_older(db, path, layout)
            else:
                _refuse_damaged(db, path)
                _prepare(db, path, layout, keep)
        except BaseException:
            connection.close()
            raise
    return db


@contextmanager
def immediate(db: Database) -> Iterator[None]:
    """One transaction that holds the write lock from its start; nested ones are savepoints.

    sqlite-utils' own `atomic()` begins deferred, so that a read followed by a write can fail at once with
    SQLITE_BUSY, whatever the timeout. Raises `DatabaseLocked` when the lock is not to be had.
    """
    with clear_errors(None):
        if db.conn.in_transaction:
            with db.atomic():
                yield
            return
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            db.rollback()
            raise
        try:
            db.commit()
        except BaseException:
            db.rollback()
            raise


@contextmanager
def clear_errors(path: Path | None) -> Iterator[None]:
    """Turn SQLite's codes for what is wrong with a file or its disk into errors that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        if meant := meaning(error, path):
            raise meant from error
        raise


def meaning(error: BaseException, path: Path | None = None) -> DatabaseError | None:
    """What an error says of the database of `path`: one sentence with what to do; None where it says nothing of it."""
    if isinstance(error, DatabaseError):
        return error
    if not isinstance(error, sqlite3.Error):
        return None
    name = path or "The shop database"
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in _BROKEN:
        return DatabaseBroken(f"{name} is damaged or is not a database: restore a backup of it.")
    if code in _LOCKED:
        return DatabaseLocked(f"{name} is locked by another process: stop that one or try again.")
    if code == sqlite3.SQLITE_FULL:
        return DatabaseFull(f"{name} cannot grow, since the disk is full: make room on it.")
    if code in _UNWRITABLE:
        return DatabaseUnwritable(f"{name} cannot be written ({error}): check the disk and how it is mounted.")
    if code == sqlite3.SQLITE_CANTOPEN:
        return DatabaseError(f"{name} cannot be opened: check the folder and its permissions.")
    return None


def rows(db: Database, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
    """All rows of a query, addressable by column name."""
    cursor = db.conn.cursor()
    cursor.row_factory = sqlite3.Row
    return cursor.execute(sql, parameters).fetchall()


def row(db: Database, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
    """The first row of a query, or None."""
    cursor = db.conn.cursor()
    cursor.row_factory = sqlite3.Row
    found: sqlite3.Row | None = cursor.execute(sql, parameters).fetchone()
    return found


def _connect(path: Path, *, readonly: bool, busy_timeout: float) -> sqlite3.Connection:
    if readonly and not path.exists():
        raise DatabaseMissing(f"There is no shop database at {path}: import a catalogue or start the bot first.")
    if not readonly:
        path.parent.mkdir(parents=True, exist_ok=True)
    mode = "ro" if readonly else "rwc"
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", timeout=busy_timeout, uri=True)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE}")
    return connection


def _refuse_foreign(db: Database, path: Path, layout: Layout) -> None:
    application_id = db.execute("PRAGMA application_id").fetchone()[0]
    if application_id != layout.application_id and db.table_names():
        raise DatabaseBroken(f"{path} belongs to another program: choose another data folder.")
    known = {migration.name for migration in layout.steps.pending(db)}
    known |= {migration.name for migration in layout.steps.applied(db)}
    newer = known - {migration.name for migration in layout.steps._migrations}
    if newer:
        raise DatabaseNewer(f"{path} was written by a newer version of shopbot: update the program.")


def _refuse_older(db: Database, path: Path, layout: Layout) -> None:
    if layout.steps.pending(db):
        raise DatabaseOlder(f"{path} has an older layout: start the bot once to bring it up to date.")


def _refuse_damaged(db: Database, path: Path, whole: int = _WHOLE_CHECK) -> None:
    """Walks the file's structure: 0.2 s for the 120 MB of 50,000 products. Damage is better met now than in a turn.

    A file of more bytes than `whole` is walked without the log of the talk: a year of it takes minutes.
    """
    checks = ["PRAGMA quick_check(1)"]
    if path.stat().st_size > whole:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
        checks = [f"PRAGMA quick_check([{name}])" for (name,) in tables.fetchall() if name not in _LOG]
    for check in checks:
        fault = db.execute(check).fetchone()[0]
        if fault != "ok":
            raise DatabaseBroken(f"{path} is damaged ({fault.splitlines()[-1]}): restore a backup of it.")


def _prepare(db: Database, path: Path, layout: Layout, keep: bool) -> None:
    # The journal mode is kept in the file, and setting it takes a lock: only a new file needs it.
    if db.journal_mode != "wal":
        db.enable_wal()
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA journal_size_limit = 67108864")
    if pending := layout.steps.pending(db):
        _bring_up(db, path, layout, pending[0].name if keep and db.table_names() else "")


def _bring_up(db: Database, path: Path, layout: Layout, kept_before: str) -> None:
    """All steps that are missing, in one transaction."""
    try:
        if kept_before:
            keep_copy(db, path, kept_before)
        # Two processes may open a new file at once: the second waits here, and then finds nothing to do.
        with immediate(db):
            layout.steps.apply(db)
            db.execute(f"PRAGMA application_id = {layout.application_id}")
    except DatabaseError:
        raise
    except BackupError as error:
        raise UpgradeFailed(f"{path} is of an older version and could not be copied first. {error}") from error
    except Exception as error:
        raise UpgradeFailed(
            f"{path} could not be brought up to date ({' '.join(str(error).split())}). It is as it was: go on with the"
            " version of shopbot that wrote it, and report this."
        ) from error
