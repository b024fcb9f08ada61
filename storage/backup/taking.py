"""A backup of a data folder, made while the bot runs or without it.

    taken = take(settings.data, Path("/mnt/backups"), program="1.4.0")

A set is written under another name, checked as a whole, and gets its own name only then: what is called
`shopbot-...Z` was complete and sound when it was written. Whatever fails leaves no half of a set, and the older ones
as they were.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage import instants
from storage.backup.databases import check_rows, check_structure, copy_databases, size_of, still
from storage.backup.disk import (
    BackupError,
    alone,
    ask_for_room,
    copy_hashed,
    force_folder,
    hash_of,
    let_go,
    private_folder,
)
from storage.backup.manifest import (
    FileEntry,
    Manifest,
    files_under,
    name_of,
    write_manifest,
)
from storage.case_files import FOLDER as CASE_FILES
from storage.shop import FILE_NAME as SHOP_FILE
from storage.visitors import NAME as KEY_FILE
from storage.visitors import VisitorKey, VisitorKeyError

COPIED = (KEY_FILE,)
"""Files that are copied as they are."""
TREES = ("models/understander", "training", "learning", "guides", "policies")
"""Folders that are copied whole. What is derived is not here: index/, pages/ and the models' ONNX files."""
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

Progress = Callable[[str, int, int], None]
"""Hears of each bit of work: its phase (copy, check, hash), the bytes done in it, and of how many."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A set that was made and checked; `seconds` it took."""

    folder: Path
    manifest: Manifest
    seconds: float


def take(data: Path, to: Path, program: str, told: Progress = lambda *_: None) -> Taken:
    """Makes a set of the data folder in `to`. Raises BackupError, and then nothing has changed."""
    _refuse(data, to)
    began = instants.now()
    try:
        private_folder(to)
        with alone(to):
            _clear(to)
            ask_for_room(to, _estimate(data))
            _have_key(data)
            folder = to / name_of(began)
            if folder.exists():
                raise BackupError(f"{folder} is there already: one backup in a second is enough.")
            part = to / f".{folder.name}.part"
            try:
                manifest = _write(data, part, began, program, told)
                part.rename(folder)
            except BaseException:
                shutil.rmtree(part, ignore_errors=True)
                raise
            force_folder(to)
    except (OSError, sqlite3.Error) as error:
        raise _sentence(to, error) from error
    return Taken(folder, manifest, (instants.now() - began).total_seconds())


def _refuse(data: Path, to: Path) -> None:
    if not (data / SHOP_FILE).is_file():
        raise BackupError(f"There is no shop at {data}, so there is nothing to back up.")
    inside = to.absolute().resolve()
    if inside == data.resolve() or data.resolve() in inside.parents:
        raise BackupError(f"{to} lies in the data folder, and would be lost with it: name a folder on another disk.")


def _have_key(data: Path) -> None:
    """What the shop hashes with is in its first backup already: who is erased after it is known again by that key. One
    that is damaged stops no backup; `shopbot data check` names it.
    """
    with suppress(VisitorKeyError):
        VisitorKey.of(data)


def _clear(to: Path) -> None:
    """What a process that died has left; nobody else writes here."""
    for left in to.glob(".shopbot-*.part"):
        shutil.rmtree(left, ignore_errors=True)


def _estimate(data: Path) -> int:
    """Bytes that a set takes at most, near enough."""
    return (
        size_of(data)
        + sum(path.stat().st_size for path in _whole_files(data))
        + sum(path.stat().st_size for path in (data / CASE_FILES).glob("*") if path.is_file())
    )


def _write(data: Path, part: Path, at: datetime, program: str, told: Progress) -> Manifest:
    """Everything but the set's own name."""
    part.mkdir(mode=0o700)
    whole = size_of(data)
    names = copy_databases(data, part, lambda done: told("copy", done, whole))
    absent = _copy_files(data, part)
    sizes = {name: (part / name).stat().st_size for name in files_under(part)}
    whole = sum(sizes.values())
    told("check", 0, 0)
    # Walking the pages takes as long as all the rest: a second processor, where there is one, does it meanwhile.
    with ThreadPoolExecutor(1, "check") as beside:
        walks = [beside.submit(check_structure, part / name) for name in names]
        databases = {name: check_rows(part / name) for name in names}
        files = {
            name: FileEntry(size, hash_of(part / name, lambda done: told("hash", done, whole)))
            for name, size in sizes.items()
        }
        told("check", 0, 0)
        for walk in walks:
            walk.result()
    for name in files:
        let_go(part / name)
    manifest = Manifest(at, program, databases, files, tuple(absent))
    write_manifest(part, manifest)
    for folder in {part, *((part / name).parent for name in files)}:
        force_folder(folder)
    return manifest


def _copy_files(data: Path, part: Path) -> list[str]:
    """The files beside the databases; those that a row names and that are gone."""
    for path in _whole_files(data):
        _copy(path, part / path.relative_to(data))
    absent = []
    for name in _case_files(part / SHOP_FILE):
        # Bytes are written before their row and go after it: what is not there was erased meanwhile.
        if not _copy(data / CASE_FILES / name, part / CASE_FILES / name):
            absent.append(f"{CASE_FILES}/{name}")
    return absent


def _whole_files(data: Path) -> Iterator[Path]:
    yield from (data / name for name in COPIED if (data / name).is_file())
    for tree in TREES:
        for path in sorted((data / tree).rglob("*")):
            inner = path.relative_to(data)
            hidden = any(part.startswith(".") for part in inner.parts) or path.suffix in (".lock", ".part")
            if path.is_file() and not path.is_symlink() and not hidden:
                yield path


def _case_files(shop: Path) -> list[str]:
    """Names of the files that the copied rows speak of, where the layout has such a table."""
    with still(shop) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'case_files'").fetchone():
            return []
        return [name for (name,) in db.execute("SELECT name FROM case_files ORDER BY name").fetchall()]


def _copy(source: Path, target: Path) -> bool:
    """Whether it was there."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        copy_hashed(source, target)
    except FileNotFoundError:
        target.unlink(missing_ok=True)
        return False
    return True


def _sentence(to: Path, error: OSError | sqlite3.Error) -> BackupError:
    full = isinstance(error, OSError) and error.errno in _NO_ROOM
    full |= isinstance(error, sqlite3.Error) and (getattr(error, "sqlite_errorcode", 0) & 0xFF) == sqlite3.SQLITE_FULL
    if full:
        return BackupError(f"No room was left at {to}: the backup was given up, older ones are as they were.")
    return BackupError(f"The backup at {to} was given up, older ones are as they were: {error}.")
