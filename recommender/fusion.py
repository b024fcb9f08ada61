"""Reciprocal rank fusion: one ranking out of several whose scores do not compare.

Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods",
SIGIR 2009: score(d) = sum over rankings of 1 / (k + rank of d), ranks from 1, k = 60.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def reciprocal_ranks(rankings: Iterable[Sequence[str]], k: int = 60) -> dict[str, float]:
    """Every id of any ranking with its fused score, the best first; equals in the order they were first met.

    Scores are scaled to 0..1: 1 is first place in every ranking that is not empty. An id counts once in a ranking.
    """
    scores: dict[str, float] = {}
    voices = 0
    for ranking in rankings:
        voices += bool(ranking)
        for rank, id in enumerate(dict.fromkeys(ranking), start=1):
            scores[id] = scores.get(id, 0.0) + 1.0 / (k + rank)
    best = voices / (k + 1)
    return {id: scores[id] / best for id in sorted(scores, key=lambda id: -scores[id])}
