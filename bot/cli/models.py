"""`shopbot models`: which understander serves, which is on trial, and how to go on or back."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import click

from bot.cli.options import data_option
from bot.settings import load_settings


class ModelsError(Exception):
    """A change was refused; the message is the sentence of the command that refused it."""


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@data_option
@click.pass_context
def models(context: click.Context, as_json: bool, data: Path | None) -> None:
    """Which understander serves, which is on trial, and what lies on the shelf.

    \b
    shopbot models                     what serves and what is on trial
    shopbot models share 0.5           serve half of the shoppers with the one on trial
    shopbot models shadow on           let it read along where it does not serve
    shopbot models adopt               let it serve everybody
    shopbot models drop                end the trial
    shopbot models rollback            one step back
    shopbot models drift               does the talk change?
    """
    if context.invoked_subcommand is not None:
        return
    from bot.learn.overview import overview, plain

    found = overview(load_settings(data=data).data)
    if as_json:
        click.echo(json.dumps(plain(found), ensure_ascii=False))
        return
    since = f" since {found.since[:16]} UTC, by {found.by}" if found.since else ""
    click.echo(f"{found.serving} serves{since}.")
    if found.candidate:
        served = f"serves {found.candidate.share:.0%} of the shoppers" if found.candidate.share else "serves nobody"
        shadow = ", reads along in the shadow" if found.candidate.shadow else ""
        click.echo(f"On trial: {found.candidate.version} {served}{shadow}.")
    for agreed in found.agreement:
        click.echo(
            f"  {agreed.language}: {agreed.turns} second readings, the same intent in {agreed.same / agreed.turns:.1%}"
        )
    for each in found.shelf:
        accuracy = f"accuracy {each.accuracy:.3f}" if each.accuracy is not None else ""
        click.echo(f"  {each.version}  {each.promoted_at[:16]}  {accuracy}  {each.by}".rstrip())


@models.command()
@click.argument("share", type=click.FloatRange(0, 1))
@data_option
def share(share: float, data: Path | None) -> None:
    """Serve another SHARE (0..1) of the shoppers with the one on trial."""
    _change(data, "finetune.trial", "share", str(share))


@models.command()
@click.argument("state", type=click.Choice(("on", "off")))
@data_option
def shadow(state: str, data: Path | None) -> None:
    """Let the one on trial read along where it does not serve, or no longer."""
    _change(data, "finetune.trial", "shadow", state)


@models.command()
@data_option
def adopt(data: Path | None) -> None:
    """Let the one on trial serve everybody."""
    _change(data, "finetune.trial", "adopt")


@models.command()
@data_option
def drop(data: Path | None) -> None:
    """End the trial."""
    _change(data, "finetune.trial", "drop")


@models.command()
@click.option("--to", default=None, help="A version of the shelf, or `shipped`.  [default: the one before]")
@data_option
def rollback(to: str | None, data: Path | None) -> None:
    """One step back: the trial ends, or what served before serves again."""
    _change(data, "finetune.rollback", *(["--to", to] if to else []))


def _change(data: Path | None, *command: str) -> None:
    from bot.learn.changing import ChangeError, change

    try:
        click.echo(change(load_settings(data=data).data, getpass.getuser(), *command))
    except ChangeError as error:
        raise ModelsError(str(error)) from error


@models.command()
@click.option("--check", is_flag=True, help="Exit code 1 where the talk changed, for a nightly job.")
@click.option("--json", "as_json", is_flag=True, help="Print the report.")
@data_option
def drift(check: bool, as_json: bool, data: Path | None) -> None:
    """Compare the last week's talk with that which the training set was drawn from: intents, confidence, unknown words.

    A flag is raised where a change is certain (shoppers shuffled over the two times reach it once in a hundred) and
    large (PSI 0.1; two points of unknown words). May run beside the bot; the console's page shows the last report.

    \b
    shopbot models drift
    shopbot models drift --check --json
    """
    from bot.drift.watching import watch

    report = watch(load_settings(data=data).data)
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else _told(report))
    if check and report["flagged"]:
        raise ModelsError(f"The talk has changed: {', '.join(report['flagged'])}.")


def _told(report: dict[str, Any]) -> str:
    lines = [
        f"{name}: {report[name]['messages']} messages of {report[name]['shoppers']} shoppers, "
        f"{report[name]['from'][:10]} to {report[name]['to'][:10]}"
        for name in ("earlier", "recent")
    ]
    if report["state"] == "too-little":
        return "\n".join([*lines, "Too little was said to tell."])
    for name, found in report["measures"].items():
        state = "CHANGED" if found["flagged"] else "quiet"
        moved = ", ".join(f"{what} {was:.1%} -> {now:.1%}" for what, was, now in found["moved"][:3])
        lines.append(f"{name:<11}{state:<8} {found['value']:.4f} (chance: up to {found['threshold']:.4f})  {moved}")
    words = ", ".join(f"{each['word']} ({each['shoppers']})" for each in report["new_words"])
    return "\n".join([*lines, f"new words, by shoppers: {words or 'none'}"])
