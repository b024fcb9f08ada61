"""`shopbot events`: what visitors did in the shop itself, for popularity, what goes with what, and the prior."""

from __future__ import annotations

import itertools
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
from tqdm import tqdm

from bot.cli.options import data_option
from bot.cli.variant_numbers import of_product, products_by_variant
from bot.desks.owner import BATCH, OwnerDesk
from bot.settings import Settings, load_settings
from storage import instants
from storage.feeds.events import read_events
from storage.feeds.records import Rejected
from storage.records import Behaviour, Deed
from storage.shop import Shop
from storage.visitors import VisitorKey

_SHOWN = 20
_DAYS = 14


@click.group()
def events() -> None:
    """Import the shop's own views, carts and orders, and see what there is.

    \b
    shopbot events import orders.csv views.jsonl
    shopbot events import orders_export.csv --kind order
    shopbot events show
    shopbot events forget customer-42
    """


@dataclass
class _Report:
    """What an import read and kept. `added` is less than `events` where some were known already."""

    events: int = 0
    added: int = 0
    rejected: list[tuple[Path, Rejected]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)


@events.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(list(Deed)), default=None, help="What rows did that do not say it.")
@click.option("--json", "as_json", is_flag=True, help="Print the report for machines.")
@data_option
def import_(files: tuple[Path, ...], kind: str | None, as_json: bool, data: Path | None) -> None:
    """Read FILES (CSV, TSV or JSON lines) with a visitor, a product, a kind and a time in each row.

    Columns are found by their names (Google Analytics, Shopify, Segment, Taobao and plain ones). Visitors are kept as
    keyed hashes only. What was imported before is not counted twice. What is named by the number of a colour and size
    counts for its product, where the catalogue knows it by then.
    """
    settings = load_settings(data=data)
    report = _Report()
    with OwnerDesk(settings.data) as desk:
        rows = _read(files, settings, Deed(kind) if kind else None, report)
        bar = tqdm(desc="Importing events", unit="", disable=None, leave=False)
        while batch := list(itertools.islice(rows, BATCH)):
            report.added += desk.add_events(batch)
            bar.update(len(batch))
        bar.close()
    _print(report, as_json)
    sys.exit(0 if report.events or not report.rejected else 1)


def _read(files: tuple[Path, ...], settings: Settings, kind: Deed | None, report: _Report) -> Iterator[Behaviour]:
    hide, now, products = VisitorKey.of(settings.data), instants.now(), products_by_variant(settings.data)
    for path in files:
        for row in read_events(path, hide, now=now, zone=settings.clock, kind=kind):
            if isinstance(row, Rejected):
                report.rejected.append((path, row))
            else:
                report.events += 1
                report.kinds[row.kind.value] += 1
                yield of_product(row, products)


@events.command()
@click.option("--days", type=click.IntRange(1, 3660), default=_DAYS, show_default=True, help="How many days to list.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures for machines.")
@data_option
def show(days: int, as_json: bool, data: Path | None) -> None:
    """Counts by kind and day, the newest first, and what is known altogether."""
    shop = Shop.open(load_settings(data=data).data, readonly=True)
    try:
        events, visitors, products = shop.behaviour.sizes()
        span, unknown = shop.behaviour.span(), shop.behaviour.unknown_products()
        by_day: dict[str, Counter[str]] = {}
        for each in shop.behaviour.by_day():
            by_day.setdefault(each.day, Counter())[each.kind] += each.count
    finally:
        shop.close()
    latest = dict(sorted(by_day.items(), reverse=True)[:days])
    if as_json:
        figures = {"events": events, "visitors": visitors, "products": products, "unknown_products": unknown}
        newest = instants.to_text(span[1]) if span else None
        click.echo(json.dumps({**figures, "newest": newest, "days": {day: dict(n) for day, n in latest.items()}}))
        return
    if span is None:
        click.echo("No events yet: shopbot events import FILE")
        return
    click.echo(f"{events} events of {visitors} visitors and {products} products ({unknown} not in the catalogue)")
    click.echo(f"from {span[0]:%Y-%m-%d %H:%M} to {span[1]:%Y-%m-%d %H:%M} UTC")
    click.echo("day         " + "".join(f"{kind.value + 's':>9}" for kind in Deed))
    for day, counts in latest.items():
        click.echo(f"{day}  " + "".join(f"{counts[kind.value]:>9}" for kind in Deed))


@events.command()
@click.argument("visitors", nargs=-1, required=True)
@data_option
def forget(visitors: tuple[str, ...], data: Path | None) -> None:
    """Remove all events of VISITORS, named as the shop's own files name them."""
    folder = load_settings(data=data).data
    with OwnerDesk(folder) as desk:
        hide = VisitorKey.of(folder)
        gone = sum(desk.forget_visitor(hide(visitor)) for visitor in visitors)
    click.echo(f"removed {gone} events")
    sys.exit(0 if gone else 1)


def _print(report: _Report, as_json: bool) -> None:
    if as_json:
        rejected = [{"file": str(path), "line": row.line, "reason": row.reason} for path, row in report.rejected]
        figures = {"events": report.events, "added": report.added, "kinds": dict(report.kinds)}
        click.echo(json.dumps({**figures, "rejected": rejected}, ensure_ascii=False))
        return
    kinds = ", ".join(f"{report.kinds[kind.value]} {kind.value}s" for kind in Deed)
    click.echo(
        f"events {report.events} ({kinds}), added {report.added}, known {report.events - report.added},"
        f" rejected {len(report.rejected)}"
    )
    for path, row in report.rejected[:_SHOWN]:
        click.echo(f"  {path.name} line {row.line}: {row.reason}")
    if len(report.rejected) > _SHOWN:
        click.echo(f"  ... and {len(report.rejected) - _SHOWN} more; --json lists them all")
