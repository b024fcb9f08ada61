"""Whether a data folder is sound: its databases, the files that rows speak of, copies that lie about, the last backup.

for finding in examine(settings): ...       # reads only, beside a running bot or without it
"""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.lock import FolderLock
from bot.settings import Settings
from bot.upkeep.backups import backup_age
from storage.backup.databases import DATABASES, SIMULATOR_FILE
from storage.backup.disk import ask_for_room, megabytes
from storage.backup.switching import asides, is_switching
from storage.case_files import FOLDER as CASE_FILES
from storage.console.database import FILE_NAME as CONSOLE_FILE
from storage.database import Layout, clear_errors, open_database
from storage.shop import FILE_NAME as SHOP_FILE
from storage.upgrading import copies
from storage.visitors import NAME as KEY_FILE
from storage.visitors import VisitorKey, VisitorKeyError

_LARGEST_LOG = 256 << 20  # bytes of a write-ahead log: four times what is left of it after a checkpoint
_OLD_BACKUP = timedelta(hours=36)
_PRIVATE = (KEY_FILE, CONSOLE_FILE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, whether it is as it should be, and a sentence for whoever asked."""

    what: str
    sound: bool
    said: str


def examine(settings: Settings) -> list[Finding]:
    """Everything there is to look at. Raises a `storage.database.DatabaseError` where there is no shop."""
    data = settings.data
    open_database(data / SHOP_FILE, readonly=True).close()
    found = [finding for name in DATABASES if (data / name).is_file() for finding in _database(data / name)]
    found += [*_case_files(data), *_key(data), *_permissions(data), *_left(data), _backup(settings)]
    return found


def bring_up_to_date(data: Path) -> Iterator[str]:
    """Brings both databases up to this version's layout; what was done. Raises a `storage.database.DatabaseError`."""
    with FolderLock(data), FolderLock(data, owner="console"):
        for name, layout in _laid_out(data):
            with closing(_plain(data / name)) as before:
                done = _applied(before, layout)
            open_database(data / name, layout=layout).close()
            steps = [each.name for each in layout.steps._migrations if each.name not in done]
            yield f"{name}: {', '.join(steps)}" if steps else f"{name}: up to date"


def compact_databases(data: Path) -> Iterator[tuple[str, int, int]]:
    """Rewrites each database without the room of deleted rows; its name, bytes before and after."""
    with FolderLock(data), FolderLock(data, owner="console"):
        for name, layout in _laid_out(data):
            path = data / name
            before = path.stat().st_size
            ask_for_room(data, 2 * before)
            with closing(open_database(path, layout=layout)) as db, clear_errors(path):
                db.execute("VACUUM")
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            yield name, before, path.stat().st_size


def _laid_out(data: Path) -> list[tuple[str, Layout]]:
    return [(name, layout) for name, layout in DATABASES.items() if layout and (data / name).is_file()]


def _applied(db: sqlite3.Connection, layout: Layout) -> set[str]:
    try:
        found = db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", [layout.steps.name])
    except sqlite3.OperationalError:
        return set()
    return {name for (name,) in found.fetchall()}


def _plain(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10.0)


def _database(path: Path) -> Iterator[Finding]:
    with closing(_plain(path)) as db:
        try:
            fault = str(db.execute("PRAGMA integrity_check(1)").fetchone()[0])
            broken = db.execute("PRAGMA foreign_key_check").fetchone() if fault == "ok" else None
        except sqlite3.DatabaseError as error:
            fault, broken = str(error), None
        if fault != "ok":
            yield Finding(path.name, False, f"damaged ({fault.splitlines()[-1]}); restore a backup.")
            return
        if broken:
            yield Finding(path.name, False, f"a row of {broken[0]} refers to none of {broken[2]}; restore a backup.")
            return
        pages, free, size = (
            int(db.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "freelist_count", "page_size")
        )
        spare = "" if free < pages / 4 else f"; {megabytes(free * size)} are unused: shopbot data compact"
        yield Finding(path.name, True, f"sound, {megabytes(pages * size)}{spare}")
    log = path.with_name(f"{path.name}-wal")
    if log.is_file() and log.stat().st_size > _LARGEST_LOG:
        said = f"{megabytes(log.stat().st_size)}: some process has been reading for very long; end it"
        yield Finding(log.name, False, said)


def _case_files(data: Path) -> Iterator[Finding]:
    with closing(_plain(data / SHOP_FILE)) as db:
        named = dict(db.execute("SELECT name, size FROM case_files").fetchall())
    there = {path.name: path.stat().st_size for path in (data / CASE_FILES).glob("*") if path.is_file()}
    if lost := named.keys() - there.keys():
        said = f"{len(lost)} of {len(named)} files that were sent are missing; a backup may have them"
        yield Finding(CASE_FILES, False, said)
    else:
        loose = len(there.keys() - named.keys())
        yield Finding(
            CASE_FILES, True, f"{len(named)} files" + (f", {loose} more await the night's sweep" * bool(loose))
        )


def _key(data: Path) -> Iterator[Finding]:
    if (data / KEY_FILE).is_file():
        try:
            VisitorKey.of(data)
        except VisitorKeyError as error:
            yield Finding(KEY_FILE, False, str(error))
        else:
            yield Finding(KEY_FILE, True, "sound")


def _permissions(data: Path) -> Iterator[Finding]:
    """What others of this machine may read. A folder that is closed to them closes everything in it."""
    if not stat.S_IMODE(data.stat().st_mode) & 0o077:
        yield Finding("permissions", True, "the folder is its owner's alone")
        return
    names = [*_PRIVATE, SHOP_FILE, SIMULATOR_FILE, CASE_FILES]
    paths = [data / name for name in names if (data / name).exists()]
    open_ones = [path.name for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]
    strict = [name for name in open_ones if name in _PRIVATE]
    if strict:
        yield Finding("permissions", False, f"others may read {', '.join(strict)}: chmod 600")
    elif open_ones:
        yield Finding("permissions", True, f"others may look into {data}: chmod 700 keeps shoppers' words from them")
    else:
        yield Finding("permissions", True, "others may read nothing")


def _left(data: Path) -> Iterator[Finding]:
    """Work that broke off, and copies of the whole shop that hold what may have been erased since."""
    if is_switching(data):
        yield Finding("restore", False, "a restore broke off: the next start, or another restore, finishes it")
    if lying := [*copies(data), *asides(data)]:
        names = ", ".join(path.name for path in lying)
        yield Finding("copies", True, f"{names}: from before an upgrade or a restore; gone with the backups' rotation")


def _backup(settings: Settings) -> Finding:
    age = backup_age(settings, datetime.now(UTC))
    if age is None:
        return Finding("backup", False, "there never was one: shopbot backup --to DIR, or set SHOPBOT_BACKUPS")
    hours = age.total_seconds() / 3600
    return Finding("backup", age <= _OLD_BACKUP, f"the last one is {hours:.0f} hours old")
