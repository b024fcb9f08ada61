"""Candidates for a question: by words, by meaning, fused; the newest and the most popular where nothing is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from recommender.config import RecommenderConfig
from recommender.fusion import SHIPPED, fused, script_of
from recommender.matching import match_parts
from recommender.ports import CatalogueReader, Flags, Numbers, Scores, VectorIndex, Vectors
from recommender.prior import Matrix
from recommender.read_texts import ReadTexts
from storage.records import Filters


@dataclass(frozen=True)
class Scored:
    """Products, the best first or in no order, with a score each."""

    numbers: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    scores: Scores = field(default_factory=lambda: np.zeros(0))

    def of(self, numbers: Numbers) -> Scores:
        """The scores of these products, 0 for one that is not among them."""
        if numbers is self.numbers or np.array_equal(numbers, self.numbers):
            return self.scores
        found = dict(zip(self.numbers.tolist(), self.scores.tolist(), strict=True))
        return np.array([found.get(number, 0.0) for number in numbers.tolist()], dtype=np.float64)

    def without(self, unwanted: Numbers) -> Scored:
        """These less some products."""
        if not len(unwanted) or not len(self.numbers):
            return self
        kept = ~np.isin(self.numbers, unwanted)
        return Scored(self.numbers[kept], self.scores[kept])


NOTHING = Scored()


@dataclass(frozen=True)
class Found:
    """Candidates, the best first, what full-text search said, and the fused score with what words and meaning give it
    (each of the candidates).
    """

    numbers: Numbers
    lexical: Scored = NOTHING
    fused: Scored = NOTHING
    by_words: Scored = NOTHING
    by_meaning: Scored = NOTHING


@dataclass(frozen=True)
class Asked:
    """The question as its candidates are compared with it: its words, and the vector (384,) of what is meant."""

    words: str
    vector: Vectors | None


class Retriever:
    """Asks the catalogue's full text and the vector index under the same exact limits."""

    def __init__(self, catalogue: CatalogueReader, index: VectorIndex, config: RecommenderConfig) -> None:
        self._catalogue, self._index, self._config = catalogue, index, config
        self.fusion = SHIPPED
        self.texts = ReadTexts(catalogue.texts)

    def admitted(self, filters: Filters) -> int:
        """How many products are admitted."""
        return self._catalogue.count(filters)

    def lexical(self, words: str, filters: Filters, limit: int) -> Scored:
        return Scored(*self._catalogue.ranked(words, filters, limit)) if words else NOTHING

    def dense(self, vector: Vectors | None, filters: Filters, limit: int) -> Scored:
        """The nearest admitted products."""
        return NOTHING if vector is None else Scored(*self._index.near(vector, self._catalogue.flags(filters), limit))

    def fuse(self, lexical: Scored, dense: Scored, asked: Asked, unwanted: Numbers, size: int) -> Found:
        """Up to `size` of all that either retriever found, those that must not be shown left out, by one score."""
        by_words, by_meaning = lexical.without(unwanted), dense.without(unwanted)
        numbers = np.concatenate([by_words.numbers, by_meaning.without(by_words.numbers).numbers])
        parts = self.parts(numbers, by_words.of(numbers), asked)
        of_words, of_meaning = fused(parts, self.fusion.of(script_of(asked.words)))
        score = of_words + of_meaning
        best = np.argsort(-score, kind="stable")[:size]
        kept = numbers[best]
        return Found(kept, by_words, *(Scored(kept, each[best]) for each in (score, of_words, of_meaning)))

    def parts(self, numbers: Numbers, bm25: Matrix, asked: Asked) -> Matrix:
        """How each of these products matches what is asked, (n, parts)."""
        weights = self._catalogue.weights(asked.words) if asked.words else {}
        places = self._catalogue.places(numbers, list(weights))
        titles = self.texts.titles(numbers, self._catalogue.changed(numbers))
        return match_parts(asked.words, weights, places, titles, bm25, self._index.vectors_of(numbers), asked.vector)

    def ideas(
        self,
        near: Numbers,
        filters: Filters,
        unwanted: frozenset[str],
        size: int,
        hot: Sequence[str] = (),
        partners: Sequence[str] = (),
    ) -> Found:
        """Candidates where no words were said: rated, new, near to what the shopper liked, wanted in this shop just
        now (`hot`), and going with what was taken (`partners`), taking turns. The last two need not be admitted.
        """
        limit = size + len(unwanted)
        told = (self._allowed(ids, filters) for ids in (partners, hot))
        firsts = (self._catalogue.popular(filters, limit), self._catalogue.newest(filters, limit))
        rankings = [*map(self._catalogue.numbers, firsts), near, *told]
        left_out = set(self._catalogue.numbers(list(unwanted)).tolist())
        turns = (int(ranking[at]) for at in range(limit) for ranking in rankings if at < len(ranking))
        kept = list(dict.fromkeys(number for number in turns if number not in left_out))[:size]
        return Found(np.array(kept, dtype=np.int64))

    def _allowed(self, ids: Sequence[str], filters: Filters) -> Numbers:
        """Those of the ids that the limits admit, in their order."""
        return admitted(self._catalogue.numbers(ids), self._catalogue.flags(filters))


def admitted(numbers: Numbers, flags: Flags) -> Numbers:
    """Those that are flagged, in their order."""
    known = numbers[numbers < len(flags)]
    return known[flags[known]]
