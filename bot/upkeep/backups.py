"""Backups as the shop's settings want them: made, rotated, noted for whoever watches; restored by who owns the folder.

    taken = back_up(settings, settings.backups)
    done = bring_back(set, settings.data, replace=True)

A backup only reads the databases, so it needs nothing from a bot that runs.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.labels.forgetting import sweep_sets
from bot.lock import FolderLock
from bot.settings import Settings
from bot.upkeep.clock_doubt import clock_doubt
from storage import erased
from storage.backup.latest import Latest, latest, note
from storage.backup.restoring import Restored, restore
from storage.backup.rotation import Rotation, rotate
from storage.backup.switching import drop_asides
from storage.backup.taking import Progress, Taken, take
from storage.database import DatabaseError
from storage.shop import Shop
from storage.upgrading import drop_copies

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A set that was made, and how many older ones went."""

    taken: Taken
    gone: int


def rotation_of(settings: Settings) -> Rotation:
    """How long backups are kept."""
    return Rotation(settings.backup_keep_days, settings.backup_keep_weeks)


def back_up(settings: Settings, to: Path, told: Progress = lambda *_: None) -> BackedUp:
    """Makes a set in `to`, then removes those whose time is over, if the clock is to be believed. Raises BackupError or
    OSError.
    """
    taken = take(settings.data, to, _program(), told)
    mirror_erasures(settings.data, to)
    now = datetime.now(UTC)
    if doubt := clock_doubt(settings, now):
        _log.error("No older backup is removed. %s.", doubt)
    gone = [] if doubt else rotate(to, rotation_of(settings), now)
    note(
        settings.data,
        Latest(taken.manifest.at, str(taken.folder), taken.manifest.size, taken.seconds),
    )
    return BackedUp(taken, len(gone))


def mirror_erasures(data: Path, backups: Path | None) -> None:
    """Keeps beside the backups who was erased (as hashes): the data folder may be what is lost. Where that cannot be
    written, it is said in the log, and the next backup brings the list up to date.
    """
    if backups is None:
        return
    try:
        shop = Shop.open(data, readonly=True)
        try:
            erased.mirror(shop, backups)
        finally:
            shop.close()
    except (OSError, DatabaseError) as error:
        _log.warning("The list of erasures beside the backups is not up to date: %s", error)


def bring_back(folder: Path, data: Path, *, replace: bool = False, told: Progress = lambda *_: None) -> Restored:
    """Restores a set while nobody else has the data folder. Raises BackupError or `bot.lock.FolderBusyError`."""
    with FolderLock(data), FolderLock(data, owner="console"):
        done = restore(folder, data, replace=replace, told=told, swept=sweep_sets)
        note(data, Latest(done.manifest.at, str(folder), done.manifest.size, 0.0))
    return done


def end_copies(settings: Settings, now: datetime) -> int:
    """Copies of the whole shop that lie in the data folder, from before an upgrade or a restore, go when the last
    backup of their time goes; how many went.
    """
    before = now - rotation_of(settings).longest
    gone = len(drop_copies(settings.data, before)) + len(drop_asides(settings.data, before))
    if settings.backups and settings.backups.is_dir():
        gone += len(rotate(settings.backups, rotation_of(settings), now))
    return gone


def backup_age(settings: Settings, now: datetime) -> timedelta | None:
    """How old the last verified backup is; None where there is none."""
    last = latest(settings.data)
    return now - last.at if last else None


def _program() -> str:
    try:
        return version("shopbot")
    except PackageNotFoundError:  # run from its source
        return "unknown"
