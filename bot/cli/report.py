"""`shopbot report`: figures for the owner, read beside a running bot."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.cli.options import data_option
from bot.exposure import PLACES, ExposureReport, Line, exposure_report
from bot.rules import days
from bot.settings import load_settings
from storage.shop import Shop

_DAY = click.DateTime(["%Y-%m-%d"])
_FIGURES = ("shown", "first", "clicks", "carts", "orders", "refused")
_DIMENSIONS = ("place", "category", "brand", "campaign", "age")


@click.group()
def report() -> None:
    """Figures for the owner.

    \b
    shopbot report exposure
    shopbot report exposure --place sponsored
    shopbot report exposure --from 2026-11-01 --to 2026-11-30 --csv november.csv
    shopbot report campaigns --from 2026-11-01
    """


@report.command()
@click.option("--from", "begins", type=_DAY, default=None, help="The first day (YYYY-MM-DD), the shop's.")
@click.option("--to", "ends", type=_DAY, default=None, help="The last day (YYYY-MM-DD).")
@click.option(
    "--place",
    type=click.Choice(PLACES),
    default=None,
    help="Only cards that got their place this way, as a report of its own.",
)
@click.option("--top", type=click.IntRange(1, 1000), default=10, show_default=True, help="Lines of each table.")
@click.option("--csv", "table", type=click.Path(path_type=Path), default=None, help="Write all lines to a file, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures for machines.")
@data_option
def exposure(
    begins: datetime | None,
    ends: datetime | None,
    place: str | None,
    top: int,
    table: Path | None,
    as_json: bool,
    data: Path | None,
) -> None:
    """What was shown, first, clicked, carted and ordered: by kind of place, category, brand, campaign and age.

    Places are organic, sponsored, pinned, boosted or buried by the owner, or given to a new product to try it. A
    campaign is what the link carried that led the shopper to the bot.
    """
    settings = load_settings(data=data)
    since, until = days(begins.date() if begins else None, ends.date() if ends else None, settings.clock)
    shop = Shop.open(settings.data, readonly=True)
    try:
        found = exposure_report(shop.exposure.showings(since, until), place=place)
        unshown = len(set(shop.catalogue.ids()) - found.products.keys())
    finally:
        shop.close()
    if table:
        _write(found, table)
    if as_json:
        click.echo(json.dumps(_plain(found, unshown), ensure_ascii=False))
    else:
        _print(found, unshown, top)


@report.command()
@click.option("--from", "begins", type=_DAY, default=None, help="The first day (YYYY-MM-DD), the shop's.")
@click.option("--to", "ends", type=_DAY, default=None, help="The last day (YYYY-MM-DD).")
@click.option("--json", "as_json", is_flag=True, help="Print the figures for machines.")
@data_option
def campaigns(begins: datetime | None, ends: datetime | None, as_json: bool, data: Path | None) -> None:
    """Who came by which link (t.me/BOT?start=CAMPAIGN), who of them wrote something, and what was ordered after it."""
    settings = load_settings(data=data)
    since, until = days(begins.date() if begins else None, ends.date() if ends else None, settings.clock)
    shop = Shop.open(settings.data, readonly=True)
    try:
        found = shop.campaigns.figures(since, until)
    finally:
        shop.close()
    if as_json:
        plain = [asdict(each) | {"totals": {code: str(sum_) for code, sum_ in each.totals}} for each in found]
        click.echo(json.dumps(plain, ensure_ascii=False))
        return
    if not found:
        click.echo("Nobody came by a link in these days.")
        return
    click.echo(f"{'campaign':<30} {'visits':>7} {'people':>7} {'wrote':>7} {'orders':>7}  ordered")
    for each in found:
        totals = ", ".join(f"{amount} {code}" for code, amount in each.totals) or "-"
        click.echo(
            f"{each.campaign[:30]:<30} {each.visits:>7} {each.visitors:>7} {each.talkers:>7} {each.orders:>7}  {totals}"
        )


def _print(found: ExposureReport, unshown: int, top: int) -> None:
    total = found.total
    if not total.shown:
        click.echo("Nothing was shown in these days.")
        return
    click.echo(
        f"{total.shown} cards of {len(found.products)} products, {unshown} products never shown; Gini"
        f" {found.gini():.2f} among those shown, {found.gini(unshown):.2f} in the whole shop; the most shown tenth"
        f" has {found.top_share():.0%} of the places"
    )
    for dimension in _DIMENSIONS:
        click.echo(f"\n{dimension:<26}  shown  share  first  share  clicks      rate (95 %)  carts  orders")
        for value, line in _ranked(found, dimension)[:top]:
            click.echo(_row(value, line, total))


def _row(value: str, line: Line, total: Line) -> str:
    rate, low, high = line.rate
    return (
        f"{value[:26]:<26} {line.shown:>6} {line.shown / total.shown:>6.1%} {line.first:>6}"
        f" {line.first / max(total.first, 1):>6.1%} {line.clicks:>7}  {rate:>5.1%} ({low:.1%}-{high:.1%})"
        f" {line.carts:>6} {line.orders:>7}"
    )


def _ranked(found: ExposureReport, dimension: str) -> list[tuple[str, Line]]:
    return sorted(found.lines.get(dimension, {}).items(), key=lambda pair: (-pair[1].shown, pair[0]))


def _plain(found: ExposureReport, unshown: int) -> dict[str, Any]:
    def figures(line: Line) -> dict[str, Any]:
        return {name: getattr(line, name) for name in _FIGURES} | {"rate": line.rate}

    return {
        "total": figures(found.total),
        "products": len(found.products),
        "unshown": unshown,
        "gini": found.gini(),
        "gini_of_the_shop": found.gini(unshown),
        "top_tenth": found.top_share(),
        **{name: {value: figures(line) for value, line in _ranked(found, name)} for name in _DIMENSIONS},
    }


def _write(found: ExposureReport, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["dimension", "value", *_FIGURES, "rate", "rate_low", "rate_high"])
        for dimension in _DIMENSIONS:
            for value, line in _ranked(found, dimension):
                rates = [f"{rate:.4f}" for rate in line.rate]
                writer.writerow([dimension, _cell(value), *(getattr(line, name) for name in _FIGURES), *rates])


def _cell(value: str) -> str:
    """Catalogue and link texts are not ours: none of them may become a formula in a spreadsheet."""
    return f"'{value}" if value[:1] in "=+-@\t\r" else value
