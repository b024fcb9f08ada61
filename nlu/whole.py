"""Files and folders that appear whole or not at all: written beside, forced to the disk, then renamed.

A full disk or a kill in the middle leaves the old one in its place, and beside it at most a `.part` that the next
writer removes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def write_whole(path: Path, content: bytes) -> None:
    """Write a file; an older one is replaced in one step. Raises OSError, and then nothing has changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        file.write(content)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write bit by bit that gets its name when all is written, and never where anything is raised."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    _force(path.parent)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write some files of a folder that may hold others; all are on the disk before the first takes its place. Raises
    OSError, and then nothing has changed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = {name: folder / f".{name}.{os.getpid()}.part" for name in files}
    try:
        for name, content in files.items():
            _write(parts[name], content)
    except OSError:
        for part in parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)
        raise
    for name, part in parts.items():
        part.replace(folder / name)
    _force(folder)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a flat folder of named files; an older one in its place is replaced. Raises OSError, and then nothing has
    changed.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    part, old = (folder.with_name(f".{folder.name}.{os.getpid()}.{end}") for end in ("part", "old"))
    try:
        part.mkdir()
        for name, content in files.items():
            _write(part / name, content)
        _force(part)
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise
    _force(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what killed writers left in a folder. Only for who alone writes there."""
    for left in [*folder.glob(".*.part"), *folder.glob(".*.old")]:
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _force(folder: Path) -> None:
    """A rename is on the disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
