"""`shopbot retention`: what is older than its period goes."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
from tqdm import tqdm

from bot.cli.options import data_option
from bot.settings import Settings, load_settings
from storage.retention import Kept


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--sure", is_flag=True, help="Although the clock has leapt: it is right, nothing ran for so long.")
@data_option
def retention(dry_run: bool, sure: bool, data: Path | None) -> None:
    """End the periods of SHOPBOT_KEEP_...: old talk, what was shown, bodies of updates, the audit log.

    In small steps, so that a running bot answers meanwhile. The days are counted first: figures stay. Fit for a
    nightly timer.

    \b
    shopbot retention --dry-run
    shopbot retention
    shopbot retention --sure
    """
    from bot.upkeep.retention import cuts
    from storage.retention import due
    from storage.shop import Shop

    settings = load_settings(data=data)
    ends = cuts(settings, datetime.now(UTC))
    if dry_run:
        shop = Shop.open(settings.data, readonly=True)
        for kept, cut in ends.items():
            click.echo(f"{kept.value:6} before {cut:%Y-%m-%d}: {due(shop, kept, cut)} rows")
        shop.close()
        return
    _end(settings, sure)


def _end(settings: Settings, sure: bool) -> None:
    from bot.console.counting import refresh
    from bot.upkeep.night import end_periods
    from bot.upkeep.retention import cuts
    from storage.console.database import ConsoleStore

    with ConsoleStore.open(settings.data, guest=True) as store:
        if cuts(settings, datetime.now(UTC)):
            with tqdm(desc="counting days", unit=" days") as bar:
                refresh(store, settings.clock, told=_each(bar))
        with tqdm(unit=" rows") as bar:
            gone = end_periods(settings, store, _rows(bar), sure)
        click.echo(f"{gone} rows are gone.")
        store.audit.add(f"({getpass.getuser()})", "retention", "", "")


def _each(bar: tqdm[NoReturn]) -> Callable[[int, int], None]:
    def told(done: int, every: int) -> None:
        bar.total = every
        bar.update()

    return told


def _rows(bar: tqdm[NoReturn]) -> Callable[[Kept, int], None]:
    def told(kept: Kept, rows: int) -> None:
        bar.set_description(kept.value)
        bar.update(rows)

    return told
