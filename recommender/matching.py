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

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recommender.ports import Vectors
from recommender.prior import Matrix
from storage.records import Document

PARTS = ("meaning", "neighbours", "words", "coverage", "quantities", "letters", "overlap")
_OTHERS = 0.6  # of a word that stands in the product's other words, not in its title
_BEST = 20  # candidates whose mean is what neighbours are near to
_MEANING_SHARE = 0.6  # of the first score, which picks these
_GAP = re.compile(r"[\W_]+")
_EMPTY = Document("")


def match_parts(
    text: str,
    weights: Mapping[str, float],
    documents: Sequence[Document | None],
    bm25: Matrix,
    vectors: Vectors,
    vector: Vectors | None,
) -> Matrix:
    """(n, parts) in the order of `PARTS` for n candidates.

    Args:
        text: the question. weights: its search words with what each says.
        documents, bm25, vectors: of the candidates, (n,), (n,) and (n, 384).
        vector: of the question, (384,); None where nothing was embedded.
    """
    held = [document or _EMPTY for document in documents]
    words = bm25 / max(float(bm25.max(initial=0.0)), 1e-9)
    meaning = np.zeros(len(held)) if vector is None else np.clip(vectors @ vector, 0.0, 1.0).astype(np.float64)
    coverage, quantities = _coverages(weights, held)
    letters, overlap = _letters(text, [document.title for document in held])
    near = _neighbours(_MEANING_SHARE * meaning + (1 - _MEANING_SHARE) * words, vectors)
    return np.column_stack([meaning, near, words, coverage, quantities, letters, overlap])


def _coverages(weights: Mapping[str, float], documents: Sequence[Document]) -> tuple[Matrix, Matrix]:
    """Shares of all words, and of the numbers among them. A joined word counts like the two it was made of."""
    asked = frozenset(weights)
    total = sum(weights.values()) - sum(weights[word] for word in _joined(list(weights)))
    numbers = {word: weight for word, weight in weights.items() if word[0].isdigit()}
    counted = sum(numbers.values())
    shares = np.zeros((2, len(documents)))
    for row, document in enumerate(documents):
        title = asked & document.words
        others = (asked & document.others) - title
        shares[0, row] = sum(weights[word] for word in title) + _OTHERS * sum(weights[word] for word in others)
        if counted:
            shares[1, row] = sum(numbers[word] for word in title if word in numbers)
    return np.minimum(shares[0] / max(total, 1e-9), 1.0), np.minimum(shares[1] / max(counted, 1e-9), 1.0)


def _joined(words: Sequence[str]) -> list[str]:
    """Words that are two neighbours of the question written as one."""
    pairs = {left + right for left, right in pairwise(words)}
    return [word for word in words if word in pairs]


def _letters(text: str, titles: Sequence[str]) -> tuple[Matrix, Matrix]:
    """Shares of the question's trigrams that each title has, and of the trigrams of both that they share."""
    asked = _runs_of(text)[0]
    if not len(asked) or not titles:
        return np.zeros(len(titles)), np.zeros(len(titles))
    held = [_runs_of(title) for title in titles]
    runs, lengths = np.concatenate([each for each, _ in held]), np.array([length for _, length in held])
    owner = np.repeat(np.arange(len(held)), [len(each) for each, _ in held])
    at = np.minimum(np.searchsorted(asked, runs), len(asked) - 1)
    shared = np.bincount(owner[asked[at] == runs], minlength=len(held)).astype(np.float64)
    return shared / len(asked), shared / np.maximum(len(asked) + lengths - shared, 1.0)


@lru_cache(maxsize=32_768)
def _runs_of(text: str) -> tuple[NDArray[np.uint64], int]:
    """The different trigrams of a text, in order, and how many it has with those that come again, the two at its ends
    counted double: a title of one word is no better than a plain one of two. Some 500 bytes.
    """
    runs = _trigrams(_points(_plain(text)))
    return np.unique(runs), len(runs) + 2


def _plain(text: str) -> str:
    """Its letters and digits with a space around each run of them; a line break says where it begins: titles that begin
    as the question does match it more.
    """
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return f"\n {_GAP.sub(' ', folded)} "


def _points(text: str) -> NDArray[np.uint64]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)


def _trigrams(points: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each run of three code points as one number, exactly: 21 bits each."""
    if len(points) < 3:
        return np.zeros(0, dtype=np.uint64)
    shift = np.uint64(21)
    runs: NDArray[np.uint64] = (((points[:-2] << shift) | points[1:-1]) << shift) | points[2:]
    return runs


def _neighbours(first: Matrix, vectors: Vectors) -> Matrix:
    """Cosines with the mean of the best by a first score, (n,)."""
    best = np.argsort(-first, kind="stable")[:_BEST]
    mean = first[best] @ vectors[best]
    length = float(np.linalg.norm(mean))
    if length < 1e-9:
        return np.zeros(len(first))
    near: Matrix = np.clip(vectors @ (mean / length).astype(np.float32), 0.0, 1.0).astype(np.float64)
    return near
