"""Labelled messages in numbers, and which of them are learned from together: those of similar length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from finetune.examples import Example
from nlu.negation import Marked, negated_among
from nlu.reading import Message, Reader, hints_on
from nlu.tags import Span, tags_of
from storage.records import WISHED_SLOTS, Slot, SlotName

IGNORED = -100
"""The target that teaches nothing, as PyTorch's cross entropy has it."""
_SILENT, _WORD_KNOWN, _BRAND_KNOWN = 0.15, 0.25, 0.6


@dataclass(frozen=True, slots=True)
class Prepared:
    """One example in numbers; `tags` and `negated` have one entry a token, IGNORED where nothing is to be learned.

    `unnoticed` are labelled words that the rules do not know: a shop's own vocabulary might.
    """

    text: str
    message: Message
    unnoticed: tuple[Span, ...]
    intent: int
    also: list[int]
    tags: list[int]
    negated: list[int]


def prepare(reader: Reader, examples: Sequence[Example], labels: Sequence[str]) -> list[Prepared]:
    """All examples in numbers. KeyError where an intent is not among the labels."""
    number = {label: at for at, label in enumerate(labels)}
    return [_prepare(reader, example, number) for example in examples]


def _prepare(reader: Reader, example: Example, number: Mapping[str, int]) -> Prepared:
    message = reader(example.text, example.context)
    size = len(message.encoding.ids)
    tags, negated = [IGNORED] * size, [IGNORED] * size
    if example.spans is not None:
        words = message.words
        for place, tag, negation in zip(words.places, *tags_of(example.spans, words.offsets), strict=True):
            tags[place] = tag
            negated[place] = int(negation) if tag else IGNORED
    also = [number[label] for label in example.also]
    unnoticed = _unnoticed(example.spans or (), message)
    return Prepared(example.text, message, unnoticed, number[example.intent], also, tags, negated)


def _unnoticed(spans: Sequence[Span], message: Message) -> tuple[Span, ...]:
    known = {(slot.name, slot.start, slot.end) for slot in message.ruled.slots}
    return tuple(s for s in spans if s.name in WISHED_SLOTS and (s.name, s.start, s.end) not in known)


def noted(row: Prepared, chance: np.random.Generator) -> list[int]:
    """Hints as they might have been: one time in seven there are none, and now and then the shop's vocabulary
    knows words that ours does not, so that the network neither leans on hints nor overlooks those of a new
    catalogue.
    """
    if chance.random() < _SILENT:
        return hints_on(row.message.encoding, row.message.words, (), row.message.cuts)
    added = [s for s in row.unnoticed if chance.random() < (_BRAND_KNOWN if s.name is SlotName.BRAND else _WORD_KNOWN)]
    if not added:
        return row.message.hints
    ruled = row.message.ruled.slots
    kept = [Span(s.name, s.start, s.end) for s in ruled if not any(_overlap(s, a) for a in added)]
    spans = sorted([*kept, *added], key=lambda span: span.start)
    flags = negated_among(row.text, [Marked(span.start, span.end, span.name) for span in spans])
    spans = [Span(s.name, s.start, s.end, flag) for s, flag in zip(spans, flags, strict=True)]
    return hints_on(row.message.encoding, row.message.words, spans, row.message.cuts)


def _overlap(one: Slot, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def groups_of(rows: Sequence[Prepared], size: int, seed: int) -> list[list[int]]:
    """Numbers of all rows in groups of similar length, in random order."""
    chance = np.random.default_rng(seed)
    lengths = np.array([len(row.message.encoding.ids) for row in rows])
    order = np.lexsort((chance.random(len(rows)), lengths + chance.integers(0, 3, len(rows))))
    groups = [order[at : at + size] for at in range(0, len(order), size)]
    return [groups[at].tolist() for at in chance.permutation(len(groups))]
