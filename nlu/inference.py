"""From messages to the network's numbers, behind one contract, whichever engine computes them.

An engine says how it likes to be asked: how many messages ride in one batch, and how many batches run side by side.
Eight-bit networks are asked message by message, for what they answer depends on what rides along (nlu/int8.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from nlu.decode import Floats, Logits
from nlu.ngrams import Ngrams, voted
from nlu.precision import Precision
from nlu.reading import Message, inputs_of
from nlu.session import open_session
from nlu.tokens import Ids

_BATCH = 32


class Network(Protocol):
    """`network(messages)`: the logits of each, in their order. May be called from `side_by_side` threads at once."""

    @property
    def together(self) -> int:
        """How many messages one call is best given."""
        ...

    @property
    def side_by_side(self) -> int:
        """How many calls may run at once."""
        ...

    def __call__(self, messages: Sequence[Message]) -> list[Logits]: ...


class OnnxNetwork:
    """A derived file on the CPU. Each call computes on the thread that makes it, so calls do not wait for one
    another."""

    def __init__(self, path: Path, precision: Precision, threads: int = 1, ngrams: Ngrams | None = None) -> None:
        """`threads`: calls at once; `ngrams` vote beside it. Raises DerivedBroken."""
        self._session, self._ngrams = open_session(path), ngrams
        self.together = 1 if precision is Precision.INT8 else _BATCH
        self.side_by_side = threads

    def __call__(self, messages: Sequence[Message]) -> list[Logits]:
        """At least one message; those of a batch are padded to the longest."""
        return voted(self._ngrams, messages, unpacked(self._session.run(None, packed(messages))))


def packed(messages: Sequence[Message]) -> dict[str, Ids]:
    """The named inputs of a batch, each (messages, longest) int64."""
    return inputs_of([message.encoding for message in messages], [message.hints for message in messages])


def unpacked(outputs: Sequence[Floats]) -> list[Logits]:
    """The outputs of a batch, message by message; rows of padding stay at the end of the tags and negations."""
    return [Logits(*rows) for rows in zip(*(np.asarray(output) for output in outputs), strict=True)]
