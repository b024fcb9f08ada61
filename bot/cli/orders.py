"""`shopbot orders`: the shop's orders, so that shoppers can ask after theirs; codes that show whose they are."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click
from tqdm import tqdm

from bot.cli.options import data_option
from bot.cli.variant_numbers import of_products, products_by_variant
from bot.desks.order_desk import BATCH, OrderDesk, hide_code
from bot.settings import Settings, load_settings
from storage import instants
from storage.feeds.orders import read_orders
from storage.feeds.records import Rejected
from storage.order_importing import Imported, OrderChanges
from storage.order_links import LASTS, fresh_code
from storage.visitors import VisitorKey

_SHOWN = 20


@click.group()
def orders() -> None:
    """Import the shop's orders, and give buyers the codes that link an order to their chat.

    \b
    shopbot orders check orders.csv
    shopbot orders import orders.csv
    shopbot orders code 48213

    A file has a row for each item (order_number, status, placed_at, title, price, and, as far as there are, product_id,
    variant, quantity, currency, total, tracking, code), or a JSON line for each order with a list of items.
    """


@dataclass
class _Report:
    orders: int = 0
    changes: OrderChanges = OrderChanges()
    rejected: list[tuple[Path, Rejected]] = field(default_factory=list)


@orders.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report for machines.")
@data_option
def import_(files: tuple[Path, ...], as_json: bool, data: Path | None) -> None:
    """Add and change orders of FILES by their numbers, also while the bot runs; what cannot be used is reported."""
    settings, report = load_settings(data=data), _Report()
    with OrderDesk(settings.data) as desk:
        rows = _read(files, settings, report)
        bar = tqdm(desc="Importing orders", unit="", disable=None, leave=False)
        while batch := list(itertools.islice(rows, BATCH)):
            report.changes += desk.keep(batch)
            bar.update(len(batch))
        bar.close()
    _print(report, as_json)
    sys.exit(0 if report.orders or not report.rejected else 1)


@orders.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report for machines.")
@data_option
def check(files: tuple[Path, ...], as_json: bool, data: Path | None) -> None:
    """Say what an import of FILES would read and reject; write nothing."""
    report = _Report()
    for _ in _read(files, load_settings(data=data), report, keyed=False):
        pass
    _print(report, as_json, checked=True)
    sys.exit(0 if report.orders else 1)


@orders.command()
@click.argument("number")
@data_option
def code(number: str, data: Path | None) -> None:
    """Print a new code for order NUMBER; the buyer sends it to the bot once, within 90 days. An older one ends."""
    settings, given = load_settings(data=data), fresh_code()
    with OrderDesk(settings.data) as desk:
        known = desk.set_code(number.lstrip("#"), hide_code(VisitorKey.of(settings.data), given))
    if not known:
        click.echo(f"shopbot: There is no order {number} that is nobody's yet.", err=True)
        sys.exit(1)
    click.echo(f"{given}  (for order {number}, works once, {LASTS.days} days)")


def _read(files: tuple[Path, ...], settings: Settings, report: _Report, *, keyed: bool = True) -> Iterator[Imported]:
    key = VisitorKey.of(settings.data) if keyed else None
    products = products_by_variant(settings.data) if keyed else {}
    for path in files:
        for row in read_orders(path, now=instants.now(), zone=settings.clock, currency=settings.currency):
            if isinstance(row, Rejected):
                report.rejected.append((path, row))
            else:
                report.orders += 1
                yield Imported(of_products(row.order, products), hide_code(key, row.code) if key else "")


def _print(report: _Report, as_json: bool, checked: bool = False) -> None:
    figures = {"read": report.orders, **({} if checked else asdict(report.changes))}
    if as_json:
        rejected = [{"file": path.name, **asdict(row)} for path, row in report.rejected]
        click.echo(json.dumps({**figures, "rejected": rejected}, ensure_ascii=False))
        return
    told = ", ".join(f"{name} {count}" for name, count in figures.items())
    click.echo(f"{told}, rejected {len(report.rejected)}")
    for path, row in report.rejected[:_SHOWN]:
        number = f" (order {row.id})" if row.id else ""
        click.echo(f"  {path.name} line {row.line}: {row.reason}{number}")
    if len(report.rejected) > _SHOWN:
        click.echo(f"  ... and {len(report.rejected) - _SHOWN} more; --json lists them all")
