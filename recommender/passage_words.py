"""The words of the shop's pages: which share of a question stands in each passage. Read once for each import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from recommender.ports import EmbeddingTexts, VectorStore
from storage.records import Language, Passage

_OTHER: dict[Language, Language] = {"en": "zh", "zh": "en"}


class PassageTexts(EmbeddingTexts, VectorStore, Protocol):
    """The shop's pages as they are searched; the vectors of their texts are kept beside them."""

    def passages(self) -> list[Passage]: ...

    def words(self, text: str) -> list[str]:
        """The words that a text is found by."""
        ...

    def letters(self, text: str) -> frozenset[str]:
        """Short runs of letters: what misspelt and inflected words share."""
        ...


@dataclass(frozen=True, slots=True)
class Spread:
    """In how many of a language's passages each word stands."""

    counts: Mapping[str, int]
    passages: int

    def weight(self, word: str) -> float:
        """How much a word says: rare ones more (inverse document frequency)."""
        return float(np.log((self.passages + 1) / (self.counts.get(word, 0) + 0.5)))


@dataclass(frozen=True, slots=True)
class Pages:
    """All passages by number, as of one revision. `twins` are those of the same place in the other language."""

    revision: int
    passages: Mapping[int, Passage]
    words: Mapping[int, frozenset[str]]
    letters: Mapping[int, frozenset[str]]
    twins: Mapping[int, int]
    spreads: Mapping[Language, tuple[Spread, Spread]]

    def covered(
        self, words: frozenset[str], letters: frozenset[str], language: Language
    ) -> dict[int, tuple[float, float]]:
        """Which share of a question's words and letters stands in each passage of a language, 0..1."""
        by_word, by_letters = self.spreads[language]
        shares = _shares(words, self.words, by_word), _shares(letters, self.letters, by_letters)
        own = (number for number, passage in self.passages.items() if passage.language == language)
        return {number: (shares[0][number], shares[1][number]) for number in own}


NO_PAGES = Pages(-1, {}, {}, {}, {}, {})


def read_pages(texts: PassageTexts, revision: int) -> Pages:
    """The pages as they are now."""
    passages = {passage.number: passage for passage in texts.passages()}
    whole = {number: " ".join((each.title, each.heading, *each.sentences)) for number, each in passages.items()}
    words = {number: frozenset(texts.words(text)) for number, text in whole.items()}
    letters = {number: texts.letters(text) for number, text in whole.items()}
    places = {(each.page, each.anchor, each.language): number for number, each in passages.items()}
    twins = {
        number: twin
        for number, each in passages.items()
        if (twin := places.get((each.page, each.anchor, _OTHER[each.language])))
    }
    spreads = {}
    for language in {passage.language for passage in passages.values()}:
        own = [number for number, passage in passages.items() if passage.language == language]
        spreads[language] = _spread(words, own), _spread(letters, own)
    return Pages(revision, passages, words, letters, twins, spreads)


def _spread(held: Mapping[int, frozenset[str]], own: list[int]) -> Spread:
    return Spread(Counter(word for number in own for word in held[number]), len(own))


def _shares(asked: Iterable[str], held: Mapping[int, frozenset[str]], spread: Spread) -> dict[int, float]:
    weights = {word: spread.weight(word) for word in asked}
    total = sum(weights.values()) or 1.0
    return {number: sum(weights[word] for word in weights.keys() & words) / total for number, words in held.items()}
