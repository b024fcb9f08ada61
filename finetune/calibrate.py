"""Fit the few numbers that turn scores into honest probabilities, on the development set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from finetune.examples import Example
from finetune.judge import logits_of
from nlu.decode import Calibration, Floats, sigmoid, softmax
from nlu.network import JointNetwork
from nlu.reading import Reader

_TEMPERATURES = np.geomspace(0.25, 4.0, 81)
_THRESHOLDS = np.arange(0.3, 0.96, 0.025)


def calibrate(
    network: JointNetwork,
    reader: Reader,
    dev: Sequence[Example],
    doubled: Sequence[Example],
    labels: Sequence[str],
) -> Calibration:
    """The temperature with the least surprise on `dev`, and the threshold of further requests with the best F1 on
    `dev` and `doubled`, messages of two requests.
    """
    examples = [*dev, *doubled]
    found = [logits for _, logits in logits_of(network, reader, examples)]
    number = {label: at for at, label in enumerate(labels)}
    intents = np.stack([logits.intent for logits in found])
    also = sigmoid(np.stack([logits.also for logits in found]))
    also[np.arange(len(examples)), intents.argmax(-1)] = 0.0
    truth = np.array([number[example.intent] for example in dev])
    wanted = np.zeros_like(also, dtype=bool)
    for row, example in enumerate(examples):
        wanted[row, [number[label] for label in example.also]] = True
    return Calibration(_temperature(intents[: len(dev)], truth), _threshold(also, wanted))


def _temperature(scores: Floats, truth: np.ndarray) -> float:
    def surprise(temperature: float) -> float:
        chances = softmax(scores / temperature)[np.arange(len(truth)), truth]
        return float(-np.log(np.clip(chances, 1e-9, 1)).mean())

    return float(min(_TEMPERATURES, key=surprise))


def _threshold(chances: Floats, wanted: np.ndarray) -> float:
    def f1(least: float) -> float:
        read = chances >= least
        right = (read & wanted).sum()
        return float(2 * right / max(1, read.sum() + wanted.sum()))

    return float(max(_THRESHOLDS, key=f1)) if wanted.any() else 0.9
