"""The shared prior of the weights: what is believed of every shopper before they did anything.

The table `prior.tsv` names the features in their order, each with the mean and the standard deviation of its weight.
They are set so that text match dominates for a newcomer, and so that no newcomer's score reaches the reward of a
like: then a like always raises what it was given to.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Prior:
    """Independent normal weights: `mean` (d,) and diagonal `precision` (d, d) over `features`."""

    features: tuple[str, ...]
    mean: Matrix
    precision: Matrix

    @property
    def moment(self) -> Matrix:
        """Precision times mean, (d,)."""
        product: Matrix = self.precision @ self.mean
        return product


@cache
def prior() -> Prior:
    """The shipped prior."""
    with (Path(__file__).parent / "prior.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    sd = np.array([float(row["sd"]) for row in rows])
    return Prior(
        features=tuple(row["feature"] for row in rows),
        mean=np.array([float(row["mean"]) for row in rows]),
        precision=np.diag(1.0 / sd**2),
    )
