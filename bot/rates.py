"""Shares of counts with their intervals: Wilson's, which holds for small counts and next to 0 and 1.

Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927); recommended by Brown,
Cai and DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16(2), 2001.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

_Z = 1.959964  # of a 95 % interval


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % interval, all 0..1 (a difference: -1..1)."""

    value: float
    low: float
    high: float


def wilson(successes: int, trials: int) -> Rate:
    """A share of independent trials with its interval; 0 to 1 where there were none."""
    if not trials:
        return Rate(0.0, 0.0, 1.0)
    share, z2 = successes / trials, _Z**2
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z * sqrt(share * (1 - share) / trials + z2 / (4 * trials**2)) / (1 + z2 / trials)
    return Rate(share, max(middle - half, 0.0), min(middle + half, 1.0))
