"""Which of the wished things a product is known to have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from recommender.filters import HARD_SLOTS, known, values_of
from storage.records import Need, Product, SlotName, Vocabulary

_NAMED = (*HARD_SLOTS, SlotName.OCCASION, SlotName.FEATURE)


@dataclass(frozen=True)
class Wish:
    """One wished thing: the normal forms that grant it in a row's own columns, or the words that name it in texts."""

    slot: SlotName
    value: str
    granted_by: frozenset[str]
    words: re.Pattern[str] | None

    def granted(self, product: Product) -> bool:
        """Whether the product is known to have it; a unisex product is not known to be for women."""
        if self.granted_by.intersection(product.values(self.slot)):
            return True
        return bool(self.words and self.words.search(_text(product)))


@dataclass(frozen=True)
class Wanted:
    """All positive wishes of a need."""

    wishes: tuple[Wish, ...] = ()

    def share(self, product: Product) -> float:
        """The share of the slots wished for that the product is known to grant, 0..1; 0 where nothing was wished."""
        slots = {wish.slot for wish in self.wishes}
        granted = {wish.slot for wish in self.wishes if wish.granted(product)}
        return len(granted) / len(slots) if slots else 0.0


def wanted_of(need: Need, vocabulary: Vocabulary) -> Wanted:
    """The positive wishes. Limits are granted by columns; soft and unknown ones by words in title and description."""
    found = []
    for wish in need.wishes:
        if wish.negated or wish.name not in _NAMED or not wish.value:
            continue
        value = wish.value.casefold() if wish.name is SlotName.BRAND else wish.value
        if wish.name in HARD_SLOTS and known(wish, vocabulary):
            found.append(Wish(wish.name, value, frozenset(values_of(wish, vocabulary)), None))
        else:
            term = vocabulary.by_value.get((wish.name, value))
            words = _pattern((value, wish.text, *(term.en + term.zh if term else ())))
            found.append(Wish(wish.name, value, frozenset(), words))
    return Wanted(tuple(found))


def _pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    return words_pattern(tuple(sorted({word.casefold() for word in words if word.strip()}, key=len, reverse=True)))


@lru_cache(maxsize=512)
def words_pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Any of the casefolded words: whole ones where words have borders, anywhere in Chinese. None for no words."""
    forms = [rf"(?<!\w){re.escape(word)}(?!\w)" if word.isascii() else re.escape(word) for word in words]
    return re.compile("|".join(forms)) if forms else None


def _text(product: Product) -> str:
    return " ".join((product.title, product.title_zh, product.description, product.description_zh)).casefold()
