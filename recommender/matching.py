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
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recommender.ports import Places, Vectors
from recommender.prior import Matrix

PARTS = ("meaning", "neighbours", "words", "coverage", "quantities", "letters", "overlap")
_OTHERS = 0.6  # of a word that stands in the product's other words, not in its title
_BEST = 20  # candidates whose mean is what neighbours are near to
_MEANING_SHARE = 0.6  # of the first score, which picks these
_GAP = re.compile(r"[\W_]+")
_SHARES = np.array([0.0, _OTHERS, 1.0])  # by place


def match_parts(
    text: str,
    weights: Mapping[str, float],
    places: Places,
    titles: Sequence[str],
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
    letters, overlap = _letters(text, titles)
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


def _letters(text: str, titles: Sequence[str]) -> tuple[Matrix, Matrix]:
    """Shares of the question's trigrams that each title has, and of the trigrams of both that they share.

    The two trigrams at the ends of a title are counted double: one of one word is no better than a plain one of two.
    """
    asked = _Runs.of(_plain(text))
    if not len(asked) or not titles:
        return np.zeros(len(titles)), np.zeros(len(titles))
    # All titles as one text; what runs from one into the next has the break between them inside and is asked by nobody.
    held = [_plain(title) for title in titles]
    sizes = np.array([len(title) for title in held])
    runs, owners = asked.within("".join(held)), np.repeat(np.arange(len(held)), sizes)[:-2]
    met = np.flatnonzero(runs)
    has = np.zeros((len(held), len(asked)), dtype=np.bool_)
    has[owners[met], runs[met] - 1] = True
    shared = has.sum(axis=1).astype(np.float64)
    return shared / len(asked), shared / np.maximum(len(asked) + sizes - shared, 1.0)


@dataclass(frozen=True)
class _Runs:
    """The different runs of three letters in a text, as tables to look a longer text up in, each from 1, 0 for none:
    letters by code point, pairs by two letters, runs by a pair and a letter.
    """

    letters: NDArray[np.uint16]
    pairs: NDArray[np.uint16]
    runs: NDArray[np.uint16]
    width: int  # of the tables: letters and one
    count: int

    def __len__(self) -> int:
        return self.count

    @classmethod
    def of(cls, text: str) -> _Runs:
        known, letters = np.unique(_points(text), return_inverse=True)
        width = len(known) + 1
        of_letter = np.zeros(sys.maxunicode + 1, dtype=np.uint16)
        of_letter[known] = np.arange(1, width)
        two, pairs = np.unique((letters[:-1] + 1) * width + letters[1:] + 1, return_inverse=True)
        of_pair = np.zeros(width * width, dtype=np.uint16)
        of_pair[two] = np.arange(1, len(two) + 1)
        three = np.unique((pairs[:-1] + 1) * width + letters[2:] + 1)
        of_run = np.zeros((len(two) + 1) * width, dtype=np.uint16)
        of_run[three] = np.arange(1, len(three) + 1)
        return cls(of_letter, of_pair, of_run, width, len(three))

    def within(self, text: str) -> NDArray[np.uint16]:
        """Which run begins at each letter of a text but the last two, 0 for one that is not among these."""
        letters = self.letters[_points(text)].astype(np.int64)
        pairs = self.pairs[letters[:-1] * self.width + letters[1:]]
        found: NDArray[np.uint16] = self.runs[pairs[:-1].astype(np.int64) * self.width + letters[2:]]
        return found


@lru_cache(maxsize=131_072)
def _plain(text: str) -> str:
    """Its letters and digits with a space around each run of them; a line break says where it begins: titles that begin
    as the question does match it more.
    """
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return f"\n {_GAP.sub(' ', folded)} "


def _points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _neighbours(first: Matrix, vectors: Vectors) -> Matrix:
    """Cosines with the mean of the best by a first score, (n,)."""
    best = np.argsort(-first, kind="stable")[:_BEST]
    mean = first[best] @ vectors[best]
    length = float(np.linalg.norm(mean))
    if length < 1e-9:
        return np.zeros(len(first))
    near: Matrix = np.clip(vectors @ (mean / length).astype(np.float32), 0.0, 1.0).astype(np.float64)
    return near
