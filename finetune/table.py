"""All messages of a training in the memory of the device that learns from them, and batches cut out of it there.

A GPU learns from a batch in the time in which a processor would put one together, so nothing is put together: every
message lies in one long table, a row a token, and a batch is one look-up. What the rules noticed is drawn anew for each
reading of a message (`batches.noted`), out of `DRAWN` ways that were drawn beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from finetune.batches import IGNORED, Prepared, noted
from nlu.tokens import UNKNOWN

DRAWN = 8
"""Ways in which the hints of a message may come; the first is how they are."""
_IDS, _TYPES, _OWN, _TAGS, _NEGATED, _HINTS = range(6)
"""Columns of the table; from the last one on there are DRAWN of hints."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What teachers say: chances of the intents and of further ones (n, labels), of the tags (n, tokens, tags) and of
    negation (n, tokens), and how often each tag follows each in a message (n, tags, tags).
    """

    intent: Tensor
    also: Tensor
    tags: Tensor
    negated: Tensor
    pairs: Tensor

    def each(self, change: Callable[[Tensor], Tensor]) -> Taught:
        """The same with every part changed."""
        return Taught(*(change(part) for part in (self.intent, self.also, self.tags, self.negated, self.pairs)))


@dataclass(frozen=True, slots=True)
class LabelledBatch:
    """Inputs by name, and targets: intent (n,), also (n, labels) of 0/1, tags and negated (n, tokens) with IGNORED
    where nothing is to be learned. `own` (n, tokens) marks the message's own tokens; `taught` is what teachers say.
    """

    inputs: Mapping[str, Tensor]
    own: Tensor
    intent: Tensor
    also: Tensor
    tags: Tensor
    negated: Tensor
    taught: Taught | None = None

    def doubled(self) -> LabelledBatch:
        """Every message twice, all of them and then all of them again."""

        def twice(tensor: Tensor) -> Tensor:
            return torch.cat([tensor, tensor])

        return LabelledBatch(
            {name: twice(tensor) for name, tensor in self.inputs.items()},
            twice(self.own),
            twice(self.intent),
            twice(self.also),
            twice(self.tags),
            twice(self.negated),
            self.taught and self.taught.each(twice),
        )


class Table:
    """Rows of prepared messages. `longest` tells how many tokens each has."""

    def __init__(self, rows: Sequence[Prepared], labels: int, chance: np.random.Generator) -> None:
        """On the processor first; `to` takes it elsewhere."""
        self.longest = [len(row.message.encoding.ids) for row in rows]
        self._cells = torch.from_numpy(np.concatenate([_cells(row, chance) for row in rows]))
        self._lengths = torch.tensor(self.longest)
        self._starts = self._lengths.cumsum(0) - self._lengths
        self._intent = torch.tensor([row.intent for row in rows])
        self._also = torch.zeros(len(rows), labels, dtype=torch.bool)
        for at, row in enumerate(rows):
            self._also[at, row.also] = True
        self._taught: Taught | None = None

    def __len__(self) -> int:
        return len(self.longest)

    def to(self, device: torch.device) -> Table:
        """The same on a device; this one stays where it is."""
        moved = Table.__new__(Table)
        for name, value in vars(self).items():
            setattr(moved, name, value.to(device) if isinstance(value, Tensor) else value)
        moved._taught = self._taught and self._taught.each(lambda part: part.to(device))
        return moved

    def batches(
        self, groups: Sequence[Sequence[int]], chance: np.random.Generator | None = None, hidden: float = 0.0
    ) -> Iterator[LabelledBatch]:
        """A batch for each group of row numbers. `chance` draws the hints; without it they are as they are. `hidden`:
        the share of own tokens that are made unknown.
        """
        flat = np.concatenate([np.asarray(group) for group in groups]) if groups else np.zeros(0, dtype=np.int64)
        drawn = np.zeros(len(flat), dtype=np.int64) if chance is None else chance.integers(0, DRAWN, len(flat))
        rows, ways = (torch.from_numpy(each).to(self._cells.device) for each in (flat, drawn))
        at = 0
        for group in groups:
            part = slice(at, at + len(group))
            longest = max(self.longest[row] for row in group)
            yield self._batch(rows[part], ways[part], longest, hidden)
            at += len(group)

    def _batch(self, rows: Tensor, ways: Tensor, longest: int, hidden: float) -> LabelledBatch:
        at, real = self._places(rows, longest)
        cells = self._cells[at].long()
        hints = cells[..., _HINTS:].gather(-1, ways[:, None, None].expand(-1, longest, 1)).squeeze(-1)
        own = (cells[..., _OWN] == 1) & real
        ids = cells[..., _IDS] * real
        if hidden:
            ids = torch.where(own & (torch.rand(own.shape, device=own.device) < hidden), UNKNOWN, ids)
        inputs = {
            "input_ids": ids,
            "attention_mask": real.long(),
            "token_type_ids": cells[..., _TYPES] * real,
            "hints": hints * real,
        }
        tags, negated = (cells[..., column].where(real, IGNORED) for column in (_TAGS, _NEGATED))
        return LabelledBatch(
            inputs, own, self._intent[rows], self._also[rows].float(), tags, negated, self._said(rows, at)
        )

    def _places(self, rows: Tensor, longest: int) -> tuple[Tensor, Tensor]:
        """Where the tokens of rows lie in the table, and which of them there are: (rows, longest) each."""
        places = torch.arange(longest, device=rows.device)
        real = places < self._lengths[rows, None]
        return (self._starts[rows, None] + places).where(real, 0), real

    def _said(self, rows: Tensor, at: Tensor) -> Taught | None:
        if self._taught is None:
            return None
        said = self._taught
        return Taught(
            said.intent[rows].float(),
            said.also[rows].float(),
            said.tags[at].float(),
            said.negated[at].float(),
            said.pairs[rows].float(),
        )

    def keep(self, group: Sequence[int], said: Taught) -> None:
        """What teachers said of a batch of these rows goes along with every batch from now on; in half precision."""
        if self._taught is None:
            messages, tokens = (len(self), *said.intent.shape[1:]), (len(self._cells), *said.tags.shape[2:])
            follow = (len(self), *said.pairs.shape[1:])
            shapes = (messages, messages, tokens, tokens[:1], follow)
            self._taught = Taught(*(self._cells.new_zeros(shape, dtype=torch.float16) for shape in shapes))
        rows = torch.tensor(group, device=self._cells.device)
        at, real = self._places(rows, max(self.longest[row] for row in group))
        for kept, new in (
            (self._taught.intent, said.intent),
            (self._taught.also, said.also),
            (self._taught.pairs, said.pairs),
        ):
            kept[rows] = new.half()
        for kept, new in ((self._taught.tags, said.tags), (self._taught.negated, said.negated)):
            kept[at[real]] = new[real].half()


def _cells(row: Prepared, chance: np.random.Generator) -> NDArray[np.int32]:
    encoding = row.message.encoding
    own = np.zeros(len(encoding.ids), dtype=np.int32)
    own[row.message.words.places] = 1
    hints = [row.message.hints, *(noted(row, chance) for _ in range(DRAWN - 1))]
    columns = [encoding.ids, encoding.type_ids, own, row.tags, row.negated, *hints]
    return np.array(columns, dtype=np.int32).T
