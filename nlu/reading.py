"""A message and what it is read against, as tokens: the same for training and for serving.

The context of a message is put behind it as a second segment of plain words ("asked color shown 3"), so that
the network reads "black" after a question about colour differently, and words the base knows carry the
meaning. What the rules noticed (words of the shop's vocabulary, prices, numbers) goes along as a hint on each
token: the network learns how far to trust it, and a brand that came with the catalogue this morning is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Encoding, Tokenizer

from nlu.cuts import cuts_in
from nlu.fold import fold
from nlu.lexicon import lexicon_of
from nlu.spans import Reading
from nlu.spans import read as read_by_rules
from nlu.tags import HINTS, Span, hints_of
from nlu.tokens import Ids
from storage.records import Context, Vocabulary

MAX_CHARACTERS = 500
"""How much of a message is read; requests are far shorter, pasted texts say nothing more further down."""
_MOST_SHOWN = 9
_INPUTS = ("input_ids", "attention_mask", "token_type_ids", "hints")


def words_of(context: Context) -> str:
    """The context in words; empty where nothing was asked and nothing is shown."""
    asked = f"asked {context.asked.replace('_', ' ')[:20]}" if context.asked else ""
    shown = f"shown {min(context.shown, _MOST_SHOWN)}" if context.shown > 0 else ""
    return " ".join(part for part in (asked, shown) if part)


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of the message itself: their places in the encoding, and their offsets in the text."""

    places: list[int]
    offsets: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready for the network. `folded` is what was said, `context` what it was said into; `hints` has one
    number a token of the encoding, `cuts` one a code point.
    """

    folded: str
    context: Context
    encoding: Encoding
    words: Words
    hints: list[int]
    cuts: list[int]
    ruled: Reading


class Reader:
    """Makes messages: the tokens of the folded text, of the context behind it, and the notes of the rules."""

    def __init__(self, tokenizer: Tokenizer, vocabulary: Vocabulary) -> None:
        self._tokenizer = tokenizer
        self._lexicon = lexicon_of(vocabulary)

    def __call__(self, text: str, context: Context) -> Message:
        """Any text whatever; offsets are positions in `text`."""
        said = text[:MAX_CHARACTERS]
        behind = words_of(context)
        folded = fold(said)
        encoding = self._tokenizer.encode(folded, behind) if behind else self._tokenizer.encode(folded)
        ruled = read_by_rules(said, context, self._lexicon)
        spans = [Span(slot.name, slot.start, slot.end, slot.negated) for slot in ruled.slots]
        words = _words_in(encoding)
        cuts = cuts_in(folded)
        return Message(folded, context, encoding, words, hints_on(encoding, words, spans, cuts), cuts, ruled)


def _words_in(encoding: Encoding) -> Words:
    """Leave out the marks and the context."""
    places = [at for at, sequence in enumerate(encoding.sequence_ids) if sequence == 0]
    offsets = encoding.offsets  # made anew each time it is asked for
    return Words(places, [offsets[at] for at in places])


def hints_on(encoding: Encoding, words: Words, spans: Sequence[Span], cuts: Sequence[int]) -> list[int]:
    """What spans were noticed and where Chinese words begin, as one number on each token; 0 is nothing."""
    hints = [0] * len(encoding)
    for place, (start, _), hint in zip(words.places, words.offsets, hints_of(spans, words.offsets), strict=True):
        hints[place] = hint + HINTS * cuts[start]
    return hints


def inputs_of(encodings: Sequence[Encoding], hints: Sequence[list[int]]) -> dict[str, Ids]:
    """The named inputs of the joint network, each (messages, longest) int64."""
    longest = max(map(len, encodings))
    filled = {name: np.zeros((len(encodings), longest), dtype=np.int64) for name in _INPUTS}
    for row, (encoding, noted) in enumerate(zip(encodings, hints, strict=True)):
        tokens = len(noted)
        for name, numbers in zip(
            _INPUTS, (encoding.ids, encoding.attention_mask, encoding.type_ids, noted), strict=True
        ):
            filled[name][row, :tokens] = numbers
    return filled
