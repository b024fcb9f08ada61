"""The folder that tells how an adapter came to be.

config.json     the recipe, the encoder, the data with its SHA-256, the versions of the libraries
metrics.jsonl   the loss by step and the development figures by epoch
card.md         the model card
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from finetune.trackers import Tracker
from nlu.whole import write_whole

_LIBRARIES = ("torch", "transformers", "peft", "accelerate", "tokenizers")


class RunFolder:
    """Begun when a training begins; an older run in the same folder is replaced. Raises OSError on a full disk."""

    def __init__(self, folder: Path, config: Mapping[str, Any], trackers: Sequence[Tracker] = ()) -> None:
        self.folder = folder
        self._trackers = trackers
        self._seed: int | None = None
        libraries = {name: version(name) for name in _LIBRARIES} | {"python": platform.python_version()}
        self._write("config.json", json.dumps({**config, "libraries": libraries}, ensure_ascii=False, indent=1) + "\n")
        self._write("metrics.jsonl", "")
        (folder / "card.md").unlink(missing_ok=True)

    def begin(self, seed: int) -> None:
        """What follows belongs to this seed."""
        self._seed = seed

    def step(self, step: int, loss: float, rate: float) -> None:
        """A step of the optimizer."""
        self._note("step", step, {"loss": loss, "rate": rate})

    def epoch(self, epoch: int, figures: Mapping[str, float]) -> None:
        """The figures of an epoch on the development set."""
        self._note("epoch", epoch, {f"dev_{name}": value for name, value in figures.items()})

    def finish(self, card: str) -> None:
        """The training is over and its adapter saved."""
        self._write("card.md", card)
        for tracker in self._trackers:
            tracker.close()

    def _note(self, kind: str, at: int, figures: Mapping[str, float]) -> None:
        row = {kind: at, "seed": self._seed, **{name: round(value, 6) for name, value in figures.items()}}
        with (self.folder / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        for tracker in self._trackers:
            tracker.note({f"seed {self._seed}/{kind}/{name}": value for name, value in figures.items()}, at)

    def _write(self, name: str, text: str) -> None:
        write_whole(self.folder / name, text.encode())
