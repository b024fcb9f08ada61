"""One ranking out of several whose scores do not compare.

`fused` scores all candidates of either retriever by the parts of their match (recommender/matching.py), as a convex
sum (Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", ACM TOIS 42(1), 2023). The weights
are the shop's own where `shopbot fit-search` fitted some, else the shipped ones: round numbers, chosen after comparing
some eleven sets on English and Chinese search sets; both halves of the English one differ by .004. With Chinese
characters in the question the neighbours are left out, for the encoder is weaker there, and a mean of what it found
would repeat its mistakes.

`reciprocal_ranks` is the plain twin, which knows ranks only: Cormack, Clarke and Büttcher, "Reciprocal rank fusion
outperforms Condorcet and individual rank learning methods", SIGIR 2009: score(d) = sum over rankings of
1 / (k + rank of d), ranks from 1, k = 60.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from recommender.matching import PARTS
from recommender.prior import Matrix
from storage.records import Language

_SHIPPED: Mapping[Language, Mapping[str, float]] = {
    "en": {
        "meaning": 0.4,
        "neighbours": 0.4,
        "words": 0.2,
        "coverage": 0.2,
        "quantities": 0.15,
        "letters": 0.4,
        "overlap": 0.2,
    },
    "zh": {"meaning": 0.5, "words": 0.25, "coverage": 0.15, "quantities": 0.1, "letters": 0.3},
}
_CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
OF_MEANING = np.array([part in ("meaning", "neighbours") for part in PARTS])


class BadFusionError(Exception):
    """Stored weights that this program cannot use; the message says why."""


@dataclass(frozen=True)
class Fusion:
    """Weights of the parts by the script of the question, each row of sum 1, none negative."""

    weights: Mapping[Language, Matrix] = field(default_factory=dict)
    version: int = 0

    def of(self, language: Language) -> Matrix:
        """(parts,) for questions with ("zh") or without ("en") Chinese characters."""
        return self.weights[language] if language in self.weights else _normal(_SHIPPED[language])

    @classmethod
    def read(cls, body: Mapping[str, Any], version: int) -> Fusion:
        """Of a stored body {"weights": {"en": {part: weight}}}. Raises `BadFusionError`."""
        try:
            rows = {name: _normal(row) for name, row in body["weights"].items() if name in _SHIPPED}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadFusionError(f"The fitted fusion, version {version}, cannot be used: {error}.") from error
        return cls(rows, version)


SHIPPED = Fusion()


def _normal(row: Mapping[str, float]) -> Matrix:
    """In the order of `PARTS`, of sum 1. Raises ValueError for weights that are no such thing."""
    if unknown := row.keys() - set(PARTS):
        raise ValueError(f"unknown parts {', '.join(sorted(unknown))}")
    weights = np.array([float(row.get(part, 0.0)) for part in PARTS])
    if not np.isfinite(weights).all() or weights.min() < 0 or weights.sum() <= 0:
        raise ValueError("weights must be finite and not negative, and one must be positive")
    shares: Matrix = weights / weights.sum()
    return shares


def script_of(text: str) -> Language:
    """ "zh" for a text with Chinese characters, else "en"."""
    return "zh" if _CHINESE.search(text) else "en"


def fused(parts: Matrix, weights: Matrix) -> tuple[Matrix, Matrix]:
    """What the words and what the meaning give each candidate, (n,) and (n,): their sum is the fused score, 0..1."""
    return parts[:, ~OF_MEANING] @ weights[~OF_MEANING], parts[:, OF_MEANING] @ weights[OF_MEANING]


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
