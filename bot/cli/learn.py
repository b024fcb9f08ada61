"""`shopbot learn`: from what staff corrected to a better model, in one command."""

from __future__ import annotations

import getpass
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import data_option
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.learn.record import Run


@click.command()
@click.option("--set", "set_", default="new", show_default=True, help="An exported version, `latest`, or export anew.")
@click.option("--epochs", type=click.IntRange(1), default=2, show_default=True, help="Times through what is learned.")
@click.option(
    "--rate",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Of the adapter, say 2e-5 to learn slots, too; 0: intents alone.",
)
@click.option(
    "--head-rate", type=click.FloatRange(0, 1, min_open=True), default=5e-4, show_default=True, help="Of the heads."
)
@click.option(
    "--own", type=click.FloatRange(0, 0.9), default=0.05, show_default=True, help="Part of the shop's own messages."
)
@click.option("--replay", type=click.IntRange(1), default=3000, show_default=True, help="Shipped messages beside them.")
@click.option("--held-out", type=click.FloatRange(0, 0.9), default=0.2, show_default=True, help="Share that judges.")
@click.option("--days", type=click.IntRange(1), default=7, show_default=True, help="Days of blindly drawn messages.")
@click.option("--share", type=click.FloatRange(0, 1), help="Serve this share of the shoppers first.  [default: all]")
@click.option("--shadow", is_flag=True, help="Serve nobody more: it reads along, and its readings are only kept.")
@click.option("--dry-run", is_flag=True, help="Learn and judge; promote nothing.")
@click.option("--force-reason", "reason", default="", help="Promote what the gate refuses, and record why.")
@click.option("--by", default=None, help="Who does this, for the record.  [default: the user]")
@click.option(
    "--corpus", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Shipped data of your own."
)
@click.option(
    "--threads", type=click.IntRange(1, 1024), default=1, show_default=True, help="Processor threads to learn with."
)
@click.option("--nice", type=click.IntRange(0, 19), default=10, show_default=True, help="How far to step back.")
@click.option("--fresh", is_flag=True, help="Begin anew, where an unfinished run could go on.")
@click.option("--json", "as_json", is_flag=True, help="Print the record of the run.")
@data_option
def learn(
    set_: str,
    epochs: int,
    rate: float,
    head_rate: float,
    own: float,
    replay: int,
    held_out: float,
    days: int,
    share: float | None,
    shadow: bool,
    dry_run: bool,
    reason: str,
    by: str | None,
    corpus: Path | None,
    threads: int,
    nice: int,
    fresh: bool,
    as_json: bool,
    data: Path | None,
) -> None:
    """Export the settled labels, go on training the understander that serves with them among many messages that it
    knows, judge it (frozen messages, last week's sample), and promote it where it is not worse.

    Minutes on two cores, at low priority; bot and console may run. Asked for again after a failure or a kill, it goes
    on where it stopped. A running bot takes up the outcome within seconds.

    \b
    shopbot learn --dry-run
    shopbot learn --share 0.1 --by Ann
    shopbot learn --shadow
    """
    from bot.learn.record import Recipe
    from bot.learn.running import Refused
    from bot.learn.running import learn as run_all

    folder = str(corpus.resolve()) if corpus else ""
    recipe = Recipe(
        set_, epochs, rate, head_rate, own, replay, held_out, days, share, shadow, dry_run, reason.strip(), folder
    )
    try:
        run = run_all(
            load_settings(data=data).data,
            recipe,
            by or getpass.getuser(),
            threads,
            nice=nice,
            fresh=fresh,
            say=lambda line: click.echo(line, err=True),
        )
    except Refused as refused:
        click.echo("Refused; the old one serves on:", err=True)
        for sentence in str(refused).splitlines():
            click.echo(f"- {sentence}", err=True)
        raise click.exceptions.Exit(1) from refused
    click.echo(json.dumps(asdict(run), ensure_ascii=False) if as_json else _spoken(run))


def _spoken(run: Run) -> str:
    lines = []
    for name, each in run.said("judge")["sets"].items():
        for language, new in each["figures"]["candidate"].items():
            old = each["figures"]["current"][language]
            lines.append(
                f"{name:<10}{language:<4}{new['messages']:>6} messages   intents {old['accuracy']:.3f} -> "
                f"{new['accuracy']:.3f}   slots {old['slot_f1']:.3f} -> {new['slot_f1']:.3f}"
            )
    ends = {
        "promoted": f"{run.version} serves now; {run.start} served before.",
        "trial": f"{run.version} is on trial; {run.start} serves on. See shopbot models.",
        "would": f"{run.version} would be promoted; nothing was changed.",
    }
    return "\n".join([*lines, "", f"{ends[run.outcome]} ({run.id}, {run.set}, {run.seconds:.0f} s)"])
