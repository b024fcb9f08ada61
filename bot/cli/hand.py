"""`shopbot hand`: what the owner decides by hand, with dates. All of it also while the bot runs, which follows."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.cli.options import data_option
from bot.desks.owner import OwnerDesk, plain_rule
from bot.reading import shop_vocabulary
from bot.rules import days, normal, rules_in, table_of
from bot.settings import Settings, load_settings
from storage import instants
from storage.feeds.tables import text_in
from storage.merchandising import LEAST_FACTOR, MOST_FACTOR, MOST_PLACE
from storage.records import Act, Rule
from storage.shop import FILE_NAME, Shop

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def hand() -> None:
    """Pin, boost, bury and hide products, and teach the shop synonyms.

    Rules act after the score: never against a shopper's limits or stock, and never on what the bot learns.

    \b
    shopbot hand add pin p123 --place 1 --query "red dress" --to 2026-12-24
    shopbot hand add boost brand:Larkhill --factor 1.3
    shopbot hand add bury category:连衣裙 --factor 0.7
    shopbot hand add hide product:p77
    shopbot hand add synonym kicks sneakers --one-way
    shopbot hand list
    shopbot hand remove 3 4
    shopbot hand export rules.tsv
    """


@hand.group()
def add() -> None:
    """Add one rule."""


def _dated(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every rule has."""
    for option in (
        data_option,
        click.option("--note", default="", help="Why, for yourself."),
        click.option("--to", "ends", type=_DAY, default=None, help="The last day it holds (YYYY-MM-DD)."),
        click.option("--from", "begins", type=_DAY, default=None, help="The first day it holds (YYYY-MM-DD)."),
    ):
        command = option(command)
    return command


