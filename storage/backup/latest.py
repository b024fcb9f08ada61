"""When the last backup of a data folder was made and checked: DATA/backup.json, for whoever watches."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage import instants
from storage.backup.disk import write_small

FILE = "backup.json"


@dataclass(frozen=True, slots=True)
class Latest:
    """The last verified backup: the instant that it shows, where it lies, its bytes, and the seconds that it took."""

    at: datetime
    folder: str
    size: int
    seconds: float


def note(data: Path, latest: Latest) -> None:
    """Keeps it. Raises OSError."""
    content = {"at": instants.to_text(latest.at), "folder": latest.folder, "size": latest.size}
    write_small(data / FILE, json.dumps({**content, "seconds": round(latest.seconds, 1)}, indent=1) + "\n")


def latest(data: Path) -> Latest | None:
    """The last one; None where there never was one."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads((data / FILE).read_text(encoding="utf-8"))
        return Latest(
            instants.from_text(found["at"]), str(found["folder"]), int(found["size"]), float(found["seconds"])
        )
    return None
