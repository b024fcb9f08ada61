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
