"""From the numbers of the network to what they say: pure, shared by serving, training and evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.reading import Words
from nlu.tags import Span, best_tags, spans_of

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Logits:
    """The network's outputs for one message: intent and also (labels,), tags (tokens, tags), negated
    (tokens,)."""

    intent: Floats
    also: Floats
    tags: Floats
    negated: Floats


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted on the development set: the temperature of the intents, the least probability of a further one."""

    temperature: float = 1.0
    also: float = 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network reads in one message. `top`: every label with its probability, the likeliest first."""

    top: tuple[tuple[str, float], ...]
    also: tuple[str, ...]
    spans: tuple[Span, ...]

    @property
    def intent(self) -> str:
        return self.top[0][0]

    @property
    def confidence(self) -> float:
        return self.top[0][1]


@dataclass(frozen=True, slots=True)
class Decoder:
    """What is needed to read the numbers: the labels, what was calibrated, and which tag follows which (tags, tags)."""

    labels: Sequence[str]
    calibration: Calibration = Calibration()
    follows: Floats | None = None

    def __call__(self, logits: Logits, words: Words, text: str) -> Reading:
        """Read one message. `words` says which tokens are the message's own and where they lie in `text`."""
        chances = softmax(logits.intent / self.calibration.temperature)
        order = np.argsort(-chances, kind="stable")
        top = tuple((self.labels[at], float(chances[at])) for at in order)
        tags = best_tags(logits.tags[words.places], self.follows)
        negated = sigmoid(logits.negated[words.places])
        spans = spans_of(tags, negated.tolist(), words.offsets, text)
        return Reading(top, self._further(logits.also, int(order[0])), tuple(spans))

    def _further(self, scores: Floats, first: int) -> tuple[str, ...]:
        chances = sigmoid(scores)
        order = np.argsort(-chances, kind="stable")
        return tuple(self.labels[at] for at in order if chances[at] >= self.calibration.also and at != first)


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True), dtype=np.float32)


def sigmoid(scores: Floats) -> Floats:
    """Probabilities, each by itself."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float32)
