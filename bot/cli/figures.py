"""`shopbot figures`: count the days of the figures page, all of them at once."""

from __future__ import annotations

from pathlib import Path

import click
from tqdm import tqdm

from bot.cli.options import data_option
from bot.settings import load_settings


@click.command()
@click.option("--anew", is_flag=True, help="Count every day again whose talk is still kept.")
@data_option
def figures(anew: bool, data: Path | None) -> None:
    """Count the days in which something changed, for the console's figures.

    The console does this itself, a little at a time; a shop that has talked for a year is counted here at once.

    \b
    shopbot figures
    shopbot figures --anew
    """
    from bot.console.counting import refresh
    from storage.console.database import ConsoleStore

    settings = load_settings(data=data)
    counted = 0
    with ConsoleStore.open(settings.data, guest=True) as store, tqdm(unit=" days") as bar:
        if anew:
            store.figures.forget()

        def told(done: int, every: int) -> None:
            nonlocal counted
            counted, bar.total = done, every
            bar.update()

        refresh(store, settings.clock, told=told)
    click.echo(f"{counted} days counted.")
