"""The encoder's two paths in PyTorch, the Chinese one of them learning from pairs of texts that mean the same.

Texts of one product attract, those of the others in the batch repel (InfoNCE, Oord et al. 2018, arXiv 1807.03748), and
no text may go far from where it was. Text without Chinese goes through the untouched base, so it is a fixed target.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Encoding
from torch import Tensor
from torch.nn.functional import cross_entropy
from tqdm import tqdm

from finetune.shop_texts import Twin
from nlu.artifact import Artifact
from nlu.fold import fold
from nlu.language import has_han
from nlu.network import SentenceVectors, add_lora, grow, load_base, load_lora
from nlu.tokens import load_tokenizer, pad

_TEMPERATURE = 0.05
_STAY = 0.5  # weight of staying where one was: what the catalogue does not speak of must keep its place
_AT_ONCE = 64
_TOGETHER = 16


@dataclass(frozen=True, slots=True)
class Effort:
    """How long and how boldly it learns."""

    steps: int = 60
    batch: int = 32
    rate: float = 5e-4
    asked: int = 150
    seed: int = 17


class Student:
    """The two paths of an encoder in PyTorch; the one that reads Chinese learns."""

    def __init__(self, encoder: Artifact) -> None:
        bert = load_base()
        self.base = SentenceVectors(load_base())
        grow(bert, torch.from_numpy(encoder.tensors["embeddings"]).float()).rows.requires_grad_(False)
        self.peft = add_lora(bert, encoder.meta["lora"])
        load_lora(self.peft, {n: torch.from_numpy(t) for n, t in encoder.tensors.items() if n != "embeddings"})
        self.bilingual = SentenceVectors(self.peft)
        self._english: dict[str, Tensor] = {}
        self._words, self._base_words = load_tokenizer(encoder.meta["characters"]), load_tokenizer()

    def read(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors (texts, WIDTH) of texts with Chinese, to learn from."""
        return _vectors(self.bilingual, self._words.encode_batch([fold(text) for text in texts]))

    @torch.inference_mode()
    def vectors(self, texts: Sequence[str], name: str = "", *, quiet: bool = True) -> Tensor:
        """Unit vectors (texts, WIDTH) as they serve: each text on its own path. English ones are remembered."""
        wanted = set(texts)
        learning = {text for text in wanted if has_han(text)}
        self._english |= self._each(sorted(wanted - learning - self._english.keys(), key=len), name, quiet)
        found = self._english | self._each(sorted(learning, key=len), name, quiet)
        return torch.stack([found[text] for text in texts]).clone()

    def _each(self, texts: Sequence[str], name: str, quiet: bool) -> dict[str, Tensor]:
        """Texts of one path, the short ones first."""
        found: dict[str, Tensor] = {}
        starts, short = range(0, len(texts), _AT_ONCE), len(texts) <= _AT_ONCE
        for at in tqdm(starts, desc=name, disable=quiet or short, mininterval=1, file=sys.stderr, leave=False):
            some = texts[at : at + _AT_ONCE]
            read = self.read(some) if has_han(some[0]) else self._read_english(some)
            found |= zip(some, read, strict=True)
        return found

    def _read_english(self, texts: Sequence[str]) -> Tensor:
        return _vectors(self.base, self._base_words.encode_batch(list(texts)))

    def learn(self, pairs: Sequence[Twin], effort: Effort, *, quiet: bool = True) -> None:
        """Goes through as many of the pairs as the steps allow, in random order."""
        chance = np.random.default_rng(effort.seed)
        torch.manual_seed(effort.seed)
        rounds = -(-effort.steps * effort.batch // max(1, len(pairs)))
        order = np.concatenate([chance.permutation(len(pairs)) for _ in range(rounds)])
        order = order[: effort.steps * effort.batch]
        batches = [[pairs[row] for row in part] for part in np.array_split(order, -(-len(order) // effort.batch))]
        fixed = self._fixed({text for batch in batches for twin in batch for text in (twin.text, twin.other)}, quiet)
        weights = [p for n, p in self.peft.named_parameters() if "lora_" in n]
        optimizer = torch.optim.AdamW(weights, lr=effort.rate, weight_decay=0.0)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, effort.rate, total_steps=len(batches), pct_start=0.1)
        for batch in tqdm(batches, desc="adapt", disable=quiet, mininterval=1, file=sys.stderr):
            optimizer.zero_grad(set_to_none=True)
            self._loss(batch, fixed).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            schedule.step()

    def _fixed(self, texts: set[str], quiet: bool) -> dict[str, Tensor]:
        """Where every text is before anything is learnt."""
        ordered = sorted(texts)
        return dict(zip(ordered, self.vectors(ordered, "fixed", quiet=quiet), strict=True))

    def _loss(self, batch: Sequence[Twin], fixed: dict[str, Tensor]) -> Tensor:
        learning = list(dict.fromkeys([*(t.text for t in batch), *(t.other for t in batch if has_han(t.other))]))
        read = self.read(learning)
        at = {text: row for row, text in enumerate(learning)}
        texts = read[[at[twin.text] for twin in batch]]
        others = torch.stack([read[at[t.other]] if t.other in at else fixed[t.other] for t in batch])
        likeness = (texts @ others.T / _TEMPERATURE).masked_fill(_same(batch), float("-inf"))
        own = torch.arange(len(batch))
        contrast = (cross_entropy(likeness, own) + cross_entropy(likeness.T, own)) / 2
        gone = 1 - (read * torch.stack([fixed[text] for text in learning])).sum(-1).mean()
        return contrast + _STAY * gone


def _vectors(network: SentenceVectors, encodings: Sequence[Encoding]) -> Tensor:
    """Texts of like length ride together: padding costs as much as words."""
    order = sorted(range(len(encodings)), key=lambda at: len(encodings[at].ids))
    found = []
    for at in range(0, len(order), _TOGETHER):
        batch = pad([encodings[row] for row in order[at : at + _TOGETHER]])
        found.append(network(torch.from_numpy(batch.input_ids), torch.from_numpy(batch.attention_mask)).float())
    return torch.cat(found)[torch.tensor(order).argsort()]


def _same(batch: Sequence[Twin]) -> Tensor:
    """Pairs that are no contrast to each other: of one product, or with a text in common. The diagonal is free."""
    keys = [{(0, t.product), (1, t.text), (2, t.other)} for t in batch]
    same = torch.tensor([[bool(one & other) for other in keys] for one in keys])
    return same.fill_diagonal_(False)
