"""The commands of a run's steps, and running one: its bars go to the terminal, its last line is what it found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from math import ceil
from pathlib import Path
from threading import Thread
from typing import IO, Any

from bot.labels.training_set import TrainingSet
from bot.learn.record import LOG, Recipe, Run
from nlu.promoted import folder_of

_BATCH = 32
_JOINED = 0.1
NICE = 10
"""How far a step steps back behind the bot, as the command nice has it."""
_KEPT = 4000


class StepError(Exception):
    """A step failed; the message is its own last sentence."""


def mix_command(own: Path, folder: Path, recipe: Recipe) -> list[str]:
    """What is learned from."""
    corpus = ["--corpus", recipe.corpus] if recipe.corpus else []
    numbers = ["--replay", str(recipe.replay), "--share", str(recipe.own), "--seed", str(recipe.seed)]
    return ["finetune.mix", "--own", str(own), *corpus, *numbers, "--out", str(folder / "mix")]


def train_command(data: Path, folder: Path, run: Run, threads: int) -> list[str]:
    """Going on from the understander that serves, with the options that it was trained with."""
    start = folder_of(data / "models", run.start)
    meta = json.loads((start / "meta.json").read_text(encoding="utf-8"))
    lora, config, recipe = meta["lora"], meta["config"], run.recipe
    targets = [part for name in lora["target_modules"] for part in ("--target", name)]
    adapter = ["--adapter", "dora"] if lora.get("use_dora") else []
    # Where the adapter stays, intents alone are learned: they forget least so.
    slots = config["tag_weight"] if recipe.rate else 0
    rates = ["--rate", str(recipe.rate), "--head-rate", str(recipe.head_rate), "--schedule", "linear"]
    return [
        *("finetune.train", "--data", str(folder / "mix" / "train.jsonl"), "--dev", str(folder / "mix" / "dev.jsonl")),
        *("--start", str(start), "--rank", str(lora["r"]), "--alpha", str(lora["lora_alpha"]), *targets, *adapter),
        *("--dropout", "0", "--slot-weight", str(slots), "--joined", str(_JOINED), *rates),
        *("--epochs", str(recipe.epochs), "--batch", str(_BATCH), "--seed", str(recipe.seed)),
        *("--threads", str(threads), "--device", "auto", "--out", str(folder / "model"), "--json"),
    ]


def judge_command(data: Path, own: TrainingSet, folder: Path, run: Run) -> list[str]:
    """The frozen messages and last week's sample, the gate, and the pointer."""
    recipe = run.recipe
    command = ["finetune.promote", str(folder / "model"), "--data", str(data), "--by", run.by, "--json"]
    command += ["--frozen", recipe.corpus] if recipe.corpus else []
    command += ["--reviewed", str(own.path("sample"))] if own.count("sample") else []
    command += ["--held", str(own.path("test"))] if own.count("test") else []
    command += ["--share", str(recipe.share)] if recipe.share is not None else []
    command += ["--shadow"] if recipe.shadow else []
    command += ["--dry-run"] if recipe.dry_run else []
    return [*command, *(["--force-reason", recipe.reason] if recipe.reason else [])]


def steps_expected(messages: int, recipe: Recipe) -> int:
    """About how many steps of the optimizer the training takes."""
    return ceil(messages * (1 + _JOINED) / _BATCH) * recipe.epochs


def run_step(module: Sequence[str], folder: Path, nice: int = NICE, accepted: Sequence[int] = (0,)) -> dict[str, Any]:
    """Runs `python -m MODULE ...` at a priority that is lower by `nice`; the JSON object that it prints. What it says
    beside goes to the terminal and into the run's log. Raises StepError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", *module]
    with (
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=partial(os.nice, nice)
        ) as process,
        (folder / LOG).open("ab") as log,
    ):
        assert process.stdout
        assert process.stderr
        said = bytearray()
        passing = Thread(target=_pass_on, args=(process.stderr, log, said), daemon=True)
        passing.start()
        try:
            out = process.stdout.read().decode(errors="replace")
        except BaseException:
            process.terminate()
            raise
        finally:
            process.wait()
            passing.join()
    if process.returncode not in accepted or not (lines := out.strip().splitlines()):
        raise StepError(f"{module[0]}: {_last(said.decode(errors='replace'))}")
    try:
        found: dict[str, Any] = json.loads(lines[-1])
    except ValueError as error:
        raise StepError(f"{module[0]}: {_last(said.decode(errors='replace'))}") from error
    return found


def _pass_on(source: IO[bytes], log: IO[bytes], kept: bytearray) -> None:
    while chunk := os.read(source.fileno(), 4096):
        log.write(chunk)
        log.flush()
        sys.stderr.write(chunk.decode(errors="replace"))
        sys.stderr.flush()
        kept += chunk
        del kept[:-_KEPT]


def _last(text: str) -> str:
    """The last sentence of what a command said on its way out."""
    lines = [line.strip() for line in text.replace("\r", "\n").splitlines() if line.strip()]
    return lines[-1].removeprefix("Error: ") if lines else "it ended without a word."
