"""The words of a shop: normal forms, what means them, and which is the wider one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from storage.records.intents import Language
from storage.records.need import Wish
from storage.records.slots import SlotName


@dataclass(frozen=True, slots=True)
class Term:
    """One normal form with the words that mean it.

    `value` is the normal form ("grey", "running shoes"); `parent` the wider term of the same slot, or "".
    `en` and `zh` are surface forms, the first one fit for showing.
    """

    slot: SlotName
    value: str
    parent: str = ""
    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()

    def label(self, language: Language) -> str:
        """The word to show; the normal form where the language has none."""
        words = self.zh if language == "zh" else self.en
        return words[0] if words else self.value


@dataclass(frozen=True)
class Vocabulary:
    """The words this shop understands: the shipped base, then what its own catalogue adds (brands, sizes, ...)."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def by_value(self) -> Mapping[tuple[SlotName, str], Term]:
        return {(term.slot, term.value): term for term in self.terms}

    def lineage(self, slot: SlotName, value: str) -> tuple[str, ...]:
        """The value and every wider one, narrowest first: running shoes -> (running shoes, shoes)."""
        found = [value]
        while (term := self.by_value.get((slot, found[-1]))) and term.parent:
            if term.parent in found:
                break
            found.append(term.parent)
        return tuple(found)

    def label(self, slot: SlotName, value: str, language: Language) -> str:
        term = self.by_value.get((slot, value))
        return term.label(language) if term else value

    def own_name(self, wish: Wish) -> str:
        """The shopper's own English name of a kind, of two words or more, one that the shop knows it by: an espresso
        machine among coffee makers; "" where there is none.
        """
        term, said = self.by_value.get((wish.name, wish.value)), wish.text.casefold().removesuffix("s")
        return said if wish.name is SlotName.CATEGORY and term and " " in said and said in term.en else ""
