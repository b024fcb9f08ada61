"""`shopbot night`: the nightly work, now."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.options import data_option
from bot.settings import load_settings


@click.command()
@click.option("--force", is_flag=True, help="Although it was done today.")
@click.option("--nice", type=click.IntRange(0, 19), default=0, show_default=True, help="How far to step back.")
@data_option
def night(force: bool, nice: int, data: Path | None) -> None:
    """Count the days, end the periods of SHOPBOT_KEEP_..., back up, compare the holdout, watch the talk for change.

    A running bot has this done once a day at SHOPBOT_NIGHT, at low priority; what became of it is on the console's page
    "Nights".

    \b
    shopbot night
    shopbot night --force
    """
    from bot.reply import Line
    from bot.upkeep.night import work
    from bot.wording import Wording
    from storage.console.database import ConsoleStore
    from storage.terms import base_vocabulary

    os.nice(nice)
    settings = load_settings(data=data)
    wording = Wording(base_vocabulary)
    day = datetime.now(settings.clock).date()
    with ConsoleStore.open(settings.data, guest=True) as store:
        if not store.nights.claim(day, datetime.now(UTC), force=force):
            click.echo("The nightly work of today is done, or under way.")
            return
        said = work(settings, store, lambda step: click.echo(wording.say(Line(f"night-{step[0]}", step[1]), "en")))
        store.nights.end(day, said, datetime.now(UTC))
    if any(code.endswith("-failed") for code, _ in said):
        raise click.exceptions.Exit(1)
