"""From a need to what the two retrievers are asked: words for full-text search, a phrase or two for the encoder.

The shopper's own words stay; wishes are put into them as their normal forms, in English for the encoder (whose
English side is the stronger) and in both languages for the words, so that 红色连衣裙 finds "red dress".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from recommender.ports import Encode, Vectors
from storage.records import Language, Need, SlotName, Vocabulary, Wish

_MAX_QUERY = 500
# The order of an English noun phrase: "red linen Larkhill <words> dresses women beach waterproof".
_BEFORE = (SlotName.COLOR, SlotName.MATERIAL, SlotName.BRAND)
_AFTER = (SlotName.CATEGORY, SlotName.AUDIENCE, SlotName.OCCASION, SlotName.FEATURE)
_SPOKEN = (*_BEFORE, *_AFTER)


@dataclass(frozen=True, slots=True)
class Question:
    """`words` for full-text search; `phrases` for the encoder, their vectors averaged. Both empty: no text at all."""

    words: str = ""
    phrases: tuple[str, ...] = ()

    def also_spelled(self, spelled: Callable[[str], str]) -> Question:
        """With each misspelt phrase as the shop spells it, too: the average of both is right where either is."""
        corrected = [right for phrase in self.phrases if (right := spelled(phrase)) != phrase]
        return replace(self, phrases=(*self.phrases, *corrected)) if corrected else self

    def embed(self, encode: Encode) -> Vectors | None:
        """The unit vector (384,) of the question; None where there is nothing to embed."""
        if not self.phrases:
            return None
        return unit(encode(self.phrases).sum(axis=0))


def question_of(need: Need, vocabulary: Vocabulary) -> Question:
    """What to look for, what is unwanted left out."""
    wanted = [wish for wish in need.wishes if not wish.negated and wish.name in _SPOKEN]
    query = _without(need.query[:_MAX_QUERY], [wish.text for wish in need.wishes if wish.negated])
    labels = [
        (
            _spoken(wish, vocabulary),
            vocabulary.label(wish.name, wish.value, "en"),
            vocabulary.label(wish.name, wish.value, "zh"),
        )
        for wish in wanted
    ]
    said = dict.fromkeys(word for word in (query, *(form for forms in labels for form in forms)) if word)
    return Question(" ".join(said), _phrases(query, wanted, need.language, vocabulary))


def _spoken(wish: Wish, vocabulary: Vocabulary) -> str:
    """The shopper's words for a wish; none for a person whose audience is known: "for my mom" asks for no mom jeans."""
    known = (wish.name, wish.value) in vocabulary.by_value
    return "" if wish.name is SlotName.AUDIENCE and known else wish.text


def _phrases(query: str, wanted: list[Wish], language: Language, vocabulary: Vocabulary) -> tuple[str, ...]:
    english = _phrase(query, wanted, "en", vocabulary)
    if language != "zh" or not wanted or not query:
        return (english,) if english else ()
    return (_phrase(query, wanted, "zh", vocabulary), english)


def _phrase(query: str, wanted: list[Wish], language: Language, vocabulary: Vocabulary) -> str:
    def labels(slots: tuple[SlotName, ...]) -> list[str]:
        return [_named(w, language, vocabulary) for slot in slots for w in wanted if w.name is slot]

    parts = (*labels(_BEFORE), query, *labels(_AFTER))
    return ("" if language == "zh" else " ").join(dict.fromkeys(part for part in parts if part))


def _named(wish: Wish, language: Language, vocabulary: Vocabulary) -> str:
    """What a wish is called; of a kind, the shopper's own name where it says more: an espresso machine."""
    own = vocabulary.own_name(wish) if language == "en" else ""
    return own or vocabulary.label(wish.name, wish.value, language)


def _without(query: str, unwanted: list[str]) -> str:
    for text in filter(None, unwanted):
        query = re.sub(re.escape(text), " ", query, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", query).strip()


def unit(vector: Vectors) -> Vectors:
    """The vector at length 1; a zero vector stays."""
    length = float(np.linalg.norm(vector))
    return (vector / length).astype(np.float32) if length > 1e-9 else vector.astype(np.float32)
