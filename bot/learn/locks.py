"""Locks on files that go with the process that holds them; whoever only asks is in the way for a moment at most."""

from __future__ import annotations

import fcntl
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

_PATIENCE_S = 1.0
_AGAIN_S = 0.02


def taken(file: IO[Any]) -> bool:
    """Takes the lock of an open file, unless somebody holds it for longer than one who asks; whether it was taken."""
    ends = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= ends:
                return False
            time.sleep(_AGAIN_S)
        else:
            return True


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock of a file, which may not exist."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
