"""A message and what it is read against, as tokens: the same for training and for serving.

The context of a message is put behind it as a second segment of plain words ("asked color shown 3"), so that
the network reads "black" after a question about colour differently, and words the base knows carry the
meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Encoding, Tokenizer

from nlu.fold import fold
from nlu.tokens import Ids, pad
from storage.records import Context

MAX_CHARACTERS = 500
"""How much of a message is read; shoppers' requests are far shorter, pasted texts say nothing more further
down."""
_MOST_SHOWN = 9


def words_of(context: Context) -> str:
    """The context in words; empty where nothing was asked and nothing is shown."""
    asked = f"asked {context.asked.replace('_', ' ')[:20]}" if context.asked else ""
    shown = f"shown {min(context.shown, _MOST_SHOWN)}" if context.shown > 0 else ""
    return " ".join(part for part in (asked, shown) if part)


def encode(tokenizer: Tokenizer, text: str, context: Context) -> Encoding:
    """Tokens of the folded text, and of the context behind it. Offsets are positions in `text`."""
    folded = fold(text[:MAX_CHARACTERS])
    behind = words_of(context)
    return tokenizer.encode(folded, behind) if behind else tokenizer.encode(folded)


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of the message itself: their places in the encoding, and their offsets in the text."""

    places: list[int]
    offsets: list[tuple[int, int]]


def words_in(encoding: Encoding) -> Words:
    """Leave out the marks and the context."""
    places = [at for at, sequence in enumerate(encoding.sequence_ids) if sequence == 0]
    return Words(places, [encoding.offsets[at] for at in places])


def inputs_of(encodings: Sequence[Encoding]) -> dict[str, Ids]:
    """The named inputs of the joint network, each (messages, longest) int64."""
    batch = pad(encodings)
    types = np.zeros_like(batch.input_ids)
    for row, encoding in enumerate(encodings):
        types[row, : len(encoding.ids)] = encoding.type_ids
    return {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask, "token_type_ids": types}
