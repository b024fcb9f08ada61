"""The loop in one go: settled labels, a training set, an adapter, the gate, the pointer.

    run = learn(settings.data, recipe, by="Ann", threads=1)

Each step is a process of its own (PyTorch's memory goes with it) at low priority, for a bot may serve beside it. What a
step made is kept: a run that was killed or failed goes on where it stopped, when the same is asked for again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from bot.labels.exporting import export_settled
from bot.labels.training_set import TrainingSet, TrainingSetError, open_set
from bot.learn.locks import is_held, taken
from bot.learn.record import FOLDER, STEPS, Recipe, Run, folder_of, runs, save
from bot.learn.steps import NICE, StepError, judge_command, mix_command, run_step, steps_expected, train_command
from nlu.promoted import SHIPPED_VERSION, read_pointer

Say = Callable[[str], None]
_LOCK = ".lock"


class LearnError(Exception):
    """The loop cannot begin, or a step of it failed; one sentence says why."""


class Refused(Exception):  # noqa: N818
    """The gate refused what was learned."""


def learn(
    data: Path,
    recipe: Recipe,
    by: str,
    threads: int = 1,
    *,
    nice: int = NICE,
    fresh: bool = False,
    say: Say = print,
) -> Run:
    """Runs the loop; what is kept of it. Raises LearnError, and Refused where the gate says no; the old one serves on
    then.
    """
    with _alone(data):
        run = _begun(data, recipe, by, fresh, say)
        try:
            _go(data, run, threads, nice, say)
        except (TrainingSetError, StepError, OSError) as error:
            run.state, run.error = "failed", " ".join(str(error).split())
            raise LearnError(run.error) from error
        except KeyboardInterrupt:
            run.state, run.error = "failed", "It was stopped."
            raise
        finally:
            run.ended_at = _now()
            save(data, run)
    if run.state == "refused":
        raise Refused("\n".join(run.reasons))
    return run


def is_busy(data: Path) -> bool:
    """Whether a run is going on on this data folder."""
    return is_held(data / FOLDER / _LOCK)


def _go(data: Path, run: Run, threads: int, nice: int, say: Say) -> None:
    folder = folder_of(data, run.id)
    found = _step(data, run, "export", say, lambda: _exported(data, run))
    run.set = str(found["set"])
    own = open_set(data, run.set)
    if not own.count("train"):
        raise TrainingSetError(f"{run.set} holds nothing that teaches: all its conversations judge.")
    _step(data, run, "mix", say, lambda: _mixed(own, folder, run.recipe, nice))
    _step(data, run, "train", say, lambda: run_step(train_command(data, folder, run, threads), folder, nice))
    judged = _step(data, run, "judge", say, lambda: _judged(data, own, folder, run, nice))
    run.version, run.reasons = str(judged["version"]), list(judged["reasons"])
    run.outcome = str(judged["outcome"])
    run.state = "refused" if run.outcome == "refused" else "done"
    shutil.rmtree(folder / "mix", ignore_errors=True)  # shoppers' messages lie in the training set alone


def _step(data: Path, run: Run, name: str, say: Say, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    number = f"{STEPS.index(name) + 1}/{len(STEPS)} {name}"
    if run.is_done(name):
        say(f"{number}: done before")
        return dict(run.said(name))
    say(f"{number} ...")
    begun = monotonic()
    run.steps[name] = {"state": "running", "began_at": _now()}
    save(data, run)
    try:
        said = work()
    except BaseException:
        run.steps[name] |= {"state": "failed", "seconds": round(monotonic() - begun, 1)}
        raise
    run.steps[name] |= {"state": "done", "seconds": round(monotonic() - begun, 1), "said": said}
    save(data, run)
    return said


def _exported(data: Path, run: Run) -> dict[str, Any]:
    recipe = run.recipe
    own = export_settled(data, recipe.held_out, recipe.days) if recipe.set == "new" else open_set(data, recipe.set)
    return {"set": own.version, "counts": own.manifest["counts"]}


def _mixed(own: TrainingSet, folder: Path, recipe: Recipe, nice: int) -> dict[str, Any]:
    said = run_step(mix_command(own.path("train"), folder, recipe), folder, nice)
    return said | {"steps": steps_expected(said["train"], recipe)}


def _judged(data: Path, own: TrainingSet, folder: Path, run: Run, nice: int) -> dict[str, Any]:
    row = run_step(judge_command(data, own, folder, run), folder, nice, accepted=(0, 1))
    if row["reasons"] and not row["promoted"] and not run.recipe.reason:
        outcome = "refused"
    elif run.recipe.dry_run:
        outcome = "would"
    else:
        outcome = _outcome(data, str(row["version"]))
    return row | {"outcome": outcome}


def _outcome(data: Path, version: str) -> str:
    """What the pointer says: a run that was killed after the switch finds its understander serving."""
    pointer = read_pointer(data / "models")
    return "trial" if pointer and pointer.candidate and pointer.candidate.version == version else "promoted"


def _begun(data: Path, recipe: Recipe, by: str, fresh: bool, say: Say) -> Run:
    serving = _serving(data)
    last = next(iter(runs(data)), None)
    if not fresh and last and last.state in ("running", "failed") and last.recipe == recipe and last.start == serving:
        say(f"Going on with {last.id}.")
        last.state, last.error = "running", ""
        return last
    at = datetime.now(UTC)
    run = Run(f"run-{at:%Y%m%d-%H%M%S}", recipe, by, at.isoformat(), start=serving)
    save(data, run)
    return run


def _serving(data: Path) -> str:
    pointer = read_pointer(data / "models")
    return pointer.version if pointer else SHIPPED_VERSION


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One run at a time; the lock goes with its process."""
    (data / FOLDER).mkdir(parents=True, exist_ok=True)
    with (data / FOLDER / _LOCK).open("w") as lock:
        if not taken(lock):
            raise LearnError("A run is going on already on this data folder; wait for it.")
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _now() -> str:
    return datetime.now(UTC).isoformat()