def _asked(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say for which wishes a rule holds."""
    command = click.option("--category", default="", help="Only where this category is wanted.")(command)
    return click.option("--query", default="", help="Only where all of these words are asked for.")(command)


@add.command()
@click.argument("product")
@click.option("--place", type=click.IntRange(1, MOST_PLACE), default=1, show_default=True, help="Place on the page.")
@_asked
@_dated
def pin(product: str, data: Path | None, **fields: Any) -> None:
    """Give PRODUCT a fixed place where it was asked for; with neither --query nor --category, on pages of ideas."""
    _add(Act.PIN, product, data, **fields)


@add.command()
@click.argument("subject")
@click.option("--factor", type=float, default=1.3, show_default=True, help=f"More than 1, at most {MOST_FACTOR:g}.")
@_asked
@_dated
def boost(subject: str, data: Path | None, **fields: Any) -> None:
    """Raise SUBJECT (ID, brand:NAME, category:NAME or tag:VALUE) among what fits the question."""
    _add(Act.BOOST, subject, data, **fields)


@add.command()
@click.argument("subject")
@click.option("--factor", type=float, default=0.7, show_default=True, help=f"Less than 1, at least {LEAST_FACTOR:g}.")
@_asked
@_dated
def bury(subject: str, data: Path | None, **fields: Any) -> None:
    """Lower SUBJECT (ID, brand:NAME, category:NAME or tag:VALUE)."""
    _add(Act.BURY, subject, data, **fields)


@add.command()
@click.argument("subject")
@_asked
@_dated
def hide(subject: str, data: Path | None, **fields: Any) -> None:
    """Do not show SUBJECT (ID, brand:NAME, category:NAME or tag:VALUE)."""
    _add(Act.HIDE, subject, data, **fields)


@add.command()
@click.argument("word")
@click.argument("means")
@click.option("--one-way", is_flag=True, help="WORD means MEANS, but not the reverse.")
@_dated
def synonym(word: str, means: str, one_way: bool, data: Path | None, **fields: Any) -> None:
    """Let WORD mean MEANS, in either language: kicks sneakers, 老爹鞋 运动鞋."""
    _add(Act.SYNONYM, word, data, means=means, both=not one_way, **fields)


@hand.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the rules for machines.")
@data_option
def list_(as_json: bool, data: Path | None) -> None:
    """Every rule with its number; those whose dates do not hold today are marked."""
    settings = load_settings(data=data)
    rules, now = _rules(settings), instants.now()
    if as_json:
        click.echo(json.dumps([{"id": rule.id, **plain_rule(rule)} for rule in rules], ensure_ascii=False))
        return
    for rule in rules:
        click.echo(f"{rule.id:>4}  {'' if rule.holds(now) else '(not today) '}{_sentence(rule, settings)}")
    if not rules:
        click.echo("No rules yet: shopbot hand add --help")


@hand.command()
@click.argument("ids", nargs=-1, required=True, type=int)
@data_option
def remove(ids: tuple[int, ...], data: Path | None) -> None:
    """Take the rules with these numbers away."""
    with OwnerDesk(load_settings(data=data).data) as desk:
        gone = desk.remove_rules(ids)
    click.echo(f"removed {gone} of {len(set(ids))}")
    sys.exit(0 if gone else 1)


@hand.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", "replace_all", is_flag=True, help="Rules that the file does not have are taken away.")
@data_option
def import_(file: Path, replace_all: bool, data: Path | None) -> None:
    """Add the rules of FILE (a table as `export` writes it); bad rows are reported and never stop good ones."""
    settings = load_settings(data=data)
    rows = list(rules_in(text_in(file), shop_vocabulary(settings), settings.clock))
    good = [row for _, row in rows if isinstance(row, Rule)]
    bad = [(line, row) for line, row in rows if not isinstance(row, Rule)]
    removed = 0
    with OwnerDesk(settings.data) as desk:
        added = len([id for id in desk.add_rules(good) if id is not None])
        if replace_all and good:
            wanted = [plain_rule(rule) for rule in good]
            removed = desk.remove_rules([rule.id for rule in _rules(settings) if plain_rule(rule) not in wanted])
    click.echo(f"read {len(rows)}, added {added}, known {len(good) - added}, removed {removed}, rejected {len(bad)}")
    for line, error in bad:
        click.echo(f"  line {line}: {error}")
    sys.exit(0 if good or not bad else 1)


@hand.command()
@click.argument("file", type=click.Path(path_type=Path))
@data_option
def export(file: Path, data: Path | None) -> None:
    """Write all rules to FILE, a table for a spreadsheet or another shop."""
    settings = load_settings(data=data)
    rules = _rules(settings)
    file.write_text(table_of(rules, settings.clock), encoding="utf-8")
    click.echo(f"wrote {len(rules)} rules")


def _add(
    act: Act, subject: str, data: Path | None, *, begins: datetime | None, ends: datetime | None, **fields: Any
) -> None:
    settings = load_settings(data=data)
    first, last = days(begins.date() if begins else None, ends.date() if ends else None, settings.clock)
    rule = normal(Rule(act=act, subject=subject, begins=first, ends=last, **fields), shop_vocabulary(settings))
    with OwnerDesk(settings.data) as desk:
        [id] = desk.add_rules([rule])
    click.echo(f"{id:>4}  {_sentence(rule, settings)}" if id is not None else "That rule is there already.")


def _rules(settings: Settings) -> tuple[Rule, ...]:
    if not (settings.data / FILE_NAME).is_file():
        return ()
    shop = Shop.open(settings.data, readonly=True)
    try:
        return shop.merchandising.rules()
    finally:
        shop.close()


def _sentence(rule: Rule, settings: Settings) -> str:
    match rule.act:
        case Act.SYNONYM:
            said = f"synonym {rule.subject} {'=' if rule.both else '>'} {rule.means}"
        case Act.PIN:
            said = f"pin {rule.subject} to place {rule.place}"
        case Act.HIDE:
            said = f"hide {rule.subject}"
        case _:
            said = f"{rule.act.value} {rule.subject} by {rule.factor:g}"
    said += f' for "{rule.query}"' if rule.query else ""
    said += f" in {rule.category}" if rule.category else ""
    zone = settings.clock
    said += f" from {rule.begins.astimezone(zone):%Y-%m-%d}" if rule.begins else ""
    said += f" until before {rule.ends.astimezone(zone):%Y-%m-%d}" if rule.ends else ""
    return f"{said}  ({rule.note})" if rule.note else said
