"""How products match a need, as a search would weigh them: what the weights of the parts are fitted on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recommender.config import RecommenderConfig
from recommender.filters import filters_of
from recommender.matching import PARTS
from recommender.ports import CatalogueReader, Encode, VectorIndex
from recommender.prior import Matrix
from recommender.question import question_of
from recommender.retrieval import Asked, Retriever
from storage.records import Need


class Matcher:
    """Retrieves as `Recommender` does for somebody unknown in a shop without rules of its owner."""

    def __init__(
        self, catalogue: CatalogueReader, index: VectorIndex, encode: Encode, config: RecommenderConfig | None = None
    ) -> None:
        self._catalogue, self._encode, self._config = catalogue, encode, config or RecommenderConfig()
        self._retriever = Retriever(catalogue, index, self._config)

    def asked(self, need: Need) -> str:
        """The words whose script decides which weights rank this need."""
        return question_of(need, self._catalogue.vocabulary()).words

    def found(self, need: Need) -> tuple[list[str], Matrix]:
        """The candidates of a need with the parts of their match, (n, parts)."""
        vocabulary = self._catalogue.vocabulary()
        filters = filters_of(need, vocabulary)
        question = question_of(need, vocabulary).also_spelled(self._catalogue.spelled)
        vector = question.embed(self._encode)
        by_words = self._retriever.lexical(question.words, filters, self._config.retrieved)
        near = self._retriever.dense(vector, filters, self._config.retrieved)
        numbers = np.concatenate([by_words.numbers, near.without(by_words.numbers).numbers])
        parts = self._retriever.parts(numbers, by_words.of(numbers), Asked(question.words, vector))
        return self._catalogue.names(numbers), parts

    def match(self, need: Need, ids: Sequence[str]) -> Matrix:
        """(n, parts) of these products; a row of zeros where the search does not come upon one."""
        candidates, parts = self.found(need)
        rows = {id: row for row, id in enumerate(candidates)}
        held = np.zeros((len(ids), len(PARTS)))
        for at, id in enumerate(ids):
            if id in rows:
                held[at] = parts[rows[id]]
        return held
