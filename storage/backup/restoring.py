"""A set becomes a data folder again.

    manifest = check_set(Path("/mnt/backups/shopbot-20261128T033000Z"))     # reads all of it, writes nothing
    done = restore(set, settings.data)                                      # by who owns the folder

The set is copied beside what is there, file by file against the hashes of its manifest, brought up to date and made fit
to go on from (`_revive`), and switched in at the end: until then nothing of the old folder is touched.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage import erased, forgetting, instants
from storage.backup import switching
from storage.backup.databases import DATABASES, check_database, newer_steps
from storage.backup.disk import BackupError, ask_for_room, copy_hashed, force_folder, hash_of, private_folder
from storage.backup.manifest import FileEntry, Manifest, read_manifest, sets_in
from storage.backup.taking import Progress
from storage.case_files import sweep_files
from storage.console.database import FILE_NAME as CONSOLE_FILE
from storage.console.database import ConsoleStore
from storage.console.personal import sweep
from storage.database import DatabaseError, immediate, open_database
from storage.shop import Shop

_GAP = 1_000_000
"""Numbers that are left out at least: those given after the backup stand under old buttons and in notes elsewhere."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of it. `erased_again` shoppers had been erased after the set was made; `aside` is where the old
    contents are, None where there were none.
    """

    manifest: Manifest
    erased_again: int
    steps: int
    aside: Path | None


def newest_set(place: Path) -> Path:
    """A set itself, or the newest of a folder of backups. Raises BackupError."""
    if (place / "manifest.json").exists() or not (found := sets_in(place)):
        return place
    return found[0]


def check_set(folder: Path, told: Progress = lambda *_: None) -> Manifest:
    """Holds every byte against the manifest and walks every database. Raises BackupError naming the first bad file."""
    manifest = read_manifest(folder)
    refuse_newer(folder, manifest)

    def read(size: int) -> None:
        told("hash", size, manifest.size)

    for name, entry in manifest.files.items():
        path = _sound(folder, name, entry)
        if hash_of(path, read) != entry.sha256:
            raise _damaged(folder, name)
    for name, database in manifest.databases.items():
        told("check", 0, 0)
        if check_database(folder / name).tables != database.tables:
            raise _damaged(folder, name)
    return manifest


def refuse_newer(folder: Path, manifest: Manifest) -> None:
    """Raises BackupError where a database of the set has steps that this program does not know."""
    for name, entry in manifest.databases.items():
        if newer_steps(entry, DATABASES.get(name)):
            raise BackupError(
                f"{folder} was made by a newer version of shopbot ({manifest.program}): update the program first."
            )


def restore(
    folder: Path,
    data: Path,
    *,
    replace: bool = False,
    told: Progress = lambda *_: None,
    swept: Callable[[Path], object] = lambda _: None,
) -> Restored:
    """Puts the contents of a set into a data folder; only for who owns that (bot/lock.py).

    Args:
        replace: puts old contents aside; they are refused without it.
        swept: removes from a folder what hangs on shoppers that were erased again, beyond this room.

    Raises BackupError, and then the folder is as it was.
    """
    manifest = read_manifest(folder)
    refuse_newer(folder, manifest)
    if data.resolve() in folder.resolve().parents:
        raise BackupError(f"{folder} lies in the data folder itself: move it elsewhere first.")
    switching.finish(data)
    if any(switching.contents(data)) and not replace:
        raise BackupError(f"{data} is not empty: add --replace to put what is there aside, or name another folder.")
    stage = data / switching.STAGE
    try:
        private_folder(data)
        shutil.rmtree(stage, ignore_errors=True)
        ask_for_room(data, manifest.size)
        _copy(folder, stage, manifest, told)
        told("revive", 0, 0)
        known = erased.listed(folder.parent) | _known_here(data)
        again = _revive(stage, known)
        if again:
            swept(stage)
        switching.begin(data, instants.now())
    except (OSError, sqlite3.Error, DatabaseError) as error:
        shutil.rmtree(stage, ignore_errors=True)
        raise BackupError(f"The backup could not be restored, {data} is as it was: {error}") from error
    except BackupError:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    return Restored(manifest, again, _missing_steps(manifest), switching.finish(data))


def _copy(folder: Path, stage: Path, manifest: Manifest, told: Progress) -> None:
    stage.mkdir(mode=0o700)
    for name, entry in manifest.files.items():
        path, target = _sound(folder, name, entry), stage / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if copy_hashed(path, target, lambda done: told("copy", done, manifest.size)) != entry.sha256:
            raise _damaged(folder, name)
    for each in {stage, *((stage / name).parent for name in manifest.files)}:
        force_folder(each)


def _sound(folder: Path, name: str, entry: FileEntry) -> Path:
    """A file that is there in its length."""
    path = folder / name
    if path.is_symlink() or not path.is_file():
        raise BackupError(f"{name} is missing from the backup {folder}: use another one.")
    if path.stat().st_size != entry.size:
        raise _damaged(folder, name)
    return path


def _damaged(folder: Path, name: str) -> BackupError:
    return BackupError(f"{name} of the backup {folder} is damaged, it is not what was written: use another one.")


def _known_here(data: Path) -> set[erased.Erasure]:
    """Erasures that the folder which is to be replaced knows of, as far as it can still be read."""
    try:
        shop = Shop.open(data, readonly=True)
    except (DatabaseError, sqlite3.Error):
        return set()
    try:
        return erased.erasures(shop)
    except sqlite3.Error:
        return set()
    finally:
        shop.close()


def _revive(stage: Path, known: set[erased.Erasure]) -> int:
    """Makes the copied databases fit to go on from; how many shoppers were erased again."""
    for name, layout in DATABASES.items():
        if layout and (stage / name).is_file():
            # The set itself is the copy of how it was.
            open_database(stage / name, layout=layout, keep=False).close()
    shop = Shop.open(stage)
    try:
        skip_numbers(shop)
        again = _erase_again(shop, known)
        if again:
            forgetting.clear_log(shop)
    finally:
        shop.close()
    if (stage / CONSOLE_FILE).is_file():
        with ConsoleStore.open(stage) as store:
            # Who was signed out or dismissed since the backup does not come in by an old session.
            store.db.execute("DELETE FROM sessions")
            if again:
                sweep(store)
    if again:
        sweep_files(stage, older_than=0.0)
    return again


def skip_numbers(shop: Shop) -> None:
    """No number of a turn, a card or a case that was given after the backup is given again: buttons under messages that
    shoppers still see, and files and notes of elsewhere, must not mean something else now.
    """
    with immediate(shop.db):
        shop.db.execute(
            """INSERT INTO sqlite_sequence (name, seq) SELECT name, 0 FROM sqlite_master
            WHERE sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)"""
        )
        shop.db.execute("UPDATE sqlite_sequence SET seq = seq + max(?, seq / 4)", [_GAP])


def _erase_again(shop: Shop, known: set[erased.Erasure]) -> int:
    since = known - erased.erasures(shop)
    found = erased.back_again(shop, since)
    for user_id in found:
        forgetting.erase(shop, user_id)
    erased.learn(shop, since)
    return len(found)


def _missing_steps(manifest: Manifest) -> int:
    """How many steps of the layout the set did not have yet."""
    return sum(
        len(layout.steps._migrations) - len(manifest.databases[name].steps)
        for name, layout in DATABASES.items()
        if layout and name in manifest.databases
    )
