"""One bot, and one console, to a data folder. The lock is the system's: a killed process leaves none behind."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

_BOT = "bot.lock"
_AGAIN_S = 0.01


class FolderBusyError(Exception):
    """Another process owns the data folder; the message says which."""


class FolderLock:
    """Exclusive ownership of a data folder, from `acquire` (or `with`) to `release` or the end of the process.

    Args:
        patience: seconds to try for; a command that only asks (`is_owned`) is in the way for less than that.
        owner: who owns it, "bot" or "console"; each has a lock of its own.
    """

    def __init__(self, folder: Path, *, patience: float = 1.0, owner: str = "bot") -> None:
        self._path = folder / f"{owner}.lock"
        self._called = owner
        self._patience = patience
        self._handle: int | None = None

    def acquire(self) -> None:
        """Raises FolderBusyError when another process holds the folder."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _locked(handle, fcntl.LOCK_EX, self._patience):
            owner = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise FolderBusyError(
                f"The folder {self._path.parent} belongs to a running {self._called} (process {owner}): stop it, or"
                " name another folder with --data."
            )
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        self._handle = handle

    def release(self) -> None:
        """Gives the folder back; nothing happens where it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> FolderLock:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def is_owned(folder: Path) -> bool:
    """True while a bot runs on this folder. Writes nothing, and shares the moment with others who ask."""
    with suppress(FileNotFoundError):
        handle = os.open(folder / _BOT, os.O_RDONLY)
        try:
            return not _locked(handle, fcntl.LOCK_SH)
        finally:
            os.close(handle)
    return False


def _locked(handle: int, kind: int, patience: float = 0.0) -> bool:
    """Takes the lock of an open file, trying again for `patience` seconds; closing the file gives it back."""
    ends = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= ends:
                return False
            time.sleep(_AGAIN_S)
        else:
            return True
