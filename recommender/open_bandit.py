"""Open Bandit files as a log: `log.csv` and `item_context.csv` of one campaign (Saito et al., NeurIPS 2021).

Each row is one item in one place of a page, with P(item in that place): an ordinary contextual bandit in which every
row is a page of its own. The files name no shoppers, so rows are taken as independent. obp's own loader does not run
on pandas of today; this one reads the same columns.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recommender.off_policy import Log, Rows
from recommender.prior import Matrix

_NEEDED = ("item_id", "position", "click", "propensity_score")


class OpenBanditError(Exception):
    """The files cannot be read as Open Bandit data; the message names file and line."""


@dataclass(frozen=True)
class OpenBandit:
    """n rounds in the order of time. `place` counts from 0; `propensity` is P(item in its place)."""

    item: Rows
    place: Rows
    click: Matrix
    propensity: Matrix
    items: int
    item_features: Matrix

    @property
    def rounds(self) -> int:
        return len(self.item)

    def log(self, distribution: Matrix) -> Log:
        """The rounds with a target that gives each item of each place a probability.

        Args:
            distribution: (items, places) or (rounds, items), each summing to 1 over the items.
        """
        n, k = self.rounds, self.items
        target = distribution if distribution.shape == (n, k) else distribution[:, self.place].T
        taken = np.zeros((n, k), dtype=np.bool_)
        taken[np.arange(n), self.item] = True
        reward = np.zeros((n, k))
        # The file tells the propensity of what was shown; of the rest it matters whether they ever are: see the mean.
        logged = as_logged(self)[:, self.place].T
        reward[taken], logged[taken] = self.click, self.propensity
        page = np.repeat(np.arange(n), k)
        return Log(page, np.arange(n), taken.ravel(), reward.ravel(), logged.ravel(), target.ravel())

    def features(self) -> Matrix:
        """(rounds x items, d): a column for each item, and the items' facts."""
        own = np.hstack([np.eye(self.items), self.item_features])
        return np.tile(own, (self.rounds, 1))


def read_open_bandit(folder: Path) -> OpenBandit:
    """The campaign of a folder. Raises OpenBanditError."""
    rows = sorted(_rows(folder / "log.csv", _NEEDED), key=lambda row: row.get("timestamp", ""))
    context = {int(row["item_id"]): row for row in _rows(folder / "item_context.csv", ("item_id",))}
    try:
        item = np.array([int(row["item_id"]) for row in rows], dtype=np.intp)
        positions = np.array([int(row["position"]) for row in rows])
        click = np.array([float(row["click"]) for row in rows])
        propensity = np.array([float(row["propensity_score"]) for row in rows])
    except ValueError as error:
        raise OpenBanditError(f"{folder / 'log.csv'} holds a number that cannot be read: {error}.") from error
    if not len(item) or (propensity <= 0).any() or (propensity > 1).any():
        raise OpenBanditError(f"{folder / 'log.csv'} has no rows, or a propensity outside 0..1.")
    items = int(max(item.max(), max(context, default=0))) + 1
    place = np.unique(positions, return_inverse=True)[1]
    return OpenBandit(item, place, click, propensity, items, _facts(context, items))


def _rows(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            found = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise OpenBanditError(f"{path} cannot be read: {error}.") from error
    missing = [name for name in needed if not found or name not in found[0]]
    if missing:
        raise OpenBanditError(f"{path} has no column {missing[0]}.")
    return found


def _facts(context: dict[int, dict[str, str]], items: int) -> Matrix:
    """The numeric feature of each item, and one column for each value of the others, (items, d)."""
    names = [name for row in context.values() for name in row if name.startswith("item_feature")]
    columns = []
    for name in dict.fromkeys(names):
        values = [context[item].get(name, "") if item in context else "" for item in range(items)]
        try:
            columns.append(np.array([float(value or 0.0) for value in values]))
        except ValueError:
            columns += [np.array([float(value == kind) for value in values]) for kind in sorted({*values})[1:]]
    return np.column_stack(columns) if columns else np.zeros((items, 0))


def uniform(data: OpenBandit) -> Matrix:
    """Every item alike in every place, (items, places)."""
    return np.full((data.items, int(data.place.max()) + 1), 1.0 / data.items)


def as_logged(data: OpenBandit) -> Matrix:
    """The policy that another log was made by: the mean of its propensities by item and place, (items, places).

    Bernoulli Thompson sampling in these files looks at no context, so its propensities differ by item and place alone.
    """
    places = int(data.place.max()) + 1
    sums, counts = np.zeros((data.items, places)), np.zeros((data.items, places))
    np.add.at(sums, (data.item, data.place), data.propensity)
    np.add.at(counts, (data.item, data.place), 1.0)
    mean = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
    shares: Matrix = mean / mean.sum(axis=0, keepdims=True)
    return shares


def popular(data: OpenBandit, sharpness: float = 1.0) -> Matrix:
    """Items in proportion to their smoothed rate of clicks, to a power (0: uniform), (items, places)."""
    clicks = np.bincount(data.item, weights=data.click, minlength=data.items)
    shown = np.bincount(data.item, minlength=data.items)
    rate = ((clicks + 1.0) / (shown + 1.0 / max(data.click.mean(), 1e-6))) ** sharpness
    places = int(data.place.max()) + 1
    return np.repeat((rate / rate.sum())[:, None], places, axis=1)


OWN_POLICIES: dict[str, Callable[[OpenBandit], Matrix]] = {"random": uniform, "popularity": popular}


def halves(data: OpenBandit) -> tuple[OpenBandit, OpenBandit]:
    """Split by time: what a policy learns from is not what it is judged by."""
    half = data.rounds // 2

    def part(at: slice) -> OpenBandit:
        return OpenBandit(
            data.item[at], data.place[at], data.click[at], data.propensity[at], data.items, data.item_features
        )

    return part(slice(0, half)), part(slice(half, None))
