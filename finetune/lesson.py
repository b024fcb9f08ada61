"""What the bilingual encoder is taught: which pairs, which new characters, and where their embeddings begin."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from torch import Tensor

from finetune.pairs import (
    Pair,
    cedict,
    chinese_characters,
    demo_shop,
    framed,
    phrases,
    split_held_out,
    tatoeba,
    written,
)
from nlu.tokens import load_tokenizer
from storage.terms import base_vocabulary


@dataclass(frozen=True, slots=True)
class DistilConfig:
    """Every knob of the recipe; saved in the artefact."""

    lora_rank: int = 32
    lora_rate: float = 1e-3
    embedding_rate: float = 4e-3
    contrast: float = 0.3
    batch: int = 64
    epochs: int = 1
    tatoeba_repeats: int = 2
    phrases: int = 40_000
    framed: int = 12_000
    words_repeats: int = 3
    titles_repeats: int = 4
    dictionary: int | None = None
    english: int = 6_000
    min_count: int = 2
    held_out: int = 1_000
    bf16: bool = False
    seed: int = 17


@dataclass(frozen=True, slots=True)
class Lesson:
    """Training pairs, held-out pairs, and the characters to add with the English texts each one begins from."""

    pairs: list[Pair]
    held_out: list[Pair]
    characters: str
    glosses: dict[str, list[str]]


def prepare(folder: Path, config: DistilConfig, known: str = "") -> Lesson:
    """Read the data folder and compose the lesson. FileNotFoundError where the data is absent.

    `known`: characters that an earlier encoder has rows for; they keep their numbers, new ones come behind.
    """
    sentences, held_out = split_held_out(tatoeba(folder), config.held_out, config.seed)
    entries = cedict(folder)
    shop = phrases(base_vocabulary(), config.phrases, config.seed)
    words, titles, demo = written("words"), written("titles"), demo_shop()
    ours = (
        words * config.words_repeats + titles * config.titles_repeats + demo + framed(words, config.framed, config.seed)
    )
    unchanged = [Pair(p.english, p.english) for p in (shop[-config.english // 2 :] + sentences[: config.english // 2])]
    glosses = _glosses(entries)
    counts = Counter(chinese_characters(p.text for p in [*sentences, *entries, *held_out]))
    wanted = {c for c, count in counts.items() if count >= config.min_count}
    wanted |= set(chinese_characters([p.text for p in [*sentences, *shop, *ours]]))
    characters = known + "".join(sorted(wanted - set(known), key=lambda c: (-counts[c], c)))
    if config.dictionary is not None:
        entries = Random(config.seed).sample(entries, min(config.dictionary, len(entries)))
    pairs = sentences * config.tatoeba_repeats + entries + shop + ours + unchanged
    return Lesson(pairs, held_out, characters, glosses)


def _glosses(entries: Sequence[Pair]) -> dict[str, list[str]]:
    """English texts for each character: its own entries where it has some, else the words that it is part of."""
    own: dict[str, list[str]] = defaultdict(list)
    within: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for character in set(entry.text):
            target = own if len(entry.text) == 1 else within
            target[character].append(entry.english)
    return {c: own.get(c) or within[c][:8] for c in {*own, *within}}


def starting_rows(lesson: Lesson, table: Tensor) -> Tensor:
    """One row for each character: the mean of its glosses' word pieces, else the mean of the table."""
    tokenizer = load_tokenizer()
    rows = table.mean(0).repeat(len(lesson.characters), 1)
    for at, character in enumerate(lesson.characters):
        text = " ".join(lesson.glosses.get(character, ()))
        if ids := tokenizer.encode(text, add_special_tokens=False).ids:
            rows[at] = table[torch.tensor(ids)].mean(0)
    return rows
