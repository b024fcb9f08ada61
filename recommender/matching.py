"""How each candidate matches a question, part by part, every part about 0..1 and comparable between questions.

meaning      cosine of the question's vector and the product's
neighbours   cosine with the mean of the best candidates: what is like what matches best. Pseudo-relevance feedback
             (Rocchio, "Relevance feedback in information retrieval", in Salton (ed.), The SMART Retrieval System, 1971)
words        bm25 as a share of the best candidate's
coverage     share of the question's words, by what they say, that the product has: in its title, or in full-text
             search's other words at less
quantities   the same for numbers and sizes alone
letters      share of the question's runs of three letters that the title has: word forms, compounds, slips
overlap      the same runs over those of both: a long title that holds everything matches less than a plain one
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from recommender.letters import Titles, shared_runs
from recommender.ports import Places, Vectors
from recommender.prior import Matrix

PARTS = ("meaning", "neighbours", "words", "coverage", "quantities", "letters", "overlap")
_OTHERS = 0.6  # of a word that stands in the product's other words, not in its title
_BEST = 20  # candidates whose mean is what neighbours are near to
_MEANING_SHARE = 0.6  # of the first score, which picks these
_SHARES = np.array([0.0, _OTHERS, 1.0])  # by place


def match_parts(
    text: str,
    weights: Mapping[str, float],
    places: Places,
    titles: Titles,
    bm25: Matrix,
    vectors: Vectors,
    vector: Vectors | None,
) -> Matrix:
    """(n, parts) in the order of `PARTS` for n candidates.

    Args:
        text: the question. weights: its search words with what each says.
        places, titles, bm25, vectors: of the candidates, (n, words), (n,), (n,) and (n, 384).
        vector: of the question, (384,); None where nothing was embedded.
    """
    words = bm25 / max(float(bm25.max(initial=0.0)), 1e-9)
    meaning = np.zeros(len(titles)) if vector is None else np.clip(vectors @ vector, 0.0, 1.0).astype(np.float64)
    coverage, quantities = _coverages(weights, places)
    letters, overlap = shared_runs(text, titles)
    near = _neighbours(_MEANING_SHARE * meaning + (1 - _MEANING_SHARE) * words, vectors)
    return np.column_stack([meaning, near, words, coverage, quantities, letters, overlap])


def _coverages(weights: Mapping[str, float], places: Places) -> tuple[Matrix, Matrix]:
    """Shares of all words, and of the numbers among them. A joined word counts like the two it was made of."""
    says = np.array(list(weights.values()))
    numbers = np.array([word[0].isdigit() for word in weights], dtype=np.bool_)
    total = sum(weights.values()) - sum(weights[word] for word in _joined(list(weights)))
    counted = float(says[numbers].sum())
    covered, titled = _SHARES[places] @ says, (places[:, numbers] == len(_SHARES) - 1) @ says[numbers]
    return np.minimum(covered / max(total, 1e-9), 1.0), np.minimum(titled / max(counted, 1e-9), 1.0)


def _joined(words: Sequence[str]) -> list[str]:
    """Words that are two neighbours of the question written as one."""
    pairs = {left + right for left, right in pairwise(words)}
    return [word for word in words if word in pairs]


def _neighbours(first: Matrix, vectors: Vectors) -> Matrix:
    """Cosines with the mean of the best by a first score, (n,)."""
    best = np.argsort(-first, kind="stable")[:_BEST]
    mean = first[best] @ vectors[best]
    length = float(np.linalg.norm(mean))
    if length < 1e-9:
        return np.zeros(len(first))
    near: Matrix = np.clip(vectors @ (mean / length).astype(np.float32), 0.0, 1.0).astype(np.float64)
    return near
