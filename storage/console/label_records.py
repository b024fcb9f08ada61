"""The nouns of labelling: what a reviewer says of a message, and what is remembered of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.records import Intent, SlotName


class Verdict(StrEnum):
    """What became of the model's reading."""

    CORRECT = "correct"
    WRONG = "wrong"
    DISCARD = "discard"  # nothing to learn from
    LATER = "later"  # back to the end of the queue


class Lane(StrEnum):
    """How a message came before the reviewer. Only SAMPLE, drawn blindly, may feed figures of how good the model is."""

    WORTH = "worth"
    SAMPLE = "sample"
    OPINION = "opinion"
    BULK = "bulk"
    DIRECT = "direct"


class Act(StrEnum):
    """What a label event was."""

    LABEL = "label"
    OPINION = "opinion"  # a second reviewer's, given blind; the label stays
    RESOLVE = "resolve"
    UNDO = "undo"


class StaleLabel(Exception):  # noqa: N818
    """Somebody labelled this turn meanwhile; `current` is their label, None where they took it back."""

    def __init__(self, turn_id: int, current: Label | None) -> None:
        super().__init__(f"Turn {turn_id} was labelled by somebody else meanwhile.")
        self.turn_id, self.current = turn_id, current


class TurnGone(LookupError):  # noqa: N818
    """The turn does not exist, or its shopper was erased."""


@dataclass(frozen=True, slots=True)
class SlotSpan:
    """A slot as marked: code points of the stored turn's text, end exclusive."""

    name: SlotName
    start: int
    end: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks for and which of its words say so; `intent` is None where there is nothing to learn."""

    intent: Intent | None = None
    also: tuple[Intent, ...] = ()
    slots: tuple[SlotSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """A reviewer's word on a turn. `version` counts the turn's changes from 1; 0 is not stored yet."""

    turn_id: int
    verdict: Verdict
    intent: Intent | None = None
    also: tuple[Intent, ...] = ()
    slots: tuple[SlotSpan, ...] = ()
    by: str = ""
    at: datetime | None = None
    version: int = 0
    lane: Lane = Lane.DIRECT

    @property
    def reading(self) -> Reading:
        return Reading(self.intent, self.also, self.slots)


@dataclass(frozen=True, slots=True)
class LabelEvent:
    """One change, as it will always be told. `batch` is the id of the first event of the same act."""

    id: int
    turn_id: int
    act: Act
    by: str
    at: datetime
    before: Label | None
    after: Label | None
    batch: int
    undoes: int | None = None
