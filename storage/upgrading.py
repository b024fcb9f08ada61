"""Before a database is brought up to date, a copy of it as it is: DATA/shop.db.before-m023_erased.

The steps themselves are one transaction, so one that fails leaves the file as it was. The copy is for the day on which
the new version turns out to be the wrong one; it goes with the backups' rotation (`drop_copies`).
"""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from storage.backup.disk import ask_for_room, force_folder, private_file

_MARK = ".before-"
_log = logging.getLogger(__name__)


def keep_copy(db: Database, path: Path, step: str) -> None:
    """Copies a database before `step` changes it; nothing where that was done. Raises BackupError or OSError."""
    kept = path.with_name(f"{path.name}{_MARK}{step}")
    if kept.exists():
        return
    ask_for_room(path.parent, path.stat().st_size)
    part = kept.with_name(f".{kept.name}.part")
    part.unlink(missing_ok=True)
    os.close(private_file(part))
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as target:
            target.execute("PRAGMA journal_mode = OFF")
            target.execute("PRAGMA synchronous = OFF")
            db.conn.backup(target)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(kept)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    force_folder(path.parent)
    _log.warning("The layout of %s is brought up to date; as it was, it lies in %s", path.name, kept.name)


def copies(data: Path) -> list[Path]:
    """What was kept so in a data folder."""
    return sorted(data.glob(f"*.db{_MARK}*"))


def drop_copies(data: Path, before: datetime) -> list[Path]:
    """Removes the copies made before an instant; which."""
    gone = [path for path in copies(data) if path.stat().st_mtime < before.timestamp()]
    for path in gone:
        path.unlink()
    return gone
