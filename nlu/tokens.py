"""Text to token numbers: the word pieces of the base, and one token for each Chinese character that was
added.

The base knows few Chinese characters and reads the rest as [UNK]. A bilingual tokenizer is the same tokenizer
with those characters numbered from the end of its vocabulary, so all other text is cut exactly as before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from nlu.base import MAX_TOKENS, VOCABULARY, base_folder

Ids = NDArray[np.int64]
UNKNOWN = 100
"""The number of [UNK] in the base."""


@cache
def load_tokenizer(characters: str = "") -> Tokenizer:
    """The tokenizer of the base; `characters` get the numbers 30522, 30523, ... in their order."""
    rules = json.loads((base_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    rules["padding"] = None
    rules["truncation"]["max_length"] = MAX_TOKENS
    vocabulary = rules["model"]["vocab"]
    vocabulary.update({character: VOCABULARY + at for at, character in enumerate(characters)})
    return Tokenizer.from_str(json.dumps(rules))


@dataclass(frozen=True, slots=True)
class Batch:
    """Token numbers and attention mask, both (texts, longest) int64, padded with zeros."""

    input_ids: Ids
    attention_mask: Ids


def pad(encodings: Sequence[Encoding]) -> Batch:
    """Put encodings of different length into one rectangle."""
    longest = max(len(encoding.ids) for encoding in encodings)
    ids = np.zeros((len(encodings), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding.ids)] = encoding.ids
        mask[row, : len(encoding.ids)] = 1
    return Batch(ids, mask)
