"""The shared prior of the weights: what is believed of every shopper before they did anything.

The shipped table `prior.tsv` names the features in their order, each with the mean and the standard deviation of its
weight. The means are set so that text match dominates for a newcomer, and so that no newcomer's score reaches the
reward of opening a card: then a like always raises what it was given to. `shopbot taste fit` learns mean and
covariance from a shop's own log (`recommender/fitting.py`); features that the fit did not know keep the shipped
belief.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.attention import Attention

Matrix = NDArray[np.float64]
NOISE = 0.12
"""Standard deviation of a reward around its expectation, as shipped: on the scale of the table's deviations, which are
as narrow. Only their ratio decides how quickly a shopper is learned; `shopbot taste fit` learns both as they are.
"""
EXPLORATION = 0.3
"""The share of the posterior's deviation that a live draw takes under a fitted prior, whose deviations are as wide as
shoppers differ. Those of the shipped table are narrow already and are drawn in full.
"""


@dataclass(frozen=True, eq=False)
class Prior:
    """Normal weights over `features`: `mean` (d,), `covariance` (d, d); a reward has the standard deviation `noise`.

    `exploration` is the share of a deviation that a live draw takes.
    `version` is 0 as shipped, else that of the fit. `attention` says what a card without a reaction counts.
    """

    features: tuple[str, ...]
    mean: Matrix
    covariance: Matrix
    noise: float = NOISE
    exploration: float = EXPLORATION
    attention: Attention = field(default_factory=Attention)
    version: int = 0

    @cached_property
    def precision(self) -> Matrix:
        """The inverse of the covariance, (d, d)."""
        inverse = np.linalg.inv(self.covariance)
        symmetric: Matrix = np.asarray((inverse + inverse.T) / 2, dtype=np.float64)
        return symmetric

    @cached_property
    def moment(self) -> Matrix:
        """Precision times mean, (d,)."""
        product: Matrix = self.precision @ self.mean
        return product

    def as_json(self) -> dict[str, Any]:
        """Plain values, for a store of fits."""
        return {
            "features": list(self.features),
            "mean": self.mean.tolist(),
            "covariance": self.covariance.tolist(),
            "noise": self.noise,
            "attention": self.attention.as_json(),
        }


@cache
def prior() -> Prior:
    """The shipped prior."""
    with (Path(__file__).parent / "prior.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    sd = np.array([float(row["sd"]) for row in rows])
    return Prior(
        features=tuple(row["feature"] for row in rows),
        mean=np.array([float(row["mean"]) for row in rows]),
        covariance=np.diag(sd**2),
        exploration=1.0,
    )


def prior_from_json(body: Mapping[str, Any], version: int) -> Prior:
    """A fitted prior over the features of this program: unknown ones are dropped, new ones keep the shipped belief.

    Raises:
        ValueError: this is no prior, or its covariance is not positive definite.
    """
    shipped = prior()
    try:
        names, fitted = list(body["features"]), np.array(body["mean"], dtype=np.float64)
        spread, noise = np.array(body["covariance"], dtype=np.float64), float(body["noise"])
        attention = Attention.from_json(body["attention"])
        here = [at for at, name in enumerate(shipped.features) if name in names]
        there = [names.index(shipped.features[at]) for at in here]
        mean, covariance = shipped.mean.copy(), shipped.covariance.copy()
        mean[here], covariance[np.ix_(here, here)] = fitted[there], spread[np.ix_(there, there)]
        np.linalg.cholesky(covariance)
    except (KeyError, TypeError, IndexError, ValueError, np.linalg.LinAlgError) as error:
        raise ValueError(f"The fitted prior cannot be read ({error}).") from error
    if not (np.isfinite(mean).all() and np.isfinite(covariance).all() and 0 < noise < np.inf):
        raise ValueError("The fitted prior holds numbers that are not finite.")
    return Prior(shipped.features, mean, covariance, noise, attention=attention, version=version)
