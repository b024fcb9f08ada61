"""Which of the wished things a product is known to have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recommender.candidates import facts_of, values_in
from recommender.denials import Said, said
from recommender.filters import known, values_of
from recommender.ports import Facts
from recommender.prior import Matrix
from storage.records import FILTERED_SLOTS, WISHED_SLOTS, Need, Product, SlotName, Vocabulary

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Wish:
    """One wished thing: the normal forms that grant it in a row's own columns, or the words that name it in texts.

    Words that a text only denies grant nothing.
    """

    slot: SlotName
    value: str
    granted_by: frozenset[str]
    words: re.Pattern[str] | None

    def granted(self, product: Product) -> bool:
        """Whether the product is known to have it; a unisex product is not known to be for women."""
        if self.granted_by.intersection(product.values(self.slot)):
            return True
        return self._said(product) is Said.NAMED

    def denied(self, product: Product) -> bool:
        """Whether the product's own texts say that it does not have it."""
        return self._said(product) is Said.DENIED

    def _said(self, product: Product) -> Said:
        return said(_text(product), self.words) if self.words else Said.UNSAID


@dataclass(frozen=True)
class Wanted:
    """All positive wishes of a need."""

    wishes: tuple[Wish, ...] = ()

    def granted(self, products: Sequence[Product]) -> Flags:
        """Which product is known to have which wished thing, (n, wishes)."""
        return self.granted_in(facts_of(products), products)

    def granted_in(self, facts: Facts, products: Sequence[Product]) -> Flags:
        """The same by the products' columns; rows are read only where a wish is looked for in texts."""
        flags = np.zeros((len(products), len(self.wishes)), dtype=np.bool_)
        for at, wish in enumerate(self.wishes):
            if wish.words:
                flags[:, at] = [wish.granted(product) for product in products]
            else:
                held = values_in(facts, wish.slot)
                grants = {values: not wish.granted_by.isdisjoint(values) for values in dict.fromkeys(held)}
                flags[:, at] = [grants[values] for values in held]
        return flags

    def shares(self, granted: Flags) -> Matrix:
        """The share of the slots wished for that each product is known to grant, (n,); 0 where nothing was wished."""
        slots = sorted({wish.slot for wish in self.wishes})
        if not slots:
            return np.zeros(len(granted))
        by_slot = [granted[:, [wish.slot is slot for wish in self.wishes]].any(axis=1) for slot in slots]
        shares: Matrix = np.mean(by_slot, axis=0)
        return shares


def wanted_of(need: Need, vocabulary: Vocabulary) -> Wanted:
    """The positive wishes. Limits are granted by columns; soft and unknown ones by words in title and description."""
    found = []
    for wish in need.wishes:
        if wish.negated or wish.name not in WISHED_SLOTS or not wish.value:
            continue
        value = wish.value.casefold() if wish.name is SlotName.BRAND else wish.value
        if wish.name in FILTERED_SLOTS and known(wish, vocabulary):
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
