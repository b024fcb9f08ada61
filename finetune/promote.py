"""Let a trained understander serve a data folder, if it is not worse than the one that serves now.

    python -m finetune.promote runs/mine --data data
    python -m finetune.promote runs/mine --data data --share 0.1    # a tenth of the shoppers first
    python -m finetune.promote runs/mine --data data --shadow       # nobody: it only reads along

It is checked (base weights, encoder, labels, slots), its serving files are derived, it reads some messages, and then
the frozen messages beside the current one: test.jsonl and dev.written.jsonl of --frozen, or dev.jsonl where there is
neither. finetune/gate.py says when it is refused. A running bot takes it up within seconds; whatever goes wrong here,
the old one serves on. How a trial goes on says finetune/trial.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from finetune import shelf
from finetune.examples import BadExample, Example, files_of, read_examples, read_some, split_files
from finetune.gate import Verdict, compare, reviewed_reasons, table
from finetune.measured import Measured, plain
from finetune.suited import check_answers, check_suited, check_unseen
from nlu.artifact import SHIPPED, Artifact, ModelBroken, ModelMissing, load_artifact
from nlu.base import file_hash
from nlu.loading import load_understander
from nlu.promoted import Candidate as Tried
from nlu.promoted import Pointer, folder_of, read_pointer, write_pointer
from storage.terms import base_vocabulary

FROZEN = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Frozen:
    """The messages that judge, and those that are only reported. `reviewed`: of the shop's own shoppers, drawn blindly,
    if any; `held`: others of theirs, that were chosen because they are hard, and are only reported, too.
    """

    files: tuple[Path, ...]
    examples: tuple[Example, ...]
    challenge: tuple[Example, ...]
    reviewed: tuple[Example, ...] = ()
    held: tuple[Example, ...] = ()

    @classmethod
    def read(cls, folder: Path, reviewed: Path | None = None, held: Path | None = None) -> Frozen:
        """Raises BadExample or OSError; where no message is found, too."""
        files = files_of(folder, "test")
        files += [path for path in (folder / "dev.written.jsonl",) if path.is_file()]
        files = files or split_files(folder, "dev")
        examples = read_examples(files)
        if not examples:
            raise BadExample(f"There is no message in {', '.join(map(str, files))}.")
        challenge = folder / "challenge.jsonl"
        reported = read_examples([challenge]) if challenge.is_file() else []
        own, others = (read_some([path]) if path else [] for path in (reviewed, held))
        return cls(tuple(files), tuple(examples), tuple(reported), tuple(own), tuple(others))


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
        """The verdict on the frozen messages, and for the record what was read of each set of messages
        (`measured.plain`). ModelBroken where it cannot serve.
        """
        new = load_understander(self.cache, base_vocabulary(), folder=self.folder)
        check_answers(new)
        old_folder = folder_of(self.cache, self.current)
        old = load_understander(self.cache, base_vocabulary(), folder=old_folder)
        sets = {"frozen": frozen.examples, "challenge": frozen.challenge, "reviewed": frozen.reviewed}
        sets["held"] = frozen.held
        read = {name: _measured(new, old, examples) for name, examples in sets.items() if examples}
        verdict = compare(*read["frozen"])
        more = list(reviewed_reasons(*read["reviewed"])) if "reviewed" in read else []
        lost = [label for label in load_artifact(old_folder, "understander").meta["labels"] if label not in self.labels]
        more += [f"It no longer reads {', '.join(lost)}."] if lost else []
        return Verdict((*verdict.reasons, *more), verdict.figures), {name: plain(each) for name, each in read.items()}

    @property
    def labels(self) -> list[str]:
        """The intents that it reads."""
        return list(self.artifact.meta["labels"])


def open_candidate(folder: Path, cache: Path) -> Candidate:
    """The adapter in `folder`, found to fit this program. Raises ModelMissing or ModelBroken."""
    artifact = load_artifact(folder, "understander")
    check_suited(artifact, load_artifact(SHIPPED / "encoder", "encoder"))
    return Candidate(folder, artifact, shelf.serving(cache), cache)


@dataclass(frozen=True, slots=True)
class Terms:
    """Who promotes, why where the gate refuses, and for how many: `share` (0..1) of the shoppers, all without one; with
    `shadow` it also reads what the others say.
    """

    by: str
    reason: str = ""
    share: float | None = None
    shadow: bool = False

    @property
    def trial(self) -> bool:
        """Whether it is tried beside the current one."""
        return self.share is not None or self.shadow


def promote(candidate: Candidate, verdict: Verdict, sets: dict[str, Any], frozen: Frozen, terms: Terms) -> None:
    """Copy the adapter, then switch. Raises OSError or ModelBroken, and then the current one serves.

    The shelf is held for this alone: whoever must roll back at once does not wait until a candidate is measured.
    """
    cache, at, reason = candidate.cache, shelf.now(), "" if verdict.passed else terms.reason
    report = {
        "promoted_at": at,
        "previous": candidate.current,
        "by": terms.by,
        "reason": reason,
        "against_the_gate": list(verdict.reasons),
        "figures": verdict.figures,
        "sets": sets,
        "trial": {"share": terms.share or 0.0, "shadow": terms.shadow} if terms.trial else None,
        "frozen": {path.name: file_hash(path) for path in frozen.files},
    }
    with shelf.held(cache):
        if (now := shelf.serving(cache)) != candidate.current:
            raise ModelBroken(f"{candidate.version} was measured against {candidate.current}, but now {now} serves.")
        shelf.place(cache, candidate.folder, candidate.version, report)
        if terms.trial:
            write_pointer(cache, _beside(candidate, terms, at))
        else:
            figures = verdict.figures["candidate"]
            write_pointer(cache, Pointer(candidate.version, candidate.current, at, terms.by, figures, reason))
        shelf.prune(cache)


def _beside(candidate: Candidate, terms: Terms, at: str) -> Pointer:
    """What serves, with the candidate on trial beside it."""
    tried = Tried(candidate.version, terms.share or 0.0, terms.shadow, at, terms.by)
    try:
        pointer = read_pointer(candidate.cache)
    except ModelBroken:
        pointer = None
    if pointer is None or pointer.version != candidate.current:
        pointer = Pointer(candidate.current, "", "")
    return replace(pointer, candidate=tried)


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
@click.option(
    "--reviewed", type=click.Path(path_type=Path), help="Reviewed messages of the shop's own that judge, too (JSONL)."
)
@click.option("--held", type=click.Path(path_type=Path), help="More of them that are only reported (JSONL).")
@click.option("--share", type=click.FloatRange(0, 1), help="Serve this share of the shoppers first.  [default: all]")
@click.option("--shadow", is_flag=True, help="Let it read along where it does not serve; its readings are only kept.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print verdict and figures for a machine.")
def main(
    adapter: Path,
    data: Path,
    frozen_folder: Path,
    by: str | None,
    reason: str,
    reviewed: Path | None,
    held: Path | None,
    share: float | None,
    shadow: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Let the understander in ADAPTER serve the bot on a data folder, if it is not worse."""
    cache = data / "models"
    try:
        terms = Terms(by or shelf.whoever(), reason.strip(), share, shadow)
        judges = (frozen_folder, reviewed, held)
        outcome = _gate(open_candidate(adapter, cache), judges, terms, dry_run)
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


