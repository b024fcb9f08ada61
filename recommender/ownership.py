"""One process owns the index folder: a second one that writes the same Chroma files breaks the first.

The lock is the kernel's (flock), so it goes with the process however it ends.
"""

from __future__ import annotations

import fcntl
from io import TextIOWrapper
from pathlib import Path


class FolderLock:
    """Held from `take` until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._file: TextIOWrapper | None = None

    def take(self) -> bool:
        """True when the folder is ours now; False when another process, or another index of this one, has it."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("w", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
