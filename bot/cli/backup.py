"""`shopbot backup`: everything that cannot be derived, as one checked set, while the bot runs or without it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from tqdm import tqdm

from bot.cli.options import data_option
from bot.settings import load_settings
from storage.backup.disk import BackupError, megabytes
from storage.backup.taking import Progress

_PHASES = {"copy": "copying", "check": "checking", "hash": "hashing", "revive": "making it ready"}


@click.command()
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Folder for the set (SHOPBOT_BACKUPS); best on another disk.",
)
@click.option("--nice", type=click.IntRange(0, 19), default=0, show_default=True, help="How far to step back.")
@data_option
def backup(to: Path | None, nice: int, data: Path | None) -> None:
    """Back up the data folder: both databases, files of cases, promoted models, keys, the shop's own guides.

    The set is checked as a whole before it gets its name; then the sets whose time is over go
    (SHOPBOT_BACKUP_KEEP_...). The running bot makes one each night where SHOPBOT_BACKUPS names a folder.

    \b
    shopbot backup --to /mnt/backups
    shopbot restore /mnt/backups --check
    """
    from bot.upkeep.backups import back_up

    os.nice(nice)
    settings = load_settings(data=data, backups=to)
    if settings.backups is None:
        raise BackupError("Where to? Name a folder with --to, or set SHOPBOT_BACKUPS.")
    with progress_bar() as told:
        done = back_up(settings, settings.backups, told)
    manifest = done.taken.manifest
    rows = sum(sum(entry.tables.values()) for entry in manifest.databases.values())
    click.echo(
        f"{done.taken.folder}: {len(manifest.files)} files, {megabytes(manifest.size)}, {rows:,} rows, checked, in"
        f" {done.taken.seconds:.0f} s."
    )
    for name in manifest.absent:
        click.echo(f"{name} is named by a row and was not there.", err=True)
    if done.gone:
        click.echo(f"{done.gone} older {'set is' if done.gone == 1 else 'sets are'} gone by the rotation.")


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar of bytes for the phases of a backup, on a terminal."""
    with tqdm(unit="B", unit_scale=True, unit_divisor=1000, disable=None, leave=False) as bar:
        yield _telling(bar)


def _telling(bar: tqdm[NoReturn]) -> Progress:
    phase = ""

    def told(now: str, done: int, whole: int) -> None:
        nonlocal phase
        if now != phase:
            phase = now
            bar.reset(total=whole or None)
            bar.set_description(_PHASES[now])
        bar.update(done)

    return told
