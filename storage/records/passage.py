"""What the shop's own pages say."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records.intents import Language


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands under one heading of one of the shop's pages. `page` and `anchor` are the same in both languages
    where the pages are; `url` of the page, "" where it is nowhere but here.
    """

    number: int
    language: Language
    page: str
    anchor: str
    title: str
    heading: str
    sentences: tuple[str, ...]
    url: str = ""

    @property
    def link(self) -> str:
        """Its address, "" where it has none."""
        return f"{self.url}#{self.anchor}" if self.url else ""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that may answer a question: the place of the sentence that does, and how likely it is, 0..1."""

    passage: Passage
    sentence: int
    chance: float
