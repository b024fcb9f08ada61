"""What a writer of reasons is given and what it gives back.

The plain twin is no text at all: where nothing was written, or what was written did not pass `checking`, the sentences
of `bot/wording` stand, one template for each reason code. A writer is asynchronous and never looks at a clock; time and
money are limited by whoever calls it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from storage.records import Language, ReasonCode, SlotName

OPENING = 0  # the position of the sentence over the page; cards count from 1


class WriterError(Exception):
    """Nothing usable was written; the message is one sentence for the log and holds no key and no shopper's words."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """All that may be said of one card. Every text is bounded, cleaned and in the reply's language.

    Attributes:
        position: on the page, from 1.
        name: the title, "" where it is too long or says what no title should.
        price, currency: the exact price.
        limit: the shopper's budget in the same currency, set only where the price is within it.
        rating, rating_count: 0..5 and how many rated; None and 0 where the feed does not say.
        values: words for the card's own values by slot, the first one best for showing. All forms mean the same.
        wished: those of these words that the shopper asked for.
        liked: words of the values that made it fit the shopper's taste, by the reason that says so.
        similar_to: the title of a liked product or of the anchor, "" where no reason names one.
        season: of the reason that it is in season, "" without.
        words: what of the shopper's own words stands in its texts.
        measures: further columns of the feed, name to value.
        reasons: the codes that hold for it.
    """

    position: int
    price: Decimal
    currency: str
    name: str = ""
    limit: Decimal | None = None
    rating: float | None = None
    rating_count: int = 0
    values: Mapping[SlotName, tuple[str, ...]] = field(default_factory=dict)
    wished: frozenset[str] = frozenset()
    liked: Mapping[ReasonCode, tuple[str, ...]] = field(default_factory=dict)
    similar_to: str = ""
    season: str = ""
    words: str = ""
    measures: Mapping[str, str] = field(default_factory=dict)
    reasons: frozenset[ReasonCode] = frozenset()


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A page to be written about. `said` holds the shopper's own words: data for the prompt, never a fact."""

    language: Language
    cards: tuple[CardFacts, ...]
    said: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as it was written, unchecked. `position` is that of the card, or `OPENING`."""

    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call has used so far, in tokens. `counted` is false where it had to be estimated."""

    tokens: int
    counted: bool


class Writing(Protocol):
    """One call under way: iterate over it for the sentences, each as soon as it is complete."""

    def __aiter__(self) -> AsyncGenerator[Sentence]:
        """The sentences in order. Raises WriterError."""
        ...

    @property
    def usage(self) -> Usage:
        """Of this call so far; at any time, also after a failure."""
        ...


class Writer(Protocol):
    """Facts to sentences."""

    @property
    def version(self) -> str:
        """Model and prompt, as the transcript records them."""
        ...

    def prepare(self) -> None:
        """Loads what is slow to load; may block for seconds. Raises WriterError where it can never work."""
        ...

    def cost(self, page: PageFacts) -> int:
        """The most tokens that writing about this page can take."""
        ...

    def write(self, page: PageFacts) -> Writing:
        """Begins one call for the whole page."""
        ...
