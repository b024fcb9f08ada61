"""What every command asks that puts an understander before labelled messages: which messages, which adapter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from nlu.artifact import SHIPPED
from nlu.outliers import OUTSIDE

F = TypeVar("F", bound=Callable[..., Any])
THREADS = click.IntRange(1, 1024)
EVERY_SPLIT = "dev, test, challenge, ..."

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    multiple=True,
    help="A folder with SPLIT.jsonl or SPLIT.*.jsonl, or a JSONL file; repeatable.",
)
model_option = click.option(
    "--model", type=click.Path(path_type=Path), default=SHIPPED / "understander", help="The understander."
)
outside_option = click.option(
    "--outside", default=OUTSIDE, show_default=True, help="The label of what lies outside every other."
)


def split_option(default: str, which: str = EVERY_SPLIT) -> Callable[[F], F]:
    """The split of a folder; `which` says more about it."""
    return click.option("--split", default=default, show_default=True, help=f"Which files of a folder: {which}")


def encoder_option(whose: str = "Its encoder.") -> Callable[[F], F]:
    """The folder of an encoder, or `base`."""
    return click.option("--encoder", type=click.Path(path_type=Path), default=SHIPPED / "encoder", help=whose)
