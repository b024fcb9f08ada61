"""Candidates for a question: by words, by meaning, fused; the newest and the most popular where nothing is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from recommender.config import RecommenderConfig
from recommender.filters import admits
from recommender.fusion import SHIPPED, fused, script_of
from recommender.matching import match_parts
from recommender.ports import CatalogueReader, VectorIndex, Vectors
from recommender.prior import Matrix
from storage.records import Filters


@dataclass(frozen=True)
class Found:
    """Candidate ids, the best first, with what each retriever said, and what words and meaning give the fused score."""

    ids: tuple[str, ...] = ()
    lexical: dict[str, float] = field(default_factory=dict)
    dense: dict[str, float] = field(default_factory=dict)
    fused: dict[str, float] = field(default_factory=dict)
    by_words: dict[str, float] = field(default_factory=dict)
    by_meaning: dict[str, float] = field(default_factory=dict)


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

    def admitted(self, filters: Filters) -> int:
        """How many products are admitted."""
        return self._catalogue.count(filters)

    def lexical(self, words: str, filters: Filters, limit: int) -> list[tuple[str, float]]:
        return self._catalogue.search(words, filters, limit) if words else []

    def dense(self, vector: Vectors | None, filters: Filters, limit: int) -> list[tuple[str, float]]:
        """The nearest admitted ids."""
        return [] if vector is None else self._index.query(vector, self._catalogue.flags(filters), limit)

    def fuse(
        self,
        lexical: Sequence[tuple[str, float]],
        dense: Sequence[tuple[str, float]],
        asked: Asked,
        unwanted: frozenset[str],
        size: int,
    ) -> Found:
        """Up to `size` of all that either retriever found, those that must not be shown left out, by one score."""
        by_words = {id: score for id, score in lexical if id not in unwanted}
        by_meaning = {id: score for id, score in dense if id not in unwanted}
        ids = list(dict.fromkeys((*by_words, *by_meaning)))
        parts = self.parts(ids, aligned(ids, by_words), asked)
        of_words, of_meaning = fused(parts, self.fusion.of(script_of(asked.words)))
        score = of_words + of_meaning
        best = [int(row) for row in np.argsort(-score, kind="stable")[:size]]

        def named(values: Matrix) -> dict[str, float]:
            return {ids[row]: float(values[row]) for row in best}

        return Found(
            tuple(ids[row] for row in best), by_words, by_meaning, named(score), named(of_words), named(of_meaning)
        )

    def parts(self, ids: Sequence[str], bm25: Matrix, asked: Asked) -> Matrix:
        """How each of these products matches what is asked, (n, parts)."""
        weights = self._catalogue.weights(asked.words) if asked.words else {}
        titles, places = self._catalogue.titles(ids, list(weights))
        return match_parts(asked.words, weights, places, titles, bm25, self._index.vectors(ids), asked.vector)

    def ideas(
        self,
        near: Sequence[str],
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
        rankings = (self._catalogue.popular(filters, limit), self._catalogue.newest(filters, limit), near, *told)
        turns = (ranking[at] for at in range(limit) for ranking in rankings if at < len(ranking))
        return Found(tuple(dict.fromkeys(id for id in turns if id not in unwanted))[:size])

    def _allowed(self, ids: Sequence[str], filters: Filters) -> list[str]:
        """Those of the ids that the limits admit, in their order."""
        return [id for id, product in self._catalogue.get(ids).items() if admits(filters, product)] if ids else []


def aligned(ids: Sequence[str], scores: dict[str, float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Scores in the order of `ids`, 0 for an id without one."""
    return np.array([scores.get(id, 0.0) for id in ids], dtype=np.float64)
