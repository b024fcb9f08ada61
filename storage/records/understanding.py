"""What a message says, and what it is read against."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from storage.records.intents import Intent, Language, Stage
from storage.records.slots import SlotName


@dataclass(frozen=True, slots=True)
class Context:
    """What a message is read against: what the bot last asked (None: nothing) and how many items it shows."""

    asked: str | None = None
    shown: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """A span of the message: code points, end exclusive. `value` is the normal form."""

    name: SlotName
    text: str
    value: str
    start: int
    end: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class PriceRange:
    """A price limit, both ends inclusive, None where open. `currency` is what was said, None where nothing was."""

    min: Decimal | None = None
    max: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one message said. `confidence` and the numbers of `top` are probabilities, 0..1."""

    text: str
    language: Language
    intent: Intent
    confidence: float
    top: tuple[tuple[Intent, float], ...]
    stage: Stage
    also: tuple[Intent, ...] = ()
    slots: tuple[Slot, ...] = ()
    price: PriceRange | None = None
    item_refs: tuple[int, ...] = ()
    quantity: int | None = None
    model: str = ""
    degraded: bool = False

    def values(self, name: SlotName, *, negated: bool = False) -> tuple[str, ...]:
        return tuple(s.value for s in self.slots if s.name is name and s.negated is negated)
