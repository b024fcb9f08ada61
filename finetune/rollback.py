"""Let the understander serve again that served before, or any that is still on the shelf.

    python -m finetune.rollback --data data                            # one step back
    python -m finetune.rollback --data data --to understander-1a2b3c4d # to this one; `shipped` is the program's own
    python -m finetune.rollback --data data --list

Each step goes further back; forward again is `--to`. Where an understander is on trial, the first step ends that, and
`--to` ends it, too. A running bot follows within seconds.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from finetune import shelf
from finetune.suited import check_suited
from nlu.artifact import SHIPPED, ModelBroken, ModelMissing, load_artifact
from nlu.promoted import Pointer, folder_of, is_version, promoted, read_pointer, report_of, write_pointer


def target_of(cache: Path, to: str | None) -> str:
    """Where a rollback goes. Raises ModelMissing or ModelBroken where there is nothing sound."""
    if to is not None:
        known = [*promoted(cache), "shipped"]
        if not is_version(to) or to not in known:
            raise ModelMissing(f"There is no {to} to go back to; there are {', '.join(known)}.")
        return to
    pointer = read_pointer(cache)
    if pointer is None or not pointer.previous:
        raise ModelMissing("The shipped understander serves; nothing served before it.")
    return pointer.previous


def back_to(cache: Path, version: str, by: str) -> Pointer:
    """The pointer after going back to a version that fits this program. Raises ModelMissing or ModelBroken."""
    artifact = load_artifact(folder_of(cache, version), "understander")
    check_suited(artifact, load_artifact(SHIPPED / "encoder", "encoder"))
    figures = report_of(cache, version).get("figures") or {}
    return Pointer(version, shelf.before(cache, version), shelf.now(), by, figures.get("candidate") or {})


@click.command(epilog="Example: python -m finetune.rollback --data data")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False, exists=True), required=True, help="The data folder."
)
@click.option("--to", default=None, help="Version to go back to, or `shipped`.  [default: the one before]")
@click.option("--by", default=None, help="Who goes back, for the record.  [default: the user]")
@click.option("--list", "listing", is_flag=True, help="Say what serves and what is on the shelf; change nothing.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome for a machine.")
def main(data: Path, to: str | None, by: str | None, listing: bool, dry_run: bool, as_json: bool) -> None:
    """Let an earlier understander serve the bot on a data folder again."""
    cache = data / "models"
    try:
        if listing:
            row, text = _listed(cache)
        else:
            with shelf.held(cache):
                row, text = _back(cache, to, by or shelf.whoever(), dry_run)
    except (ModelMissing, ModelBroken) as error:
        raise click.ClickException(f"{error}") from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or data} cannot be used: {error.strerror or error}.") from error
    click.echo(json.dumps(row, ensure_ascii=False) if as_json else text)


def _back(cache: Path, to: str | None, by: str, dry_run: bool) -> tuple[dict[str, object], str]:
    was, pointer = shelf.serving(cache), read_pointer(cache) if to is None else None
    if pointer and pointer.candidate:
        return _ended(cache, pointer, was, dry_run)
    version = target_of(cache, to)
    pointer = back_to(cache, version, by)
    row: dict[str, object] = {"version": version, "was": was, "changed": not dry_run}
    if dry_run:
        return row, f"{version} would serve in place of {was}; nothing was changed."
    write_pointer(cache, pointer)
    return row, f"{version} serves now; {was} did until now."


def _ended(cache: Path, pointer: Pointer, serving: str, dry_run: bool) -> tuple[dict[str, object], str]:
    """The trial is what came last, so it is what the first step takes back."""
    assert pointer.candidate
    tried = pointer.candidate.version
    row: dict[str, object] = {"version": serving, "was": tried, "changed": not dry_run}
    if dry_run:
        return row, f"The trial of {tried} would end; nothing was changed."
    write_pointer(cache, replace(pointer, candidate=None))
    return row, f"The trial of {tried} has ended; {serving} serves everybody."


def _listed(cache: Path) -> tuple[dict[str, object], str]:
    pointer, versions = read_pointer(cache), promoted(cache)
    lines = [shelf.described(pointer)]
    for version in versions:
        report = report_of(cache, version)
        accuracy = ((report.get("figures") or {}).get("candidate") or {}).get("all", {}).get("accuracy")
        measured = f"accuracy {accuracy:.3f}" if accuracy is not None else ""
        lines.append(f"  {version}  {report.get('promoted_at', '')[:19]}  {measured}  {report.get('by', '')}".rstrip())
    return {"current": pointer.version if pointer else "shipped", "promoted": versions}, "\n".join(lines)


if __name__ == "__main__":
    main()
