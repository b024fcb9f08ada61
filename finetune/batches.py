"""Labelled messages as batches of numbers, messages of similar length together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from finetune.examples import Example
from nlu.reading import encode, inputs_of, words_in
from nlu.tags import tags_of

IGNORED = -100
"""The target that teaches nothing, as PyTorch's cross entropy has it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One example in numbers; `tags` and `negated` have one entry a token, IGNORED where there is nothing to
    learn."""

    encoding: Encoding
    intent: int
    also: list[int]
    tags: list[int]
    negated: list[int]


@dataclass(frozen=True, slots=True)
class LabelledBatch:
    """Inputs by name, and targets: intent (n,), also (n, labels) of 0/1, tags and negated (n, tokens)."""

    inputs: Mapping[str, Tensor]
    intent: Tensor
    also: Tensor
    tags: Tensor
    negated: Tensor


def prepare(tokenizer: Tokenizer, examples: Sequence[Example], labels: Sequence[str]) -> list[Prepared]:
    """All examples in numbers. KeyError where an intent is not among the labels."""
    number = {label: at for at, label in enumerate(labels)}
    return [_prepare(tokenizer, example, number) for example in examples]


def _prepare(tokenizer: Tokenizer, example: Example, number: Mapping[str, int]) -> Prepared:
    encoding = encode(tokenizer, example.text, example.context)
    tags, negated = [IGNORED] * len(encoding.ids), [IGNORED] * len(encoding.ids)
    if example.spans is not None:
        words = words_in(encoding)
        for place, tag, negation in zip(words.places, *tags_of(example.spans, words.offsets), strict=True):
            tags[place] = tag
            negated[place] = int(negation) if tag else IGNORED
    return Prepared(encoding, number[example.intent], [number[a] for a in example.also], tags, negated)


def collate(rows: Sequence[Prepared], labels: int) -> LabelledBatch:
    """Some rows as one batch, padded to the longest."""
    inputs = {name: torch.from_numpy(array) for name, array in inputs_of([row.encoding for row in rows]).items()}
    also = torch.zeros(len(rows), labels)
    longest = inputs["input_ids"].shape[1]
    for at, row in enumerate(rows):
        also[at, row.also] = 1.0

    def padded(lists: Sequence[list[int]]) -> Tensor:
        return torch.tensor([values + [IGNORED] * (longest - len(values)) for values in lists])

    intent = torch.tensor([row.intent for row in rows])
    return LabelledBatch(inputs, intent, also, padded([r.tags for r in rows]), padded([r.negated for r in rows]))


def groups_of(rows: Sequence[Prepared], size: int, seed: int) -> list[list[int]]:
    """Numbers of all rows in groups of similar length, in random order."""
    chance = np.random.default_rng(seed)
    lengths = np.array([len(row.encoding.ids) for row in rows])
    order = np.lexsort((chance.random(len(rows)), lengths + chance.integers(0, 3, len(rows))))
    groups = [order[at : at + size] for at in range(0, len(order), size)]
    return [groups[at].tolist() for at in chance.permutation(len(groups))]
