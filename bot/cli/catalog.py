"""`shopbot catalog`: bring a shop's products in, check a feed, keep it current. All of it also while the bot runs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from bot.cli.options import data_option
from bot.desks.desk import Desk
from bot.settings import Settings, load_settings
from bot.upkeep.fetching import Fetched, Source, duration
from storage.demo_shop import withdraw_demo
from storage.feeds.feed import FORMATS
from storage.feeds.records import Rejected, Remark
from storage.importing import Report, Upsert, import_feed
from storage.records import Product
from storage.shop import Shop
from storage.terms import base_vocabulary

_SHOWN = 20
_formats = click.Choice(["auto", *FORMATS])
_format_option = click.option(
    "--format", "format_", type=_formats, default="auto", help="What the file is; found by itself."
)


@click.group()
def catalog() -> None:
    """Import, check and sync the shop's products.

    \b
    shopbot catalog check products.csv
    shopbot catalog import products.csv extra.jsonl
    shopbot catalog import feed.xml --replace
    shopbot catalog sync https://shop.example/feed.xml --every 15m
    """


@catalog.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_format_option
@click.option("--replace", is_flag=True, help="Products that the files no longer have become unavailable.")
@click.option("--json", "as_json", is_flag=True, help="Print the report for machines.")
@data_option
def import_(files: tuple[Path, ...], format_: str, replace: bool, as_json: bool, data: Path | None) -> None:
    """Upsert FILES by id; bad rows are reported and never stop good ones."""
    settings = load_settings(data=data)
    with _Target(settings.data) as target:
        report = import_feed(
            target.upsert, files, base_vocabulary(), settings.currency, format_, replace, progress=_progress
        )
        target.withdraw_demo(report)
    _print(report, as_json)
    sys.exit(0 if report.read > len(report.rejected) or not report.read else 1)


@catalog.command()
@click.argument("file", type=click.Path(path_type=Path))
@_format_option
@click.option("--json", "as_json", is_flag=True, help="Print the report for machines.")
@data_option
def check(file: Path, format_: str, as_json: bool, data: Path | None) -> None:
    """Say what an import of FILE would read and reject; write nothing."""
    settings = load_settings(data=data)
    report = import_feed(None, [file], base_vocabulary(), settings.currency, format_)
    _print(report, as_json, checked=True)
    sys.exit(0 if report.read > len(report.rejected) else 1)


@catalog.command()
@click.argument("source")
@_format_option
@click.option(
    "--every", default=None, help="Keep syncing at this pace: 30s, 15m, 2h. A changed local file is read at once."
)
@click.option("--force", is_flag=True, help="Accept a feed that lost more than half of its products.")
@data_option
def sync(source: str, format_: str, every: str | None, force: bool, data: Path | None) -> None:
    """Make the catalogue equal to SOURCE, a file or an http(s) address, once or again and again."""
    settings = load_settings(data=data)
    pace = duration(every) if every else None
    feed = Source(source, settings.inner_feed_hosts)
    while True:
        _sync_once(settings, feed, format_, force, pace)
        if pace is None:
            return
        feed.wait(pace)


def _sync_once(settings: Settings, feed: Source, format_: str, force: bool, pace: float | None) -> None:
    """One round. In a loop a failure is told and tried again at the next round; alone it ends the command."""
    state: dict[str, Any] = {"source": feed.name, "every": pace or 0.0, "at": time.time(), "error": ""}
    try:
        with feed.fetch() as fetched:
            report = _sync_file(settings, fetched, format_, force)
            state["products"] = report.read - len(report.rejected)
    except Exception as error:
        state["error"] = " ".join(str(error).split())
        _note(settings, state)
        if pace is None:
            raise
        click.echo(f"shopbot: {state['error']} Trying again.", err=True)
        return
    _note(settings, state)
    click.echo(f"{time.strftime('%H:%M:%S')} {_summary(report)}")


def _sync_file(settings: Settings, fetched: Fetched, format_: str, force: bool) -> Report:
    if not fetched.changed:
        return Report()
    with _Target(settings.data) as target:
        if not force:
            report = import_feed(None, [fetched.path], base_vocabulary(), settings.currency, format_)
            target.refuse_shrinking(report)
        return import_feed(
            target.upsert, [fetched.path], base_vocabulary(), settings.currency, format_, replace_all=True
        )


def _note(settings: Settings, state: dict[str, Any]) -> None:
    with _Target(settings.data) as target:
        target.note_sync(state)


class ShrunkenFeedError(Exception):
    """A feed lost most of its products: more likely a broken export than a closing-down sale."""


class _Target(Desk):
    """Where products are written."""

    @property
    def upsert(self) -> Upsert:
        if self._bot:
            return self._bot
        assert self._shop is not None
        return self._shop.catalogue

    def withdraw_demo(self, report: Report) -> None:
        """A shop with products of its own does not show the demo's."""
        if report.read > len(report.rejected) and (gone := self._withdrawn()):
            click.echo(f"The {gone} products of the demo shop are no longer shown.", err=True)

    def _withdrawn(self) -> int:
        if self._bot:
            return self._bot.withdraw_demo()
        return withdraw_demo(self._shop) if self._shop else 0

    def note_sync(self, state: dict[str, Any]) -> None:
        if self._bot:
            self._bot.note_sync(state)
        elif self._shop:
            self._shop.feeds.note(**state)

    def refuse_shrinking(self, report: Report) -> None:
        """Raises ShrunkenFeedError when fewer than half of the shop's products are left."""
        shop = self._shop or Shop.open(self._folder, readonly=True)
        held, usable = len(shop.catalogue.ids()), report.read - len(report.rejected)
        if shop is not self._shop:
            shop.close()
        if held >= 20 and usable * 2 < held:
            raise ShrunkenFeedError(
                f"The feed has {usable} usable products, the shop {held}: nothing was changed."
                " Use --force if that is meant."
            )


def _progress(products: Iterable[Product]) -> Iterable[Product]:
    bar: Iterable[Product] = tqdm(products, desc="Writing products", unit="", disable=None, leave=False)
    return bar


def _print(report: Report, as_json: bool, checked: bool = False) -> None:
    if as_json:
        listed = {
            "rejected": [asdict(row) for row in report.rejected],
            "remarks": [asdict(row) for row in report.remarks],
        }
        figures = {name: getattr(report, name) for name in ("read", "added", "changed", "unchanged", "vanished")}
        click.echo(json.dumps({**figures, **listed, "gaps": report.gaps}, ensure_ascii=False))
        return
    click.echo(f"read {report.read}, rejected {len(report.rejected)}" if checked else _summary(report))
    _list(report.rejected)
    _list(report.remarks)
    for name, count in report.gaps.items():
        click.echo(f"  {count} of {report.read - len(report.rejected)} products have no {name}")


def _list(rows: Sequence[Rejected | Remark]) -> None:
    for row in rows[:_SHOWN]:
        click.echo(f"  line {row.line}: {row.reason}" + (f" (id {row.id})" if row.id else ""))
    if len(rows) > _SHOWN:
        click.echo(f"  ... and {len(rows) - _SHOWN} more; --json lists them all")


def _summary(report: Report) -> str:
    return (
        f"read {report.read}, added {report.added}, changed {report.changed}, unchanged {report.unchanged},"
        f" vanished {report.vanished}, rejected {len(report.rejected)}"
    )
