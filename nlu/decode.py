"""From the numbers of the network to what they say: pure, shared by serving, training and evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.outliers import OUTSIDE, outlier_scores
from nlu.reading import Words
from nlu.tags import Span, best_tags, spans_of

Floats = NDArray[np.float32]
SURE = 0.9
"""A confidence above this is a promise that others act on unasked: hardly any may be wrong (finetune/calibrate.py)."""


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
    """Fitted on the development set, kept beside the weights.

    `temperature` of the intents; `also`: least probability of a further request; `margin`: where the two likeliest
    intents lie closer than this, the shopper should be asked which was meant (0: never); `outlier`: which score
    tells messages outside every intent (nlu/outliers.py), `outside`: the least score that does (None: none does);
    `sure`: the least probability that may be called more than SURE.
    """

    temperature: float = 1.0
    also: float = 0.5
    margin: float = 0.15
    outlier: str = "class"
    outside: float | None = None
    sure: float = SURE

    @classmethod
    def of(cls, meta: Mapping[str, Any]) -> Calibration:
        """From the meta of an artefact; one made before a threshold was thought of has its default."""
        thresholds = {name: value for name, value in meta["thresholds"].items() if name in _THRESHOLDS}
        return cls(meta["temperature"], **thresholds)

    def thresholds(self) -> dict[str, Any]:
        """What `of` reads, for JSON, beside the temperature."""
        return {name: getattr(self, name) for name in _THRESHOLDS}


_THRESHOLDS = ("also", "margin", "outlier", "outside", "sure")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network reads in one message. `top`: every label with its probability, the likeliest first;
    `outlier`: how far outside every label it lies, and `outside`: whether that is too far.
    """

    top: tuple[tuple[str, float], ...]
    also: tuple[str, ...]
    spans: tuple[Span, ...]
    outlier: float = 0.0
    outside: bool = False

    @property
    def intent(self) -> str:
        return self.top[0][0]

    @property
    def confidence(self) -> float:
        return self.top[0][1]

    @property
    def margin(self) -> float:
        """By how much the likeliest label leads, 0..1."""
        return self.top[0][1] - self.top[1][1] if len(self.top) > 1 else 1.0


@dataclass(frozen=True, slots=True)
class Decoder:
    """What is needed to read the numbers: the labels, what was calibrated, which tag follows which (tags, tags), and
    the label of everything else.
    """

    labels: Sequence[str]
    calibration: Calibration = Calibration()
    follows: Floats | None = None
    outside_label: str = OUTSIDE

    def __call__(self, logits: Logits, words: Words, text: str) -> Reading:
        """Read one message. `words` says which tokens are the message's own and where they lie in `text`."""
        chances = softmax(logits.intent / self.calibration.temperature)
        order = np.argsort(-chances, kind="stable")
        shown = self._modest(chances)[order].tolist()
        top = tuple(zip([self.labels[at] for at in order.tolist()], shown, strict=True))
        tags = best_tags(logits.tags[words.places], self.follows)
        negated = sigmoid(logits.negated[words.places])
        spans = spans_of(tags, negated.tolist(), words.offsets, text)
        further = self._further(logits.also, int(order[0]))
        outlier = self._outlier(logits.intent, chances)
        limit = self.calibration.outside
        return Reading(top, further, tuple(spans), outlier, limit is not None and outlier >= limit)

    def _modest(self, chances: Floats) -> Floats:
        """The probabilities, with one that may not be called sure brought down to SURE and the others raised for it."""
        likeliest = float(chances.max())
        if not SURE < likeliest < self.calibration.sure:
            return chances
        shared = chances.copy()
        shared[chances.argmax()] = 0.0
        shared *= (1 - SURE) / max(float(shared.sum()), 1e-9)
        shared[chances.argmax()] = SURE
        return shared

    def _outlier(self, scores: Floats, chances: Floats) -> float:
        if self.calibration.outlier == "class" and self.outside_label in self.labels:
            return float(chances[self.labels.index(self.outside_label)])
        kind, temperature = self.calibration.outlier, self.calibration.temperature
        return float(outlier_scores(kind, scores[None], self.labels, self.outside_label, temperature)[0])

    def _further(self, scores: Floats, first: int) -> tuple[str, ...]:
        chances = sigmoid(scores).tolist()
        likely = [at for at, chance in enumerate(chances) if chance >= self.calibration.also and at != first]
        return tuple(self.labels[at] for at in sorted(likely, key=lambda at: -chances[at]))


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True), dtype=np.float32)


def sigmoid(scores: Floats) -> Floats:
    """Probabilities, each by itself."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float32)
