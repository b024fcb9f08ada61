"""What is kept of a run of the loop: DATA/learning/run-20261127-101500/run.json, written anew at every step.

recipe   what was asked          steps    each with its state and seconds, and what it said
set      the training set        start    the understander that it goes on from
outcome  what became of it       reasons  why not, where it was refused
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from nlu.whole import write_whole

FOLDER = "learning"
FILE = "run.json"
LOG = "log.txt"
STEPS = ("export", "mix", "train", "judge")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run is asked for. `share` (0..1) and `shadow` put the outcome on trial; `own` (0..1) is the part of the
    shop's messages in what is learned, `replay` how many shipped ones there are beside them; `corpus` the shipped data.
    """

    set: str = "new"
    epochs: int = 2
    rate: float = 0.0
    head_rate: float = 5e-4
    own: float = 0.05
    replay: int = 3000
    held_out: float = 0.2
    days: int = 7
    share: float | None = None
    shadow: bool = False
    dry_run: bool = False
    reason: str = ""
    corpus: str = ""
    seed: int = 17


@dataclass
class Run:
    """One run; `state` is running, done, refused or failed, `outcome` promoted, trial, would, refused or empty."""

    id: str
    recipe: Recipe
    by: str
    began_at: str
    state: str = "running"
    start: str = ""
    set: str = ""
    version: str = ""
    outcome: str = ""
    ended_at: str = ""
    reasons: list[str] = field(default_factory=list)
    error: str = ""
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)

    def is_done(self, step: str) -> bool:
        """Whether a step was done, in this go or an earlier one."""
        return self.steps.get(step, {}).get("state") == "done"

    def said(self, step: str) -> Mapping[str, Any]:
        """What a step said of itself."""
        found: Mapping[str, Any] = self.steps.get(step, {}).get("said", {})
        return found

    @property
    def seconds(self) -> float:
        """What all steps took together."""
        return float(sum(step.get("seconds", 0.0) for step in self.steps.values()))


def folder_of(data: Path, run: str) -> Path:
    """Where a run's files lie."""
    return data / FOLDER / run


def save(data: Path, run: Run) -> None:
    """Writes the record in one step. Raises OSError."""
    text = json.dumps(asdict(run), ensure_ascii=False, indent=1)
    write_whole(folder_of(data, run.id) / FILE, text.encode() + b"\n")


def load(data: Path, run: str) -> Run | None:
    """A run by its id; None where there is none that can be read."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        row = json.loads((folder_of(data, run) / FILE).read_text(encoding="utf-8"))
        known = {each.name for each in fields(Recipe)}
        row["recipe"] = Recipe(**{name: value for name, value in row["recipe"].items() if name in known})
        return Run(**row)
    return None


def runs(data: Path) -> list[Run]:
    """Every run there is, the newest first."""
    names = sorted((path.parent.name for path in (data / FOLDER).glob(f"run-*/{FILE}")), reverse=True)
    return [run for name in names if (run := load(data, name)) is not None]


def progress(data: Path, run: Run) -> float:
    """How far a run is, 0..1, as a person would guess: by its steps, and within the training by what is learned."""
    weights = {"export": 0.03, "mix": 0.04, "train": 0.6, "judge": 0.33}
    done = sum(weight for step, weight in weights.items() if run.is_done(step))
    expected = float(run.said("mix").get("steps", 0))
    if not expected or run.is_done("train"):
        return done
    return done + weights["train"] * min(1.0, _learned(folder_of(data, run.id)) / expected)


def _learned(folder: Path) -> int:
    """Steps of the optimizer so far, from the training's own log."""
    with suppress(OSError, ValueError, IndexError):
        lines = (folder / "model" / "run" / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        return max((int(json.loads(line).get("step", 0)) for line in lines if line), default=0)
    return 0
