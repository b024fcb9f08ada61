"""Attributes that a feed lacks, read from title and description with the shop's own words.

Colour, material, audience and category of "Mauve Leather Daypack for women" stand in its title. A word is only taken
where it is safe: whole words in English, multi-character words in Chinese, the title before the description, and from
the description only what the title leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from storage.records import Product, SlotName, Vocabulary
from storage.text import fold

_READ = (SlotName.COLOR, SlotName.MATERIAL, SlotName.AUDIENCE)
# Words that name something else more often than the attribute ("clear", "paper"): taken from titles only.
_UNSAFE = frozenset((Path(__file__).parent / "unsafe_words.txt").read_text(encoding="utf-8").splitlines())
_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*|[\u4e00-\u9fff]+")


class WordReader:
    """Finds the vocabulary's words of some slots in a text."""

    def __init__(self, vocabulary: Vocabulary, slots: Iterable[SlotName]) -> None:
        self._english: dict[SlotName, dict[str, str]] = {}
        self._chinese: dict[SlotName, list[tuple[str, str]]] = {}
        for slot in slots:
            terms = [term for term in vocabulary.terms if term.slot is slot]
            self._english[slot] = {fold(form): term.value for term in terms for form in (term.value, *term.en)}
            forms = [(fold(form), term.value) for term in terms for form in term.zh if len(form) > 1]
            self._chinese[slot] = sorted(forms, key=lambda pair: -len(pair[0]))

    def find(self, slot: SlotName, text: str, *, strict: bool = False) -> tuple[str, ...]:
        """Normal forms in the order they are said. `strict` leaves out words that often mean something else."""
        folded = fold(text)
        return tuple(dict.fromkeys([*self._find_english(slot, folded, strict), *self._find_chinese(slot, folded)]))

    def exact(self, slot: SlotName, form: str) -> str:
        """The normal form of one folded surface form; "" where there is none."""
        return self._english[slot].get(form) or next((v for f, v in self._chinese[slot] if f == form), "")

    def _find_english(self, slot: SlotName, folded: str, strict: bool) -> list[str]:
        words, known, found, i = _WORD.findall(folded), self._english[slot], [], 0
        while i < len(words):
            for size in (3, 2, 1):
                form = " ".join(words[i : i + size])
                if form in known and not (strict and form in _UNSAFE):
                    found.append(known[form])
                    i += size - 1
                    break
            i += 1
        return found

    def _find_chinese(self, slot: SlotName, folded: str) -> list[str]:
        found, rest = [], folded
        for form, value in self._chinese[slot]:
            if form in rest:
                found.append((folded.find(form), value))
                rest = rest.replace(form, "\n" * len(form))
        return [value for _, value in sorted(found)]


@lru_cache(maxsize=4)
def reader_of(vocabulary: Vocabulary) -> WordReader:
    """The reader of a vocabulary; the last few are kept."""
    return WordReader(vocabulary, (*_READ, SlotName.CATEGORY))


def completed(product: Product, vocabulary: Vocabulary) -> Product:
    """The product with the colours, materials and audience that it lacks and its own words say."""

    def read(slot: SlotName) -> tuple[str, ...]:
        if said := product.values(slot):
            return said
        found = reader.find(slot, f"{product.title} . {product.title_zh}")
        return found or reader.find(slot, f"{product.description} . {product.description_zh}", strict=True)[:2]

    reader = reader_of(vocabulary)
    return replace(
        product, colors=read(SlotName.COLOR), materials=read(SlotName.MATERIAL), audience=read(SlotName.AUDIENCE)
    )
