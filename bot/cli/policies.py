"""`shopbot policies`: the shop's own pages (delivery, payment, returns, ...), from which questions are answered."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.options import data_option
from bot.desks.policy_desk import PolicyDesk
from bot.settings import load_settings
from storage.policies import PageChanges
from storage.policy_pages import Page, Problem, read_pages
from storage.shop import Shop

_SHOWN = 20


@click.group()
def policies() -> None:
    """Import the shop's own pages and see what questions are answered from.

    \b
    shopbot policies check pages/
    shopbot policies import pages/
    shopbot policies show

    FOLDER holds Markdown files like en/returns.md and zh/returns.md; the same name and the same headings' anchors
    ("## How to return {#how}") make two languages one page.
    """


@policies.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report for machines.")
@data_option
def import_(folder: Path, as_json: bool, data: Path | None) -> None:
    """Take the pages of FOLDER in the place of all that there were; what cannot be read is reported and left out."""
    pages, problems = read_pages(folder)
    if not pages:
        _print(pages, problems, None, as_json)
        sys.exit(1)
    with PolicyDesk(load_settings(data=data).data) as desk:
        changes = desk.replace(pages)
    _print(pages, problems, changes, as_json)


@policies.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report for machines.")
def check(folder: Path, as_json: bool) -> None:
    """Say what an import of FOLDER would take; write nothing."""
    pages, problems = read_pages(folder)
    _print(pages, problems, None, as_json)
    sys.exit(0 if pages else 1)


@policies.command()
@data_option
def show(data: Path | None) -> None:
    """The pages that questions are answered from, with their headings."""
    shop = Shop.open(load_settings(data=data).data, readonly=True)
    try:
        passages = shop.policies.passages()
    finally:
        shop.close()
    if not passages:
        click.echo("No pages yet: shopbot policies import FOLDER")
    before = ("", "")
    for passage in passages:
        if (passage.language, passage.page) != before:
            before = (passage.language, passage.page)
            click.echo(f"{passage.language}/{passage.page}  {passage.title}" + f"  {passage.url}".rstrip())
        click.echo(f"    #{passage.anchor}  {passage.heading} ({len(passage.sentences)} sentences)")


def _print(pages: list[Page], problems: list[Problem], changes: PageChanges | None, as_json: bool) -> None:
    passages = sum(len(page.sections) for page in pages)
    counts = Counter(page.language for page in pages)
    if as_json:
        found = {"pages": dict(counts), "passages": passages, "problems": [asdict(problem) for problem in problems]}
        click.echo(json.dumps({**found, **(asdict(changes) if changes else {})}, ensure_ascii=False))
        return
    read = f"read {len(pages)} pages ({counts['en']} English, {counts['zh']} Chinese), {passages} passages"
    if changes:
        done = ", ".join(f"{name} {count}" for name, count in asdict(changes).items())
        click.echo(f"{read}: {done}")
    else:
        click.echo(read)
    for problem in problems[:_SHOWN]:
        click.echo(f"  {problem.file}" + (f" line {problem.line}" if problem.line else "") + f": {problem.reason}")
    if len(problems) > _SHOWN:
        click.echo(f"  ... and {len(problems) - _SHOWN} more; --json lists them all")
    for name in _alone(pages):
        click.echo(f"  {name} is there in one language alone: whoever speaks the other one is shown it in this one")


def _alone(pages: list[Page]) -> list[str]:
    count = Counter(page.name for page in pages)
    return [f"{page.language}/{page.name}" for page in pages if count[page.name] == 1]
