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


def decode(logits: Logits, words: Words, text: str, labels: Sequence[str], calibration: Calibration) -> Reading:
    """Read one message. `words` says which tokens are the message's own and where they lie in `text`."""
    chances = softmax(logits.intent / calibration.temperature)
    order = np.argsort(-chances, kind="stable")
    top = tuple((labels[at], float(chances[at])) for at in order)
    further = sigmoid(logits.also)
    also = [at for at in np.argsort(-further, kind="stable") if further[at] >= calibration.also and at != order[0]]
    tags = best_tags(logits.tags[words.places])
    negated = sigmoid(logits.negated[words.places])
    spans = spans_of(tags, negated.tolist(), words.offsets, text)
    return Reading(top, tuple(labels[at] for at in also), tuple(spans))


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True), dtype=np.float32)


def sigmoid(scores: Floats) -> Floats:
    """Probabilities, each by itself."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float32)
