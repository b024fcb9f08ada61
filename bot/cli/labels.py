"""`shopbot labels`: what staff say that messages mean, as training data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import data_option
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.labels.training_set import TrainingSet


@click.group()
def labels() -> None:
    """Reviewed messages as versions of training data, without anything personal in them.

    \b
    shopbot labels export            write what was settled since, as a version
    shopbot labels list              the versions there are
    shopbot labels show latest       what is in one, and what was left out
    """


@labels.command("export")
@click.option(
    "--held-out",
    type=click.FloatRange(0, 0.9),
    default=0.2,
    show_default=True,
    help="Share of the conversations that judge and never teach.",
)
@click.option(
    "--days",
    type=click.IntRange(1),
    default=7,
    show_default=True,
    help="Days of blindly drawn messages that say how good a model is.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the manifest.")
@data_option
def export_labels(held_out: float, days: int, as_json: bool, data: Path | None) -> None:
    """Write the settled labels as a version under DATA/training: personal data replaced, each message once, whole
    conversations on one side. The same labels give the same version. May run beside bot and console.

    \b
    shopbot labels export
    shopbot labels export --days 14 --json
    """
    from bot.labels.exporting import export_settled

    found = export_settled(load_settings(data=data).data, held_out, days)
    _print(found, as_json)


@labels.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print all manifests.")
@data_option
def list_sets(as_json: bool, data: Path | None) -> None:
    """The versions there are, the newest first."""
    from bot.labels.training_set import versions

    found = versions(load_settings(data=data).data)
    if as_json:
        click.echo(json.dumps([each.manifest for each in found], ensure_ascii=False))
        return
    for each in found:
        parts = ", ".join(f"{part} {each.count(part)}" for part in each.manifest["counts"])
        click.echo(f"{each.version}  {str(each.manifest['made_at'])[:16]}  {parts}")
    if not found:
        click.echo("There is no training set yet: shopbot labels export makes one.")


@labels.command()
@click.argument("version", default="latest")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest.")
@data_option
def show(version: str, as_json: bool, data: Path | None) -> None:
    """What is in VERSION (or the latest one), and what was left out."""
    from bot.labels.training_set import open_set

    _print(open_set(load_settings(data=data).data, version), as_json)


def _print(found: TrainingSet, as_json: bool) -> None:
    manifest = found.manifest
    if as_json:
        click.echo(json.dumps(dict(manifest), ensure_ascii=False))
        return
    click.echo(f"{found.version}, made {str(manifest['made_at'])[:16]} UTC from {manifest['labels']['settled']} labels")
    for part, counts in manifest["counts"].items():
        spoken = ", ".join(f"{language} {count}" for language, count in counts["languages"].items())
        click.echo(
            f"  {part:<7} {counts['messages']:>6} messages, {counts['corrections']} read wrong ({spoken or '-'})"
        )
    for line in _left_out(manifest):
        click.echo(f"  {line}")
    intents = manifest["counts"]["train"]["intents"]
    if intents:
        click.echo("  to learn: " + ", ".join(f"{name} {count}" for name, count in intents.items()))


def _left_out(manifest: dict[str, Any] | Any) -> list[str]:
    redacted = ", ".join(f"{kind} {count}" for kind, count in manifest["redactions"].items())
    lines = [
        f"personal data replaced: {redacted or 'none was found'}",
        f"said again: {manifest['duplicates']}; another label holds: {len(manifest['conflicts'])}",
    ]
    if manifest["unusable"]:
        lines.append(f"spans that do not fit their message: turns {manifest['unusable'][:5]}")
    if manifest["erased"]:
        lines.append(f"erased since: {manifest['erased']}")
    return lines
