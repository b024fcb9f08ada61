"""The data folder is its owner's alone: talk, tokens and staff's passwords' hashes lie in it.

    keep_to_oneself()           # whatever this process makes from now on (first thing in a command)
    close_to_others(folder)     # whatever lies there from before

Which others get in is for the system's own means (an ACL, a group's copy of a backup), never a side effect.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_to_oneself() -> None:
    """Files are made with 0600 and folders with 0700 from now on."""
    os.umask(_OTHERS)


def close_to_others(folder: Path) -> int:
    """Takes what others may do away from the folder and all in it; how many entries that changed.

    Links are left alone, as is what belongs to somebody else.
    """
    changed = 0
    for path in _entries(folder):
        with suppress(OSError):
            found = path.lstat()
            if found.st_uid != os.geteuid() or stat.S_ISLNK(found.st_mode) or not found.st_mode & _OTHERS:
                continue
            path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
            changed += 1
    return changed


def _entries(folder: Path) -> Iterator[Path]:
    yield folder
    for held, folders, files in os.walk(folder):
        yield from (Path(held) / name for name in (*folders, *files))
