"""One bot to a data folder. The lock is the operating system's, so a killed process leaves none behind."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType


class FolderBusyError(Exception):
    """Another process owns the data folder; the message says which."""


class FolderLock:
    """Exclusive ownership of a data folder, from `acquire` (or `with`) to `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "bot.lock"
        self._handle: int | None = None

    def acquire(self) -> None:
        """Raises FolderBusyError when another process holds the folder."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise FolderBusyError(
                f"The folder {self._path.parent} belongs to a running bot (process {owner}): stop it, or name another"
                " folder with --data."
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        self._handle = handle

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> FolderLock:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def is_owned(folder: Path) -> bool:
    """True while a bot runs on this folder."""
    lock = FolderLock(folder)
    if not (folder / "bot.lock").exists():
        return False
    try:
        lock.acquire()
    except FolderBusyError:
        return True
    lock.release()
    return False
