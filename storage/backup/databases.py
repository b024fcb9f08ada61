"""The databases of a data folder, copied as they were at one instant while others go on writing, and checked.

Each is read by a connection of its own, and these begin to read one right after the other: SQLite then shows each
database as it was at that moment, however long the copying takes, and no writer waits. The write-ahead log grows
meanwhile and shrinks at the writer's next checkpoint. What the console's rows name is in the shop's copy, and the local
Bot API, which is begun last, knows no fewer updates than the bot.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from storage.backup.disk import BackupError, Told, private_file
from storage.backup.manifest import DatabaseEntry
from storage.console.database import CONSOLE
from storage.console.database import FILE_NAME as CONSOLE_FILE
from storage.database import SHOP, Layout
from storage.shop import FILE_NAME as SHOP_FILE

SIMULATOR_FILE = "simulator.db"
DATABASES: Mapping[str, Layout | None] = {CONSOLE_FILE: CONSOLE, SHOP_FILE: SHOP, SIMULATOR_FILE: None}
"""In the order in which their reading begins; what each is to look like, where that is written down."""

_STEP = 1024  # pages copied at once: 4 MB
_FORCED = 32  # steps after which what was copied is forced to the disk
_BUSY_S = 30.0
_MAPPED = 2 << 30  # bytes
_CACHE = 65536  # KiB


def copy_databases(data: Path, target: Path, told: Told = lambda _: None) -> list[str]:
    """Copies those that are there; their names. Raises sqlite3.Error or OSError."""
    with ExitStack() as stack:
        reading = {name: stack.enter_context(_reader(data / name)) for name in DATABASES if (data / name).is_file()}
        begin = "SELECT count(*) FROM sqlite_master"
        for connection in reading.values():
            connection.execute(
                begin
            ).fetchone()  # the schema is read now, so that nothing stands between the beginnings
        for connection in reading.values():
            connection.execute("BEGIN")
            connection.execute(begin).fetchone()
        for name, connection in reading.items():
            _copy(connection, target / name, told)
    return list(reading)


def size_of(data: Path) -> int:
    """Bytes that the databases of a folder take."""
    sizes = (
        (data / f"{name}{end}").stat().st_size
        for name in DATABASES
        for end in ("", "-wal")
        if (data / f"{name}{end}").is_file()
    )
    return sum(sizes)


def check_database(path: Path) -> DatabaseEntry:
    """Walks all of a copy that nobody writes; what it holds. Raises BackupError for the first fault."""
    check_structure(path)
    return check_rows(path)


def check_structure(path: Path) -> None:
    """Walks every page and every index. Raises BackupError for the first fault."""
    with _told_as_damage(path), still(path) as db:
        fault = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if fault != "ok":
            raise BackupError(f"{path.name} is damaged: {fault.splitlines()[-1]}.")


def check_rows(path: Path) -> DatabaseEntry:
    """Follows every reference and counts the rows; what the copy holds. Raises BackupError for the first fault."""
    with _told_as_damage(path), still(path) as db:
        if broken := db.execute("PRAGMA foreign_key_check").fetchone():
            raise BackupError(f"{path.name} is damaged: a row of {broken[0]} refers to none of {broken[2]}.")
        return describe(db, DATABASES.get(path.name))


@contextmanager
def _told_as_damage(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path.name} is damaged: {error}.") from error


def describe(db: sqlite3.Connection, layout: Layout | None) -> DatabaseEntry:
    """The steps and the rows of a database."""
    return DatabaseEntry(_steps(db, layout), {table: _rows(db, table) for table in tables_of(db)})


def newer_steps(entry: DatabaseEntry, layout: Layout | None) -> list[str]:
    """Steps of a database that this program does not know."""
    known = set() if layout is None else {migration.name for migration in layout.steps._migrations}
    return [step for step in entry.steps if step not in known]


def tables_of(db: sqlite3.Connection) -> list[str]:
    """The tables that hold rows of their own, by name; not SQLite's, nor those that only show others'."""
    found = db.execute(
        """SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"""
    )
    return [name for (name,) in found.fetchall()]


@contextmanager
def still(path: Path) -> Iterator[sqlite3.Connection]:
    """A database that nobody writes, opened without leaving anything beside it."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        # Nobody changes the file: mapped, walking it takes half the time.
        connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        yield connection


@contextmanager
def _reader(path: Path) -> Iterator[sqlite3.Connection]:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_S, isolation_level=None)) as connection:
        yield connection


def _copy(source: sqlite3.Connection, path: Path, told: Told) -> None:
    os.close(private_file(path))
    size = int(source.execute("PRAGMA page_size").fetchone()[0])
    handle, steps, left = os.open(path, os.O_RDWR), 0, 0

    def progress(_: int, remaining: int, total: int) -> None:
        nonlocal steps, left
        steps += 1
        told(((left or total) - remaining) * size)
        left = remaining
        if steps % _FORCED == 0:
            os.fsync(handle)

    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as target:
            # The copy is thrown away where it is not finished: it needs no journal, and is forced to the disk here.
            target.execute("PRAGMA journal_mode = OFF")
            target.execute("PRAGMA synchronous = OFF")
            source.backup(target, pages=_STEP, progress=progress)
        os.fsync(handle)
    finally:
        os.close(handle)


def _steps(db: sqlite3.Connection, layout: Layout | None) -> tuple[str, ...]:
    if layout is None or "_sqlite_migrations" not in tables_of(db):
        return ()
    found = db.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid", [layout.steps.name]
    )
    return tuple(name for (name,) in found.fetchall())


def _rows(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])
