"""Let a trained understander serve a data folder, if it is not worse than the one that serves now.

    python -m finetune.promote runs/mine --data data

It is checked (base weights, encoder, labels, slots), its serving files are derived, it reads some messages, and then
the frozen messages beside the current one: test.jsonl and dev.written.jsonl of --frozen, or dev.jsonl where there is
neither. finetune/gate.py says when it is refused. A running bot takes it up within seconds; whatever goes wrong here,
the old one serves on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from finetune import shelf
from finetune.examples import BadExample, Example, files_of, read_examples, split_files
from finetune.gate import Verdict, compare, table
from finetune.suited import check_answers, check_suited, check_unseen
from nlu.artifact import SHIPPED, Artifact, ModelBroken, ModelMissing, load_artifact
from nlu.base import file_hash
from nlu.loading import load_understander
from nlu.promoted import Pointer, folder_of, write_pointer
from storage.terms import base_vocabulary

FROZEN = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Frozen:
    """The messages that judge, and those that are only reported."""

    files: tuple[Path, ...]
    examples: tuple[Example, ...]
    challenge: tuple[Example, ...]

    @classmethod
    def read(cls, folder: Path) -> Frozen:
        """Raises BadExample or OSError; where no message is found, too."""
        files = files_of(folder, "test")
        files += [path for path in (folder / "dev.written.jsonl",) if path.is_file()]
        files = files or split_files(folder, "dev")
        examples = read_examples(files)
        if not examples:
            raise BadExample(f"There is no message in {', '.join(map(str, files))}.")
        challenge = folder / "challenge.jsonl"
        return cls(tuple(files), tuple(examples), tuple(read_examples([challenge]) if challenge.is_file() else []))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An understander that wants to serve, and what it would take the place of."""

    folder: Path
    artifact: Artifact
    current: str
    cache: Path

    @property
    def version(self) -> str:
        """Of the artefact."""
        return self.artifact.version

    def measure(self, frozen: Frozen) -> tuple[Verdict, dict[str, Any]]:
        """The verdict on the frozen messages, and figures of the challenge set. ModelBroken where it cannot serve."""
        new = load_understander(self.cache, base_vocabulary(), folder=self.folder)
        check_answers(new)
        old_folder = folder_of(self.cache, self.current)
        old = load_understander(self.cache, base_vocabulary(), folder=old_folder)
        verdict = _compared(new.understand, old.understand, frozen.examples)
        lost = [label for label in load_artifact(old_folder, "understander").meta["labels"] if label not in self.labels]
        if lost:
            verdict = Verdict((*verdict.reasons, f"It no longer reads {', '.join(lost)}."), verdict.figures)
        challenge = _compared(new.understand, old.understand, frozen.challenge).figures if frozen.challenge else {}
        return verdict, challenge

    @property
    def labels(self) -> list[str]:
        """The intents that it reads."""
        return list(self.artifact.meta["labels"])


def open_candidate(folder: Path, cache: Path) -> Candidate:
    """The adapter in `folder`, found to fit this program. Raises ModelMissing or ModelBroken."""
    artifact = load_artifact(folder, "understander")
    check_suited(artifact, load_artifact(SHIPPED / "encoder", "encoder"))
    return Candidate(folder, artifact, shelf.serving(cache), cache)


def promote(
    candidate: Candidate, verdict: Verdict, challenge: dict[str, Any], frozen: Frozen, by: str, reason: str
) -> None:
    """Copy the adapter, then switch. Raises OSError or ModelBroken, and then the current one serves.

    The shelf is held for this alone: whoever must roll back at once does not wait until a candidate is measured.
    """
    pointer = Pointer(candidate.version, candidate.current, shelf.now(), by, verdict.figures["candidate"], reason)
    report = {
        "promoted_at": pointer.promoted_at,
        "previous": pointer.previous,
        "by": by,
        "reason": reason,
        "against_the_gate": list(verdict.reasons),
        "figures": verdict.figures,
        "challenge": challenge,
        "frozen": {path.name: file_hash(path) for path in frozen.files},
    }
    cache = candidate.cache
    with shelf.held(cache):
        if (now := shelf.serving(cache)) != candidate.current:
            raise ModelBroken(f"{candidate.version} was measured against {candidate.current}, but now {now} serves.")
        shelf.place(cache, candidate.folder, candidate.version, report)
        write_pointer(cache, pointer)
        shelf.prune(cache)


