"""Is learning worth it? Rates of the holdout and of everybody else, with intervals.

Shoppers are what was assigned at random, not cards: intervals of rates by card resample whole shoppers (a cluster
bootstrap), and the share of shoppers who ordered has Wilson's interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.rates import Rate, wilson
from recommender.holdout import POLICY
from storage.arms import ArmShare

GOALS = ("clicked", "carted", "ordered")
_LIVE = "bandit"
_DRAWS, _SEED = 2_000, 11
_NO_ARM = {"link", "staff", "again", "chosen", "gift", "prior", ""}
"""Pages that nobody ranked for this shopper: a card that a link leads to, what staff or an errand chose, a gift."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: its size, rates by card, and the share of its shoppers who ordered."""

    name: str
    shoppers: int
    pages: int
    cards: int
    rates: dict[str, Rate]
    buyers: Rate


def arms(shares: Iterable[ArmShare]) -> list[Arm]:
    """The holdout and the others, each if anybody was in it. Shoppers who were in both count in the holdout alone."""
    return [_arm(name, found) for name, found in _sides(shares).items() if found]


def difference(shares: Iterable[ArmShare], goal: str) -> Rate | None:
    """Rate of the bandit less that of the holdout; None while one of them has nobody."""
    sides = _sides(shares)
    if not all(sides.values()):
        return None
    held, live = _by_shopper(sides[POLICY]), _by_shopper(sides[_LIVE])
    at = 1 + GOALS.index(goal)
    drawn = _resampled(live, at, _SEED) - _resampled(held, at, _SEED + 1)
    value = live[:, at].sum() / live[:, 0].sum() - held[:, at].sum() / held[:, 0].sum()
    return Rate(float(value), *map(float, np.quantile(drawn, [0.025, 0.975])))


def _sides(shares: Iterable[ArmShare]) -> dict[str, list[ArmShare]]:
    """Pages that were ranked, by the side of the experiment."""
    ranked = [share for share in shares if share.policy not in _NO_ARM]
    out = {share.user_id for share in ranked if share.policy == POLICY}
    return {
        POLICY: [share for share in ranked if share.policy == POLICY],
        _LIVE: [share for share in ranked if share.user_id not in out],
    }


def _arm(name: str, shares: Sequence[ArmShare]) -> Arm:
    table = _by_shopper(shares)
    buyers = int((table[:, 1 + GOALS.index("ordered")] > 0).sum())
    rates = {}
    for at, goal in enumerate(GOALS, start=1):
        low, high = np.quantile(_resampled(table, at, _SEED), [0.025, 0.975])
        rates[goal] = Rate(float(table[:, at].sum() / table[:, 0].sum()), float(low), float(high))
    pages = sum(share.pages for share in shares)
    return Arm(name, len(table), pages, int(table[:, 0].sum()), rates, wilson(buyers, len(table)))


def _by_shopper(shares: Iterable[ArmShare]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """(shoppers, 4): cards, and on how many something was done, in the order of GOALS."""
    sums: dict[int, list[float]] = {}
    for share in shares:
        held = sums.setdefault(share.user_id, [0.0] * (1 + len(GOALS)))
        for at, value in enumerate((share.cards, *(getattr(share, goal) for goal in GOALS))):
            held[at] += value
    return np.array(list(sums.values()), dtype=np.float64).reshape(len(sums), 1 + len(GOALS))


def _resampled(
    table: np.ndarray[tuple[int, int], np.dtype[np.float64]], at: int, seed: int
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The rate in each of many draws of as many shoppers, with repetition."""
    rng, size = np.random.default_rng(seed), len(table)
    rates = []
    for _ in range(_DRAWS):
        times = np.bincount(rng.integers(size, size=size), minlength=size)
        rates.append(float(times @ table[:, at]) / max(float(times @ table[:, 0]), 1.0))
    return np.array(rates)
