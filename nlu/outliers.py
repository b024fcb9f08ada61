"""How far a message lies outside every label, from the logits alone: pure, shared by serving and evaluation.

Every score rises with strangeness. `python -m finetune.outliers` measures which of them is best for a model; what
it needs of the hidden features stays there, for serving sees only the logits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from storage.records import Intent

Floats = NDArray[np.float32]
OUTSIDE = str(Intent.OUT_OF_SCOPE)
"""What a label for everything else is called where nobody says otherwise."""


def outlier_scores(
    kind: str, logits: Floats, labels: Sequence[str], outside: str = OUTSIDE, temperature: float = 1.0
) -> Floats:
    """Scores (messages,) of logits (messages, labels) by one of SCORES.

    The trained class is asked at the temperature of the network, the others as they come. It can be asked only where
    `outside` is a label; without it the largest probability is asked.
    """
    if kind == "class":
        logits = logits / temperature
    inside = [at for at, label in enumerate(labels) if label != outside]
    if kind == "class" and len(inside) < len(labels):
        return _chance(logits, list(labels).index(outside))
    return SCORES["softmax" if kind == "class" else kind](logits[:, inside])


def _chance(logits: Floats, place: int) -> Floats:
    raised = logits - _log_sum(logits)[:, None]
    return np.asarray(np.exp(raised[:, place]), dtype=np.float32)


def _log_sum(logits: Floats) -> Floats:
    highest = logits.max(-1)
    return np.asarray(highest + np.log(np.exp(logits - highest[:, None]).sum(-1)), dtype=np.float32)


def _energy(logits: Floats) -> Floats:
    """The free energy at temperature 1 (Liu et al. 2020, arXiv 2010.03759)."""
    return -_log_sum(logits)


def _largest_logit(logits: Floats) -> Floats:
    """The largest logit, turned round (Hendrycks et al. 2022, arXiv 1911.11132)."""
    return np.asarray(-logits.max(-1), dtype=np.float32)


def _softmax(logits: Floats) -> Floats:
    """One less the largest probability (Hendrycks and Gimpel 2017, arXiv 1610.02136)."""
    return np.asarray(1 - np.exp(logits.max(-1) - _log_sum(logits)), dtype=np.float32)


SCORES: Mapping[str, Callable[[Floats], Floats]] = {"energy": _energy, "logit": _largest_logit, "softmax": _softmax}
"""Scores of the logits of the labels inside, by name; "class" is the probability of the trained class."""
