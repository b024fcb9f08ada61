"""Candidates for a question: by words, by meaning, fused; the newest and the most popular where nothing is asked."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from recommender.config import RecommenderConfig
from recommender.fusion import reciprocal_ranks
from recommender.ports import CatalogueReader, VectorIndex, Vectors
from storage.records import Filters

log = logging.getLogger(__name__)
_SPARE = 32
_KEPT = 32  # sets of admitted ids; the empty wish is asked for on every other turn


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
        self._admitted: OrderedDict[object, frozenset[str]] = OrderedDict()

    def admitted(self, filters: Filters) -> frozenset[str]:
        """Every admitted id; remembered for as long as the catalogue does not change."""
        key = (self._catalogue.revision(), _key(filters))
        if key not in self._admitted:
            self._admitted[key] = frozenset(self._catalogue.matching(filters))
            while len(self._admitted) > _KEPT:
                self._admitted.popitem(last=False)
        self._admitted.move_to_end(key)
        return self._admitted[key]

    def lexical(self, words: str, filters: Filters, limit: int) -> list[tuple[str, float]]:
        return self._catalogue.search(words, filters, limit) if words else []

    def dense(self, vector: Vectors | None, filters: Filters, limit: int) -> list[tuple[str, float]]:
        """The nearest admitted ids. A need without limits is asked of the whole index first: most of it is admitted."""
        if vector is None:
            return []
        admitted = self.admitted(filters)
        if not (filters.price or filters.include or filters.exclude):
            near = self._index.query(vector, None, limit + limit // 4 + _SPARE)
            found = [(id, cosine) for id, cosine in near if id in admitted]
            if len(found) >= min(limit, len(admitted)):
                return found[:limit]
        return self._index.query(vector, admitted, limit)

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
        admitted = self.admitted(filters) if hot else frozenset()
        wanted = [id for id in hot if id in admitted]
        rankings = (self._catalogue.popular(filters, limit), self._catalogue.newest(filters, limit), near, wanted)
        turns = (ranking[at] for at in range(limit) for ranking in rankings if at < len(ranking))
        return Found(tuple(dict.fromkeys(id for id in turns if id not in unwanted))[:size])


def _key(filters: Filters) -> object:
    return (filters.price, frozenset(filters.include.items()), frozenset(filters.exclude.items()), filters.in_stock)


def aligned(ids: Sequence[str], scores: dict[str, float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Scores in the order of `ids`, 0 for an id without one."""
    return np.array([scores.get(id, 0.0) for id in ids], dtype=np.float64)
