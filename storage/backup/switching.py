"""Putting a folder's new contents in the place of its old ones, so that no crash leaves a mixture that anybody uses.

The new contents lie complete in DATA/.restoring. A marker says that the switch has begun; while it is there no bot
starts before the switch is finished, which every start and every restore can do. The old contents are not deleted but
put aside, to DATA/replaced-20261128T101500Z. Everything is a rename within one folder, which may be a mount of its own.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from storage.backup.disk import BackupError, force_folder, write_small

STAGE = ".restoring"
ASIDE = "replaced-"
_MARKER = ".switching"
_STAYING = {"bot.lock", "bot.sock", "console.lock", STAGE, _MARKER}
"""What belongs to the folder and not to its contents: locks that are held meanwhile, and this work itself."""


def contents(data: Path) -> Iterator[Path]:
    """What a switch would put aside."""
    if data.is_dir():
        yield from (path for path in data.iterdir() if path.name not in _STAYING and not path.name.startswith(ASIDE))


def asides(data: Path) -> list[Path]:
    """Contents that were put aside, the newest first."""
    return sorted((path for path in data.glob(f"{ASIDE}*") if path.is_dir()), reverse=True)


def begin(data: Path, now: datetime) -> None:
    """From here on the new contents are the ones that count. Raises OSError."""
    write_small(data / _MARKER, json.dumps({"aside": f"{ASIDE}{now.astimezone(UTC):%Y%m%dT%H%M%SZ}", "in": False}))


def is_switching(data: Path) -> bool:
    """Whether a switch was begun and not finished."""
    return (data / _MARKER).is_file()


def finish(data: Path) -> Path | None:
    """Does what is left of a switch; where the old contents are now, None where there were none or nothing was begun.

    Only for who owns the folder. Raises BackupError or OSError.
    """
    if not is_switching(data):
        return None
    try:
        marker = json.loads((data / _MARKER).read_text(encoding="utf-8"))
        aside, moved = data / Path(str(marker["aside"])).name, bool(marker["in"])
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{data / _MARKER} is damaged: see what lies in {data}, and restore again.") from error
    if not moved:
        _put_aside(data, aside)
        write_small(data / _MARKER, json.dumps({"aside": aside.name, "in": True}))
    stage = data / STAGE
    for path in sorted(stage.iterdir()) if stage.is_dir() else []:
        path.rename(data / path.name)
    force_folder(data)
    (data / _MARKER).unlink()
    shutil.rmtree(stage, ignore_errors=True)
    force_folder(data)
    return aside if aside.is_dir() else None


def _put_aside(data: Path, aside: Path) -> None:
    old = list(contents(data))
    if old:
        aside.mkdir(mode=0o700, exist_ok=True)
    for path in old:
        path.rename(aside / path.name)
    force_folder(data)


def drop_asides(data: Path, before: datetime) -> list[Path]:
    """Removes what was put aside before an instant; which."""
    gone = []
    for path in asides(data):
        try:
            at = datetime.strptime(path.name, f"{ASIDE}%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            continue
        if at < before:
            shutil.rmtree(path)
            gone.append(path)
    return gone
