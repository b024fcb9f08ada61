"""`shopbot restore`: a data folder from a backup, or the proof that a backup would do."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.backup import progress_bar
from bot.cli.options import data_option
from bot.settings import load_settings
from storage.backup.disk import megabytes
from storage.backup.manifest import Manifest
from storage.backup.restoring import Restored, check_set, newest_set


@click.command()
@click.argument("source", metavar="FROM", type=click.Path(file_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only check the backup, every byte and every row; nothing is written.")
@click.option("--replace", is_flag=True, help="Put what is in the data folder aside, within it; nothing is deleted.")
@data_option
def restore(source: Path, check: bool, replace: bool, data: Path | None) -> None:
    """Restore the data folder from FROM: a backup, or a folder of backups, of which the newest is taken.

    Bot and console must be stopped. Each file is held against the hashes of the backup, an older layout is brought up
    to date, who was erased since is erased again, and all staff sign in anew; then the folder is switched in one go.
    What is derived (index, models) is built at the next start.

    \b
    shopbot restore /mnt/backups --check
    shopbot restore /mnt/backups/shopbot-20261128T033000Z --data data
    shopbot restore /mnt/backups --replace
    """
    from bot.upkeep.backups import bring_back

    settings = load_settings(data=data)
    folder = newest_set(source)
    with progress_bar() as told:
        if check:
            manifest, done = check_set(folder, told), None
        else:
            done = bring_back(folder, settings.data, replace=replace, told=told)
            manifest = done.manifest
    _tell(folder, manifest)
    if done:
        _tell_done(done, settings.data)


def _tell(folder: Path, manifest: Manifest) -> None:
    click.echo(f"{folder}: of {manifest.at:%Y-%m-%d %H:%M:%S} UTC, by shopbot {manifest.program}; every file is sound.")
    for name, entry in manifest.databases.items():
        rows, size = sum(entry.tables.values()), manifest.files[name].size
        click.echo(f"  {name:<14} {rows:>12,} rows  {megabytes(size):>12}")
    others = [entry.size for name, entry in manifest.files.items() if name not in manifest.databases]
    click.echo(f"  {'others':<14} {len(others):>12,} files {megabytes(sum(others)):>12}")


def _tell_done(done: Restored, data: Path) -> None:
    if done.steps:
        click.echo(f"Its layout was older and was brought up to date ({done.steps} steps).")
    if done.erased_again:
        who = "1 shopper" if done.erased_again == 1 else f"{done.erased_again} shoppers"
        click.echo(f"{who} had been erased since; what the backup held of them is gone again.")
    if done.aside:
        click.echo(f"What was there before lies in {done.aside}.")
    click.echo(
        f"{data} is restored. Start the bot: it goes on from {done.manifest.at:%Y-%m-%d %H:%M} UTC. What was under way"
        " then may be answered a second time; staff sign in anew."
    )