def _gate(candidate: Candidate, judges: tuple[Path, Path | None, Path | None], terms: Terms, dry_run: bool) -> Outcome:
    cache, version, current = candidate.cache, candidate.version, candidate.current
    row: dict[str, Any] = {"version": version, "current": current, "promoted": False, "reasons": []}
    if version in (current, load_artifact(folder_of(cache, current), "understander").version):
        return Outcome(row, f"{version} serves already; nothing was changed.")
    frozen = Frozen.read(*judges)
    check_unseen(candidate.artifact, frozen.files)
    with derived_for(candidate) as keep:
        verdict, sets = candidate.measure(frozen)
        challenge = sets.get("challenge", {}).get("figures", {})
        row |= {"reasons": list(verdict.reasons), "figures": verdict.figures, "challenge": challenge, "sets": sets}
        text = _spoken(verdict, sets, frozen)
        if not verdict.passed and not terms.reason:
            reasons = "\n".join(f"- {sentence}" for sentence in verdict.reasons)
            return Outcome(row, text, f"{version} is refused, {current} serves on:\n{reasons}")
        if dry_run:
            return Outcome(row, f"{text}\n\n{version} would {_place(terms, current)}; nothing was changed.")
        promote(candidate, verdict, sets, frozen, terms)
        keep()
    row |= {"promoted": True, "share": terms.share if terms.trial else 1.0, "shadow": terms.shadow}
    done = "is on trial now" if terms.trial else "serves now"
    beside = f"{current} serves on" if terms.trial else f"{current} served before"
    return Outcome(row, f"{text}\n\n{version} {done}; {beside}.")


def _place(terms: Terms, current: str) -> str:
    return f"be tried beside {current}" if terms.trial else f"take the place of {current}"


def _measured(new: Any, old: Any, examples: tuple[Example, ...]) -> Measured:
    from finetune.readers import judge  # it imports PyTorch, which a mismatch is found without

    return Measured(
        examples, judge(new.understand, examples, name="candidate"), judge(old.understand, examples, name="current")
    )


def _spoken(verdict: Verdict, sets: dict[str, Any], frozen: Frozen) -> str:
    lines = [f"current -> candidate on {', '.join(path.name for path in frozen.files)}:", table(verdict.figures)]
    titles = {"reviewed": "reviewed messages of the shop:", "held": "hard ones of them, reported only:"}
    titles |= {"challenge": "challenge set, reported only:"}
    for name, title in titles.items():
        lines += ["", title, table(sets[name]["figures"])] if name in sets else []
    return "\n".join(lines)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'The data folder'} cannot be used: {error.strerror}."
    text = " ".join(str(error).split())
    return text if text.endswith((".", "!")) else f"{text}."


if __name__ == "__main__":
    main()
