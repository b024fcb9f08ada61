"""How an index folder was left: whoever finds it just so need not send the canary first.

    note(folder)            # at the end, when it is closed
    if not as_left(folder): check(folder)
    forget(folder)          # before it is opened again

The check costs two seconds of a processor, beside the first answers of each start, and guards against what a process
leaves that died over its work. A folder that was closed in good order, brought to the disk, and whose files have kept
their sizes and times since is what answered until then, for the Chroma that left it so. Every doubt means a check.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

_NOTE = "left.json"


def note(folder: Path) -> None:
    """Notes how the folder is. Where that fails nothing is noted, and the next start checks."""
    forget(folder)
    with suppress(OSError):
        for path in _files(folder):
            _to_disk(path)
        (folder / _NOTE).write_text(json.dumps(_looks(folder)), encoding="utf-8")


def as_left(folder: Path) -> bool:
    """Whether the folder is just as it was noted, for the same Chroma."""
    try:
        found = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
        return bool(found == _looks(folder))
    except (OSError, ValueError):
        return False


def forget(folder: Path) -> None:
    """What is noted holds no longer: the folder is in use from here on."""
    with suppress(OSError):
        (folder / _NOTE).unlink(missing_ok=True)


def _looks(folder: Path) -> dict[str, object]:
    stats = {str(path.relative_to(folder)): path.stat() for path in _files(folder)}
    return {"chroma": _chroma(), "files": {name: [stat.st_size, stat.st_mtime_ns] for name, stat in stats.items()}}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _NOTE)


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


@cache
def _chroma() -> str:
    """Read without importing it: that takes most of a second."""
    return version("chromadb")
