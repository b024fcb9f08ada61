"""Figures of a training to programs that draw them: TensorBoard, and Weights & Biases without a network.

Both are in the extra `[train]` and imported only when asked for.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol


class TrackerMissing(Exception):  # noqa: N818
    """A program was asked for that is not installed; the message says how to install it."""


class Tracker(Protocol):
    """Takes figures by name at a step."""

    def note(self, figures: Mapping[str, float], step: int) -> None: ...
    def close(self) -> None: ...


class TensorBoard:
    """`tensorboard --logdir FOLDER` shows it."""

    def __init__(self, folder: Path) -> None:
        _need("tensorboard")
        self._writer: Any = import_module("torch.utils.tensorboard").SummaryWriter(str(folder))

    def note(self, figures: Mapping[str, float], step: int) -> None:
        """Each figure becomes a curve."""
        for name, value in figures.items():
            self._writer.add_scalar(name, value, step)

    def close(self) -> None:
        """Writes what is left."""
        self._writer.close()


class WeightsAndBiases:
    """`wandb sync FOLDER/wandb/offline-run-*` sends it, if anybody wants to."""

    def __init__(self, folder: Path, config: Mapping[str, Any]) -> None:
        os.environ["WANDB_MODE"] = "offline"
        wandb = _need("wandb")
        folder.mkdir(parents=True, exist_ok=True)
        settings = wandb.Settings(silent=True, console="off", disable_git=True)
        self._run: Any = wandb.init(project="shopbot", dir=str(folder), config=dict(config), settings=settings)

    def note(self, figures: Mapping[str, float], step: int) -> None:
        """One row of the run's history; steps and epochs count apart, so the place is a figure like the others."""
        self._run.log({**figures, "at": step})

    def close(self) -> None:
        """Writes what is left."""
        self._run.finish()


def _need(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise TrackerMissing(
            f"{name} is not installed; pip install 'shopbot[train]', or leave out --{name}."
        ) from error
