"""Files and folders of backups: readable by their owner alone, forced to the disk, hashed as they are read."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CHUNK = 4 << 20  # bytes read at once
_OFTEN = (
    128 << 20
)  # bytes after which what was written is forced to the disk: never much at once, which others wait for
_SPARE = 64 << 20  # bytes that are left free on a disk

Told = Callable[[int], None]
"""Hears how many bytes were done."""


class BackupError(Exception):
    """A backup cannot be made or used; the message says why and what to do."""


def private_folder(path: Path) -> None:
    """Makes a folder, and those above it, that its owner alone may look into; one that is there is left as it is."""
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


def private_file(path: Path) -> int:
    """A new file that its owner alone may read, open for writing. Raises FileExistsError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def copy_hashed(source: Path, target: Path, told: Told = lambda _: None) -> str:
    """Copies a file, on the disk when this returns; the SHA-256 of what was read."""
    with source.open("rb") as read, os.fdopen(private_file(target), "wb") as write:
        digest, since = hashlib.sha256(), 0
        while chunk := read.read(CHUNK):
            digest.update(chunk)
            write.write(chunk)
            told(len(chunk))
            since += len(chunk)
            if since >= _OFTEN:
                os.fsync(write.fileno())
                since = 0
        write.flush()
        os.fsync(write.fileno())
    return digest.hexdigest()


def hash_of(path: Path, told: Told = lambda _: None) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            told(len(chunk))
    return digest.hexdigest()


def let_go(path: Path) -> None:
    """A file that is done with leaves the memory to those who serve shoppers."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)


def force_folder(path: Path) -> None:
    """The names in a folder are on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_small(path: Path, text: str) -> None:
    """A small file that is there whole or not at all; an older one is replaced in one step. Raises OSError."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(private_file(part), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    force_folder(path.parent)


def ask_for_room(folder: Path, needed: int) -> None:
    """Raises BackupError where so many bytes do not fit."""
    free = shutil.disk_usage(folder).free
    if free < needed + _SPARE:
        raise BackupError(
            f"There is too little room at {folder}: {megabytes(needed + _SPARE)} are needed and {megabytes(free)} are"
            " free. Make room, or name another folder; nothing was changed."
        )


def megabytes(size: int) -> str:
    """A size for people: "1,234 MB"."""
    return f"{max(1, round(size / 1e6)):,} MB" if size else "0 MB"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Only one process at a time writes backups to a folder. Raises BackupError for the second."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Another backup is being written to {folder}: wait until it is done.") from None
        yield
    finally:
        os.close(handle)
