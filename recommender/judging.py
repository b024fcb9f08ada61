"""A verdict on another policy: its value for a page with intervals, or one clear sentence why the log cannot tell.

The limits below which the log is held to be silent were set where intervals on simulated logs stop covering the truth
as often as they claim (`python tests/bench/off_policy.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.intervals import Estimate, interval, resample
from recommender.off_policy import Diagnosis, Log, diagnose, sums_of
from recommender.prior import Matrix
from recommender.reward_model import cross_fitted, model_influence

NAMES = ("ips", "snips", "dm", "dr", "sndr")
METHOD = "bootstrap"
LEAST_SHOPPERS = 30
LEAST_EFFECTIVE = 30.0  # shoppers
LEAST_REWARDED = 20
LEAST_SUPPORT = 0.95
MOST_OFF = 0.1  # of the mean weight from 1, beyond twice its standard error


class SilentLogError(Exception):
    """The log cannot answer; the message says why, in one sentence."""


@dataclass(frozen=True)
class Verdict:
    """What a policy would earn for a page: `estimates` by estimator, and `gains` over what served, likewise."""

    estimates: dict[str, Estimate]
    gains: dict[str, Estimate]
    diagnosis: Diagnosis


def judge(log: Log, x: Matrix, *, clip: float | None = None, level: float = 0.95, method: str = METHOD) -> Verdict:
    """The verdict on the target of a log.

    Args:
        log: with the target's propensities.
        x: (m, d) features of its candidates, for the model of the reward.
        clip: the largest weight; None for no limit.
        level: how often an interval shall cover, 0..1.
        method: of the intervals, one of `recommender.intervals.METHODS`.

    Raises:
        SilentLogError: the log is too small, or too unlike what the target would have shown.
    """
    diagnosis = diagnose(log, clip)
    check(diagnosis)
    expected = cross_fitted(log, x)
    sums = sums_of(log, expected, clip)
    extra, drawn = model_influence(log, x), resample(sums)
    found: tuple[dict[str, Estimate], dict[str, Estimate]] = ({}, {})
    for name in NAMES:
        for at, against in enumerate((False, True)):
            found[at][name] = interval(
                sums,
                name,
                method="normal" if name == "dm" else method,
                level=level,
                resampled=drawn,
                extra=extra if name == "dm" else None,
                against_served=against,
            )
    return Verdict(*found, diagnosis)


def check(found: Diagnosis) -> None:
    """Raises SilentLogError where estimates from such a log are not to be trusted."""
    off = abs(found.mean_weight - 1.0) - 2.0 * found.mean_weight_error
    for silent, why in (
        (not found.pages, "there is no page that can speak for another policy"),
        (found.shoppers < LEAST_SHOPPERS, f"{found.shoppers} shoppers are too few ({LEAST_SHOPPERS} at least)"),
        (
            found.rewarded < LEAST_REWARDED,
            f"{found.rewarded} items with a reaction are too few ({LEAST_REWARDED} at least)",
        ),
        (
            found.support < LEAST_SUPPORT,
            f"only {found.support:.0%} of what it would show was shown often enough ({LEAST_SUPPORT:.0%} at least)",
        ),
        (
            found.effective_shoppers < LEAST_EFFECTIVE,
            f"its pages are too unlike those shown: the log is worth {found.effective_shoppers:.0f} shoppers"
            f" ({LEAST_EFFECTIVE:.0f} at least)",
        ),
        (
            off > MOST_OFF,
            f"the propensities do not fit what was shown (weights average {found.mean_weight:.2f}, not 1)",
        ),
    ):
        if silent:
            raise SilentLogError(f"The log cannot tell: {why}.")


def served(log: Log, level: float = 0.95, method: str = METHOD) -> Estimate:
    """What the policy that served did earn for a page."""
    own = Log(log.page, log.shopper, log.shown, log.reward, np.where(log.shown, 1.0, 0.0), log.shown.astype(np.float64))
    return interval(sums_of(own), "ips", method=method, level=level)
