"""`shopbot doctor`: is everything set up as it should be, and what to do where it is not."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.options import data_option
from bot.settings import load_settings

_SIGNS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}
_NAME_WIDTH, _INDENT = 15, " " * 20


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")
@click.option("--online", is_flag=True, help="Also ask Telegram: token, webhook, clock.")
@data_option
def doctor(as_json: bool, online: bool, data: Path | None) -> None:
    """Check settings, folder, databases, models, backups, ports and accounts, and say what to do.

    Works while the bot runs and on an empty folder, and changes nothing. Ends with 1 where something fails; what is
    only a warning (!) does not.

    \b
    shopbot doctor
    shopbot doctor --online
    shopbot doctor --data shops/mine --json
    """
    from bot.health.doctor.doctor import examined

    settings = load_settings(data=data)
    found, last = [], ""
    for section, verdict in examined(settings, ask_telegram=online):
        found.append((section, verdict))
        if as_json:
            continue
        if section != last:
            click.secho(f"{'' if not last else chr(10)}{section}", bold=True)
            last = section
        sign, color = _SIGNS[verdict.state]
        click.echo(f"  {click.style(sign, fg=color)} {verdict.name:<{_NAME_WIDTH}} {verdict.what}")
        if verdict.todo:
            click.echo(f"{_INDENT}{click.style('→', fg=color)} {verdict.todo}")
    counts = Counter(verdict.state.value for _, verdict in found)
    if as_json:
        checks = [{"section": section, **asdict(verdict)} for section, verdict in found]
        click.echo(json.dumps({"ok": not counts["fail"], "checks": checks}, ensure_ascii=False, indent=1))
    else:
        click.echo(f"\n{_summary(counts)}")
    if counts["fail"]:
        raise click.exceptions.Exit(1)


def _summary(counts: Counter[str]) -> str:
    fails, warns = counts["fail"], counts["warn"]
    if not fails and not warns:
        return "All is well."
    said = []
    if fails:
        said.append(f"{fails} {'thing fails' if fails == 1 else 'things fail'}")
    if warns:
        said.append(f"{warns} {'thing wants' if warns == 1 else 'things want'} a look")
    return f"{', '.join(said)}. The rest is well."
