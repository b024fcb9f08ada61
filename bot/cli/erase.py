"""`shopbot erase`: a shopper who asks for it is forgotten."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from bot.cli.options import data_option
from bot.settings import load_settings


@click.command()
@click.argument("user_id", type=click.IntRange(1))
@click.option("--yes", is_flag=True, help="Do not ask again.")
@data_option
def erase(user_id: int, yes: bool, data: Path | None) -> None:
    """Erase every trace of the shopper with this Telegram number, beside a running bot or without it.

    Their talk, what they were shown and did, their cases and tickets, and what staff noted about them. Sums stay.

    \b
    shopbot erase 7123456789
    """
    from bot.erasing import erase_shopper
    from storage.console.database import ConsoleStore

    settings = load_settings(data=data)
    if not yes:
        click.confirm(f"Erase all that is known of shopper {user_id}? This cannot be undone.", abort=True)
    with ConsoleStore.open(settings.data, guest=True) as store:
        gone = erase_shopper(settings.data, user_id, store, f"({getpass.getuser()})", settings.backups)
    for table, count in gone.items():
        click.echo(f"{count:>8}  {table}")
    click.echo(f"{sum(gone.values())} rows erased." if gone else "Nothing was known of this shopper.")
