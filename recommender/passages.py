"""Which passage of the shop's own pages answers a question, and how likely it does.

Meaning is looked for in Chroma, over every heading and every sentence under it, in both languages: where a page is
there in both, a question finds its passage through either. Words are looked for beside it. The likely passages then
compete with one another and with "none of them": a softmax over a few features, its weights in `passage_weights.tsv`,
fitted on questions by hand (`python -m tests.bench.policies`). What is said of a passage is for the caller: it is
quoted, never told.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender.embedding import followed
from recommender.exact import ExactIndex
from recommender.index import ChromaIndex
from recommender.passage_words import NO_PAGES, Pages, PassageTexts, read_pages
from recommender.ports import Encode, Vectors
from recommender.snapshot import empty_snapshot
from storage.records import FoundPassage, Language

FEATURES = ("sentence", "heading", "other", "words", "letters", "about")
_NEAR, _WORDY = 40, 8  # texts by meaning, passages by words: those that compete
_HEADING = "h"
NOTHING: frozenset[str] = frozenset()
_LONGEST = 500  # code points of a question; of a longer one that much is read


@dataclass(frozen=True, slots=True)
class PassageWeights:
    """What each feature counts, in the order of FEATURES; what speaks for "none of them"; and from which chance a
    passage is taken for the answer.
    """

    features: NDArray[np.float64]
    none: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Competing:
    """The passages that may answer: their numbers, features (n, len(FEATURES)), and the nearest sentence of each."""

    numbers: list[int]
    features: NDArray[np.float64]
    sentences: list[int]


class PassageFinder:
    """Finds passages. `texts` and `index` are of the thread that asks; `encoder` is the version of `encode`."""

    def __init__(self, texts: PassageTexts, index: ChromaIndex | ExactIndex, encode: Encode, encoder: str) -> None:
        self._texts, self._index, self._encode, self._encoder = texts, index, encode, encoder
        self._pages = NO_PAGES

    def find(
        self, wordings: Sequence[str], language: Language, about: frozenset[str] = NOTHING, limit: int = 3
    ) -> list[FoundPassage]:
        """The likeliest passages in a language for what is asked, the best first. Of several wordings (a message and
        its clauses) the one that finds the likeliest passage counts. `about` names the pages that the message was
        understood to be about. Empty where there are no pages in the language.
        """
        pages = self.pages()
        asked = [wording[:_LONGEST] for wording in wordings if wording.strip()]
        if not asked or language not in pages.spreads:
            return []
        answers = [
            self._found(pages, question, vector, language, about)
            for question, vector in zip(asked, self._encode(asked), strict=True)
        ]
        return max(answers, key=lambda found: found[0].chance if found else 0.0)[:limit]

    def prepare(self, texts: PassageTexts) -> int:
        """Embeds what is new, through another thread's `texts`, so that no question waits for it; how many texts."""
        return followed(empty_snapshot(self._encoder), texts, texts, self._encode)[1]

    def pages(self) -> Pages:
        """The pages as they are now: read again after an import, and so is the index."""
        revision = self._texts.revision()
        if revision != self._pages.revision:
            self._index.refresh(self._texts, self._texts)
            self._pages = read_pages(self._texts, revision)
        return self._pages

    def competing(
        self, pages: Pages, question: str, vector: Vectors, language: Language, about: frozenset[str] = NOTHING
    ) -> Competing:
        """Who competes for a question with a (384,) vector."""
        covered = pages.covered(frozenset(self._texts.words(question)), self._texts.letters(question), language)
        wordy = sorted(covered, key=lambda number: -covered[number][0])[:_WORDY]
        numbers = sorted({*self._near(pages, vector, language), *(each for each in wordy if covered[each][0] > 0)})
        rows, sentences = [], []
        for number in numbers:
            heading, own = self._cosines(pages, number, vector)
            other = self._cosines(pages, pages.twins[number], vector)[1] if number in pages.twins else own
            meant = float(pages.passages[number].page in about)
            rows.append([_top(own), heading, _top(other), *covered[number], meant])
            sentences.append(int(np.argmax(own)) if len(own) else 0)
        return Competing(numbers, np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES)), sentences)

    def _found(
        self, pages: Pages, question: str, vector: Vectors, language: Language, about: frozenset[str]
    ) -> list[FoundPassage]:
        competing = self.competing(pages, question, vector, language, about)
        chances = chances_of(competing.features, passage_weights()[language])
        order = np.argsort(-chances, kind="stable")
        return [
            FoundPassage(pages.passages[competing.numbers[at]], competing.sentences[at], float(chances[at]))
            for at in order
        ]

    def _near(self, pages: Pages, vector: Vectors, language: Language) -> set[int]:
        """Passages of a language that are near in meaning, themselves or by their twins."""
        found = {int(id.partition("/")[0]) for id, _ in self._index.query(vector, None, _NEAR)}
        both = found | {pages.twins[number] for number in found if number in pages.twins}
        return {number for number in both if number in pages.passages and pages.passages[number].language == language}

    def _cosines(self, pages: Pages, number: int, vector: Vectors) -> tuple[float, Vectors]:
        """Of the heading, and of each sentence under it; 0 where a text has no vector yet."""
        places = [_HEADING, *map(str, range(len(pages.passages[number].sentences)))]
        cosines = self._index.vectors([f"{number}/{place}" for place in places]) @ vector
        return float(cosines[0]), cosines[1:]


def chances_of(features: NDArray[np.float64], weights: PassageWeights) -> NDArray[np.float64]:
    """How likely each of the competing passages answers, (n,); they and "none of them" make 1."""
    scores = np.append(features @ weights.features, weights.none)
    raised = np.exp(scores - scores.max())
    chances: NDArray[np.float64] = raised[:-1] / raised.sum()
    return chances


@cache
def passage_weights() -> dict[Language, PassageWeights]:
    """The shipped weights, by language."""
    with (Path(__file__).parent / "passage_weights.tsv").open(encoding="utf-8", newline="") as lines:
        table = {row["language"]: row for row in csv.DictReader(lines, delimiter="\t")}
    languages: tuple[Language, ...] = ("en", "zh")
    return {language: _weights(table[language]) for language in languages}


def _weights(row: dict[str, str]) -> PassageWeights:
    features = np.array([float(row[name]) for name in FEATURES])
    return PassageWeights(features, float(row["none"]), float(row["threshold"]))


def _top(cosines: Vectors) -> float:
    return float(cosines.max()) if len(cosines) else 0.0
