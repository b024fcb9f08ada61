"""Go on with the understander that is on trial: more or fewer shoppers, in the shadow, in service, or gone.

    python -m finetune.trial share 0.5 --data data     # serve half of the shoppers
    python -m finetune.trial shadow on --data data     # read along where it does not serve
    python -m finetune.trial adopt --data data         # serve everybody
    python -m finetune.trial drop --data data          # serve nobody any more

It passed the gate when it was put on trial (finetune/promote.py). A running bot follows within seconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from finetune import shelf
from finetune.suited import check_suited
from nlu.artifact import SHIPPED, ModelBroken, ModelMissing, load_artifact
from nlu.promoted import Candidate, Pointer, read_pointer, report_of, sound_folder, write_pointer

F = TypeVar("F", bound=Callable[..., Any])


def _options(command: F) -> F:
    for option in reversed(
        (
            click.option(
                "--data",
                type=click.Path(path_type=Path, file_okay=False, exists=True),
                required=True,
                help="The bot's data folder.",
            ),
            click.option("--by", default=None, help="Who changes it, for the record.  [default: the user]"),
            click.option("--json", "as_json", is_flag=True, help="Print the outcome for a machine."),
        )
    ):
        command = option(command)
    return command


@click.group()
def main() -> None:
    """Go on with the understander that is on trial beside the one that serves."""


@main.command()
@click.argument("share", type=click.FloatRange(0, 1))
@_options
def share(share: float, data: Path, by: str | None, as_json: bool) -> None:
    """Serve another SHARE (0..1) of the shoppers; those who were served before stay among them."""
    _change(data, as_json, lambda pointer, tried: replace(pointer, candidate=replace(tried, share=share)))


@main.command()
@click.argument("state", type=click.Choice(("on", "off")))
@_options
def shadow(state: str, data: Path, by: str | None, as_json: bool) -> None:
    """Read along in the shadow, or no longer."""
    _change(data, as_json, lambda pointer, tried: replace(pointer, candidate=replace(tried, shadow=state == "on")))


@main.command()
@_options
def adopt(data: Path, by: str | None, as_json: bool) -> None:
    """Serve everybody; a rollback goes to what serves now."""

    def adopted(pointer: Pointer, tried: Candidate) -> Pointer:
        cache = data / "models"
        artifact = load_artifact(sound_folder(cache, tried.version), "understander")
        check_suited(artifact, load_artifact(SHIPPED / "encoder", "encoder"))
        report = report_of(cache, tried.version)
        figures = (report.get("figures") or {}).get("candidate") or {}
        reason = str(report.get("reason") or "")
        return Pointer(tried.version, shelf.serving(cache), shelf.now(), by or shelf.whoever(), figures, reason)

    _change(data, as_json, adopted)


@main.command()
@_options
def drop(data: Path, by: str | None, as_json: bool) -> None:
    """End the trial; it stays on the shelf."""
    _change(data, as_json, lambda pointer, tried: replace(pointer, candidate=None))


def _change(data: Path, as_json: bool, change: Callable[[Pointer, Candidate], Pointer]) -> None:
    cache = data / "models"
    try:
        with shelf.held(cache):
            pointer = read_pointer(cache)
            if pointer is None or pointer.candidate is None:
                raise ModelMissing("No understander is on trial; finetune.promote --share or --shadow begins one.")
            changed = change(pointer, pointer.candidate)
            write_pointer(cache, changed)
    except (ModelMissing, ModelBroken) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or data} cannot be used: {error.strerror or error}.") from error
    tried = changed.candidate
    row = {"version": changed.version, "candidate": tried and tried.version, "share": tried and tried.share}
    click.echo(json.dumps(row) if as_json else shelf.described(changed))


if __name__ == "__main__":
    main()
