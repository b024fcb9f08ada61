"""More examples out of those there are: the same messages badly typed, and with other words in them. Labelled spans
move along.

A substitution puts another shopper's value into a slot ("red dress" becomes "navy dress"). A message without slots has
one word exchanged for a neighbour of it in the base's table of words (after Wang and Yang 2015, "That's So
Annoying!!!"): near by use is not always near by meaning, so a small share helps and a large one hurts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import torch

from finetune.examples import Example
from finetune.grammar import Utterance
from finetune.noise import Noise
from nlu.network import load_base
from nlu.tokens import load_tokenizer
from storage.records import Language, SlotName

_HABITS = Path(__file__).parent / "data" / "grammar"
_TRIES = 6
_NEAR = 0.5
"""Least cosine between two words of the table that may stand for each other."""
_WORD = re.compile(r"[A-Za-z]{4,}")
Change = Callable[[Example, Random], Example]


def augmented(examples: Sequence[Example], typos: float, substitutions: float, seed: int) -> list[Example]:
    """New examples beside the given ones: so many for each of them, 0 and more of either kind."""
    rng = Random(seed)
    found = _changed(examples, round(typos * len(examples)), with_typos, rng)
    if substitutions:
        found += _changed(examples, round(substitutions * len(examples)), Substitutions(examples), rng)
    return found


def _changed(examples: Sequence[Example], count: int, change: Change, rng: Random) -> list[Example]:
    drawn = [rng.choice(examples) for _ in range(count)]
    changed = [change(example, rng) for example in drawn]
    return [new for new, old in zip(changed, drawn, strict=True) if new.text != old.text]


def with_typos(example: Example, rng: Random) -> Example:
    """The message as a hurried thumb types it; after a few tries without a slip, the message itself."""
    utterance = Utterance(example.text, example.spans or ())
    for _ in range(_TRIES):
        typed = _noise("zh" if example.language == "zh" else "en").typed(utterance, rng)
        if typed.text != example.text and typed.text.strip():
            return _retold(example, typed, "typo")
    return example


class Substitutions:
    """Exchanges a slot's value for one that the examples have elsewhere, or a word for its neighbour."""

    def __init__(self, examples: Sequence[Example]) -> None:
        values: dict[tuple[Language, SlotName], set[str]] = defaultdict(set)
        for example in examples:
            for span in example.spans or ():
                values[example.language, span.name].add(example.text[span.start : span.end])
        self._values = {key: sorted(found) for key, found in values.items()}

    def __call__(self, example: Example, rng: Random) -> Example:
        """A message with one thing exchanged; the message itself where nothing fits."""
        utterance = Utterance(example.text, example.spans or ())
        if example.spans:
            span = rng.choice(example.spans)
            value = rng.choice(self._values[example.language, span.name])
            return _retold(example, utterance.replaced(span.start, span.end, value), "substitution")
        words = list(_WORD.finditer(example.text))
        if not words:
            return example
        word = rng.choice(words)
        near = _neighbours(word.group().lower())
        new = _as_written(word.group(), rng.choice(near)) if near else word.group()
        return _retold(example, utterance.replaced(word.start(), word.end(), new), "substitution")


def _retold(example: Example, utterance: Utterance, source: str) -> Example:
    spans = None if example.spans is None else utterance.spans
    return replace(example, text=utterance.text, spans=spans, source=source)


def _as_written(old: str, new: str) -> str:
    return new.upper() if old.isupper() else new.capitalize() if old[0].isupper() else new


@cache
def _noise(language: Language) -> Noise:
    return Noise(_HABITS / language / "noise", language)


@cache
def _table() -> tuple[list[str], dict[str, int], torch.Tensor]:
    """Whole English words of the base, their places, and their vectors of length 1."""
    numbers = {w: n for w, n in load_tokenizer().get_vocab().items() if w.isascii() and w.isalpha() and len(w) > 3}
    words = sorted(numbers)
    rows = load_base().embeddings.word_embeddings.weight.detach()[[numbers[word] for word in words]]
    vectors = torch.nn.functional.normalize(rows - rows.mean(0), dim=-1)
    return words, {word: at for at, word in enumerate(words)}, vectors


@cache
def _neighbours(word: str) -> tuple[str, ...]:
    """Up to three words of like use, the nearest first."""
    words, places, vectors = _table()
    if word not in places:
        return ()
    near = (vectors @ vectors[places[word]]).topk(4)
    found = zip(near.values.tolist(), near.indices.tolist(), strict=True)
    return tuple(words[at] for likeness, at in found if likeness >= _NEAR and words[at] != word)
