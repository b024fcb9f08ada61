"""What an encoder is worth to a shop: Chinese questions for products that it has not learnt from, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from finetune.shop_texts import Item, Question, across, within
from finetune.student import Student
from nlu.language import has_han
from storage.records import SlotName
from storage.terms import base_vocabulary

Ranks = NDArray[np.float64]
WORDS = "other words"
"""The part of the exam that is no search: Chinese words of the vocabulary beside their English ones."""
_POOL = 250  # products that a question is asked among
_FIRST = 10
_DRAWS = 2_000
_LOST = 0.02  # how much of the rest of the language may be lost
_FEWEST = 20  # questions that say anything


class NotAdaptedError(Exception):
    """The catalogue cannot be learnt from, or nothing was gained; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Exam:
    """Questions by kind, each kind with its documents by product."""

    questions: dict[str, list[Question]]
    documents: dict[str, dict[str, str]]
    words: list[tuple[str, str]]

    def take(self, student: Student, *, quiet: bool = True) -> dict[str, Ranks]:
        """Reciprocal ranks (questions,) within the first ten by kind; and, as "other words", 1 or 0 for each Chinese
        word of the vocabulary whose nearest English word is its own.
        """
        found = {}
        for kind, questions in self.questions.items():
            ids, texts = zip(*self.documents[kind].items(), strict=True)
            likeness = student.vectors([q.text for q in questions]) @ student.vectors(texts, kind, quiet=quiet).T
            wanted = likeness[range(len(questions)), [ids.index(q.product) for q in questions]]
            ranks = 1 + (likeness > wanted[:, None] + 1e-6).sum(1)
            found[kind] = torch.where(ranks <= _FIRST, 1 / ranks, 0.0).double().numpy()
        chinese, english = zip(*self.words, strict=True)
        nearest = (student.vectors(chinese) @ student.vectors(english).T).argmax(1)
        found[WORDS] = np.array([english[at] == own for at, own in zip(nearest, english, strict=True)], float)
        return found


def exam_of(asked: Sequence[Item], rest: Sequence[Item], seed: int) -> Exam:
    """Questions for the held-back items among themselves and some of the rest. NotAdaptedError: they are too few."""
    pool = [*asked, *rest[: max(0, _POOL - len(asked))]]
    questions = {"cross-language": across(asked), "chinese": within(asked, seed)}
    documents = {
        "cross-language": {item.id: item.document for item in pool if not has_han(item.document)},
        "chinese": {item.id: item.chinese_document for item in pool if item.chinese_document},
    }
    kept = {kind: found for kind, found in questions.items() if len(found) >= _FEWEST}
    if not kept:
        raise NotAdaptedError(
            f"The catalogue gives fewer than {_FEWEST} Chinese questions: it needs some hundred products with Chinese "
            "titles, or with kinds, colours and brands that the vocabulary knows."
        )
    terms = [t for t in base_vocabulary().terms if t.slot is SlotName.CATEGORY and t.en and t.zh]
    return Exam(kept, documents, list({term.en[0]: (term.zh[0], term.en[0]) for term in terms}.values()))


@dataclass(frozen=True, slots=True)
class Gain:
    """A figure before and after (0..1), and the 95 % interval of the difference by paired bootstrap."""

    questions: int
    before: float
    after: float
    low: float
    high: float


def gains_of(before: dict[str, Ranks], after: dict[str, Ranks], seed: int) -> dict[str, Gain]:
    """By kind of question."""
    chance = np.random.default_rng(seed)
    found = {}
    for kind, ranks in before.items():
        change = after[kind] - ranks
        drawn = change[chance.integers(0, len(change), (_DRAWS, len(change)))].mean(1)
        low, high = np.quantile(drawn, (0.025, 0.975))
        found[kind] = Gain(len(change), float(ranks.mean()), float(after[kind].mean()), float(low), float(high))
    return found


def check(gains: dict[str, Gain]) -> None:
    """Raises NotAdaptedError unless a kind of question gained beyond chance and none lost, the rest of the language
    neither.
    """
    searches = {kind: gain for kind, gain in gains.items() if kind != WORDS}
    words = gains[WORDS]
    if lost := [kind for kind, gain in searches.items() if gain.high < 0]:
        raise NotAdaptedError(f"Search became worse ({lost[0]}); nothing is written.")
    if not any(gain.low > 0 for gain in searches.values()):
        raise NotAdaptedError("Search gained nothing beyond chance; nothing is written.")
    if words.before - words.after > _LOST:
        raise NotAdaptedError("Words that the catalogue does not use were forgotten; nothing is written.")
