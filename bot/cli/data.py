"""`shopbot data`: whether the data folder is sound, and what keeps it so."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import data_option
from bot.settings import load_settings
from storage.backup.disk import megabytes


@click.group()
def data() -> None:
    """Check the data folder, bring it up to date, make it smaller.

    \b
    shopbot data check
    shopbot data upgrade
    shopbot data compact
    """


@data.command()
@data_option
def check(data: Path | None) -> None:
    """Walk both databases and what belongs to them, beside a running bot or without it; exit code 1 for a fault.

    \b
    shopbot data check
    """
    from bot.upkeep.soundness import examine

    settings = load_settings(data=data)
    findings = examine(settings)
    for finding in findings:
        click.echo(f"{'ok   ' if finding.sound else 'FAULT'} {finding.what}: {finding.said}")
    if not all(finding.sound for finding in findings):
        raise click.exceptions.Exit(1)


@data.command()
@data_option
def upgrade(data: Path | None) -> None:
    """Bring the databases up to the layout of this version, as the next start would; a copy of each is kept first.

    \b
    shopbot backup --to /mnt/backups
    shopbot data upgrade
    """
    from bot.upkeep.soundness import bring_up_to_date

    settings = load_settings(data=data)
    for line in bring_up_to_date(settings.data):
        click.echo(line)


@data.command()
@data_option
def compact(data: Path | None) -> None:
    """Give back the room that deleted rows left, while bot and console are stopped. It needs as much room again.

    \b
    shopbot data compact
    """
    from bot.upkeep.soundness import compact_databases

    settings = load_settings(data=data)
    for name, before, after in compact_databases(settings.data):
        click.echo(f"{name}: {megabytes(before)} before, {megabytes(after)} now.")