@contextmanager
def derived_for(candidate: Candidate) -> Iterator[Callable[[], None]]:
    """Files derived inside are removed again, unless the function given is called."""
    there, kept = shelf.derived(candidate.cache, candidate.version), []
    try:
        yield lambda: kept.append(True)
    finally:
        if not kept:
            shelf.discard_derived(candidate.cache, candidate.version, there)


@click.command(epilog="Example: python -m finetune.promote runs/mine --data data")
@click.argument("adapter", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), required=True, help="The bot's data folder.")
@click.option("--frozen", "frozen_folder", type=click.Path(path_type=Path), default=FROZEN, help="Messages that judge.")
@click.option("--by", default=None, help="Who promotes, for the record.  [default: the user]")
@click.option("--force-reason", "reason", default="", help="Promote what the gate refuses, and record why.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print verdict and figures for a machine.")
def main(
    adapter: Path, data: Path, frozen_folder: Path, by: str | None, reason: str, dry_run: bool, as_json: bool
) -> None:
    """Let the understander in ADAPTER serve the bot on a data folder, if it is not worse."""
    cache = data / "models"
    try:
        outcome = _gate(adapter, cache, frozen_folder, by or shelf.whoever(), reason.strip(), dry_run)
    except (BadExample, ModelMissing, ModelBroken, OSError) as error:
        raise click.ClickException(f"{_sentence(error)} {shelf.serving(cache)} serves on.") from error
    click.echo(json.dumps(outcome.row, ensure_ascii=False) if as_json else outcome.text)
    if outcome.refused:
        click.echo(outcome.refused, err=True)
        raise SystemExit(1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to print, for a machine and for a person, and the refusal where there is one."""

    row: dict[str, Any]
    text: str
    refused: str = ""


def _gate(adapter: Path, cache: Path, frozen_folder: Path, by: str, reason: str, dry_run: bool) -> Outcome:
    candidate = open_candidate(adapter, cache)
    version, current = candidate.version, candidate.current
    row: dict[str, Any] = {"version": version, "current": current, "promoted": False, "reasons": []}
    if version in (current, load_artifact(folder_of(cache, current), "understander").version):
        return Outcome(row, f"{version} serves already; nothing was changed.")
    frozen = Frozen.read(frozen_folder)
    check_unseen(candidate.artifact, frozen.files)
    with derived_for(candidate) as keep:
        verdict, challenge = candidate.measure(frozen)
        row |= {"reasons": list(verdict.reasons), "figures": verdict.figures, "challenge": challenge}
        text = _measured(verdict, challenge, frozen)
        if not verdict.passed and not reason:
            reasons = "\n".join(f"- {sentence}" for sentence in verdict.reasons)
            return Outcome(row, text, f"{version} is refused, {current} serves on:\n{reasons}")
        if dry_run:
            return Outcome(row, f"{text}\n\n{version} would take the place of {current}; nothing was changed.")
        promote(candidate, verdict, challenge, frozen, by, "" if verdict.passed else reason)
        keep()
    return Outcome({**row, "promoted": True}, f"{text}\n\n{version} serves now; {current} served before.")


def _compared(new: Any, old: Any, examples: tuple[Example, ...]) -> Verdict:
    from finetune.readers import judge  # it imports PyTorch, which a mismatch is found without

    return compare(examples, judge(new, examples, name="candidate"), judge(old, examples, name="current"))


def _measured(verdict: Verdict, challenge: dict[str, Any], frozen: Frozen) -> str:
    lines = [f"current -> candidate on {', '.join(path.name for path in frozen.files)}:", table(verdict.figures)]
    lines += ["", "challenge set, reported only:", table(challenge)] if challenge else []
    return "\n".join(lines)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'The data folder'} cannot be used: {error.strerror}."
    text = " ".join(str(error).split())
    return text if text.endswith((".", "!")) else f"{text}."


if __name__ == "__main__":
    main()
