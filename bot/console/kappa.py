"""How far two reviewers agree beyond chance: Cohen's kappa with an interval, for all intents and for each alone. Pure.

J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960). The
interval is Wilson's for the observed agreement, chance held fixed as Cohen's own standard error does; unlike that one
it does not shrink to nothing where few pairs agree without exception.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.rates import wilson

Words = tuple[str, str]
"""What the first and the second reviewer said of one message."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement of `pairs` messages, `same` of them alike. `value`, `low` and `high` are at most 1; None where both
    always said the same one thing, so that chance explains all.
    """

    pairs: int
    same: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class One:
    """Agreement on one answer against all others: how often each said it, how often both did."""

    word: str
    first: int
    second: int
    both: int
    kappa: Kappa


def kappa(said: Sequence[Words]) -> Kappa:
    """Agreement of two reviewers; no value without pairs."""
    count, same = len(said), sum(first == second for first, second in said)
    if not count:
        return Kappa(0, 0, None, None, None)
    firsts, seconds = Counter(first for first, _ in said), Counter(second for _, second in said)
    chance = sum(firsts[word] * seconds[word] for word in firsts) / count**2
    if chance >= 1:
        return Kappa(count, same, None, None, None)
    rate = wilson(same, count)
    value, low, high = ((share - chance) / (1 - chance) for share in (same / count, rate.low, rate.high))
    return Kappa(count, same, value, max(low, -1.0), min(high, 1.0))


def by_word(said: Sequence[Words]) -> list[One]:
    """Each answer against all the others, the most often given first."""
    words = Counter(word for pair in said for word in {*pair})
    return [
        One(
            word,
            sum(first == word for first, _ in said),
            sum(second == word for _, second in said),
            sum(first == second == word for first, second in said),
            kappa([(str(first == word), str(second == word)) for first, second in said]),
        )
        for word, _ in words.most_common()
    ]
