"""What a backup holds, as its `manifest.json` says: every file with its size and hash, every table with its rows.

    BACKUPS/shopbot-20261128T033000Z/
        manifest.json
        shop.db  console.db  simulator.db        one instant of all three
        visitors.key  case_files/  models/understander/  training/  learning/  guides/  policies/

The manifest is written last, and carries a hash of itself. It came from a disk or over a wire: it is checked like any
other input, and a name in it never leads out of its folder.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from storage import instants
from storage.backup.disk import BackupError, write_small

FILE = "manifest.json"
_FORMAT = 1
_NAME = re.compile(r"shopbot-\d{8}T\d{6}Z")
_LARGEST = 64 << 20  # bytes of a manifest: 400,000 files


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the set. `size` in bytes, `sha256` in hexadecimal digits."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DatabaseEntry:
    """A database of the set: the steps of its layout, and its rows by table."""

    steps: tuple[str, ...]
    tables: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """`at` is the instant that the databases show. `absent` are files that a row names and that were gone, `program`
    the version that made the set.
    """

    at: datetime
    program: str
    databases: Mapping[str, DatabaseEntry]
    files: Mapping[str, FileEntry]
    absent: tuple[str, ...] = field(default=())

    @property
    def size(self) -> int:
        """In bytes, of all files."""
        return sum(entry.size for entry in self.files.values())


def name_of(at: datetime) -> str:
    """The name of a set, by its instant."""
    return f"shopbot-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def instant_of(folder: Path) -> datetime:
    """The instant in the name of a set."""
    return datetime.strptime(folder.name, "shopbot-%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def sets_in(folder: Path) -> list[Path]:
    """The sets of a folder of backups, the newest first; what has no manifest is none."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name) and (path / FILE).is_file()]
    return sorted(found, key=lambda path: path.name, reverse=True)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes it, with its own hash. Raises OSError."""
    content = {"format": _FORMAT, **asdict(manifest), "at": instants.to_text(manifest.at)}
    content["checksum"] = _checksum(content)
    write_small(folder / FILE, json.dumps(content, ensure_ascii=False, indent=1, default=list) + "\n")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a set. Raises BackupError where there is none, or none that can be trusted."""
    path = folder / FILE
    if not path.is_file():
        raise BackupError(f"{folder} is no backup: there is no {FILE} in it.")
    damaged = BackupError(f"{path} is damaged: use another backup.")
    if path.stat().st_size > _LARGEST:
        raise damaged
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        claimed = content.pop("checksum")
        sound = claimed == _checksum(content)
        newer = int(content.pop("format")) > _FORMAT
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged from error
    if newer:
        raise BackupError(f"{folder} was made by a newer version of shopbot: update the program.")
    if not sound:
        raise damaged
    return _read(content, damaged)


def _read(content: dict[str, Any], damaged: BackupError) -> Manifest:
    try:
        manifest = Manifest(
            at=instants.from_text(content["at"]),
            program=str(content["program"]),
            databases={
                _inside(name): DatabaseEntry(tuple(map(str, entry["steps"])), dict(entry["tables"]))
                for name, entry in content["databases"].items()
            },
            files={
                _inside(name): FileEntry(int(entry["size"]), str(entry["sha256"]))
                for name, entry in content["files"].items()
            },
            absent=tuple(map(str, content["absent"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged from error
    if not manifest.databases.keys() <= manifest.files.keys():
        raise damaged
    return manifest


def _inside(name: str) -> str:
    """A name that stays in its folder. Raises ValueError for any other."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or str(path) != name or "\0" in name:
        raise ValueError(f"{name!r} is no name of a file in a backup.")
    return name


def _checksum(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=list)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def files_under(folder: Path) -> Iterator[str]:
    """Names of the files of a set but its manifest, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path != folder / FILE:
            yield path.relative_to(folder).as_posix()
