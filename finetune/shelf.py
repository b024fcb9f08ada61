"""The promoted adapters of a data folder: put there whole, switched by one pointer, the last five kept.

Whoever writes there holds the shelf (`with held(cache)`), so two promotions wait for one another. `cache` is
DATA/models throughout; nlu/promoted.py says what lies where.
"""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nlu.artifact import FILES, ModelBroken, load_artifact
from nlu.promoted import (
    REPORT,
    SHIPPED_VERSION,
    Candidate,
    Pointer,
    folder_of,
    is_version,
    promoted,
    promoted_folder,
    read_pointer,
    report_of,
    shelf,
)
from nlu.whole import sweep, write_folder, write_whole

KEPT = 5
"""Promoted adapters that stay, beside what serves and what a rollback goes to."""
PAPERS = ("card.md", "config.json", "metrics.jsonl")
"""What training says of its adapter, and what travels with it."""


@contextmanager
def held(cache: Path) -> Iterator[None]:
    """Alone with the shelf; what a killed writer left is swept away. Raises OSError."""
    folder = shelf(cache)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep(folder)
        yield


def serving(cache: Path) -> str:
    """The version that serves: that of the pointer where it is sound, else `shipped`. Raises nothing."""
    with suppress(Exception):
        folder = promoted_folder(cache)
        return folder.name if folder.parent == shelf(cache) else SHIPPED_VERSION
    return SHIPPED_VERSION


def place(cache: Path, folder: Path, version: str, report: Mapping[str, Any]) -> None:
    """Copy an adapter on the shelf, with the report of its promotion. Raises OSError or ModelBroken, and then the shelf
    holds what it held.
    """
    target = shelf(cache) / version
    said = json.dumps(report, ensure_ascii=False, indent=1).encode() + b"\n"
    if _sound(target, version):
        write_whole(target / REPORT, said)
        return
    model = {name: (folder / name).read_bytes() for name in FILES}
    write_folder(target, model | papers(folder) | {REPORT: said})
    if not _sound(target, version):
        shutil.rmtree(target, ignore_errors=True)
        raise ModelBroken(f"{folder} changed while it was promoted; promote it again.")


def papers(folder: Path) -> dict[str, bytes]:
    """The papers of an adapter that there are, beside it or in its run folder, by name."""
    places = {name: path for name in PAPERS for path in (folder / "run" / name, folder / name) if path.is_file()}
    return {name: path.read_bytes() for name, path in places.items()}


def prune(cache: Path) -> list[str]:
    """Remove all but the newest five, with their derived files; which versions went. Never what serves, served before
    or is on trial.
    """
    pointer = read_pointer(cache)
    needed = {pointer.version, pointer.previous} if pointer else set()
    if pointer and pointer.candidate:
        needed.add(pointer.candidate.version)
    gone = [version for version in promoted(cache)[KEPT:] if version not in needed]
    for version in gone:
        shutil.rmtree(shelf(cache) / version, ignore_errors=True)
        discard_derived(cache, version)
    return gone


def before(cache: Path, version: str) -> str:
    """What served before a version was promoted and is still there; empty for the shipped one."""
    if version == SHIPPED_VERSION:
        return ""
    earlier = str(report_of(cache, version).get("previous", ""))
    there = is_version(earlier) and folder_of(cache, earlier).is_dir()
    return earlier if there else SHIPPED_VERSION


def derived(cache: Path, version: str) -> frozenset[Path]:
    """The files that were derived from a version."""
    return frozenset(path for path in cache.glob(f"{version}*") if path.is_file())


def discard_derived(cache: Path, version: str, keep: frozenset[Path] = frozenset()) -> None:
    """Remove derived files of a version, 90 MB each, but for those to keep."""
    for path in derived(cache, version) - keep:
        path.unlink(missing_ok=True)


def now() -> str:
    """The time in UTC, ISO 8601, to the microsecond: two promotions in a second keep their order."""
    return datetime.now(UTC).isoformat()


def whoever() -> str:
    """The name of the user who runs this, for the record."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return str(os.getuid())


def described(pointer: Pointer | None) -> str:
    """A pointer in words."""
    if pointer is None:
        return f"{SHIPPED_VERSION} serves; nothing was promoted yet."
    by = f" by {pointer.by}" if pointer.by else ""
    since = f" since {pointer.promoted_at[:19]} UTC{by}" if pointer.promoted_at else ""
    said = f"{pointer.version} serves{since}; before: {pointer.previous or '-'}."
    return f"{said} {on_trial(pointer.candidate)}" if pointer.candidate else said


def on_trial(candidate: Candidate) -> str:
    """A trial in words."""
    served = f"serves {candidate.share:.0%} of the shoppers" if candidate.share else "serves nobody"
    return f"On trial: {candidate.version} {served}{', and reads along in the shadow' if candidate.shadow else ''}."


def _sound(folder: Path, version: str) -> bool:
    with suppress(Exception):
        return load_artifact(folder, "understander").version == version
    return False
