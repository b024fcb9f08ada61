"""Candidates for a question: by words, by meaning, fused; the newest and the most popular where nothing is asked."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from recommender.config import RecommenderConfig
from recommender.filters import admits
from recommender.fusion import reciprocal_ranks
from recommender.ports import CatalogueReader, VectorIndex, Vectors
from storage.records import Filters

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """Candidate ids, the best first, with what each retriever said."""

    ids: tuple[str, ...] = ()
    lexical: dict[str, float] = field(default_factory=dict)
    dense: dict[str, float] = field(default_factory=dict)
    fused: dict[str, float] = field(default_factory=dict)


class Retriever:
    """Asks the catalogue's full text and the vector index under the same exact limits."""

    def __init__(self, catalogue: CatalogueReader, index: VectorIndex, config: RecommenderConfig) -> None:
        self._catalogue, self._index, self._config = catalogue, index, config

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
        unwanted: frozenset[str],
        size: int,
    ) -> Found:
        """Up to `size` candidates, those that must not be shown left out before they take up ranks."""
        by_words = {id: score for id, score in lexical if id not in unwanted}
        by_meaning = {id: score for id, score in dense if id not in unwanted}
        fused = reciprocal_ranks((list(by_words), list(by_meaning)), self._config.rrf_k)
        return Found(tuple(fused)[:size], by_words, by_meaning, fused)

    def ideas(
        self, near: Sequence[str], filters: Filters, unwanted: frozenset[str], size: int, hot: Sequence[str] = ()
    ) -> Found:
        """Candidates where no words were said: much rated, new, near to what the shopper liked, and wanted in this shop
        just now (`hot`, of which some may not be admitted), taking turns.
        """
        limit = size + len(unwanted)
        wanted = [id for id, product in self._catalogue.get(hot).items() if admits(filters, product)] if hot else []
        rankings = (self._catalogue.popular(filters, limit), self._catalogue.newest(filters, limit), near, wanted)
        turns = (ranking[at] for at in range(limit) for ranking in rankings if at < len(ranking))
        return Found(tuple(dict.fromkeys(id for id in turns if id not in unwanted))[:size])


def aligned(ids: Sequence[str], scores: dict[str, float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Scores in the order of `ids`, 0 for an id without one."""
    return np.array([scores.get(id, 0.0) for id in ids], dtype=np.float64)
