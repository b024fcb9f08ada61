"""What the plots of an evaluation draw: points and counts as plain numbers, ready for JSON and for the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from finetune.metrics import Judged
from nlu.outliers import OUTSIDE
from storage.records import Intent

_POINTS = 120
_BINS = 10
_BARS = 25


def reliability(judged: Sequence[Judged]) -> list[dict[str, float]]:
    """For each tenth of confidence that occurs: its middle, mean confidence, accuracy and count."""
    confidence = np.array([j.confidence for j in judged])
    right = np.array([j.intent == j.read for j in judged])
    place = np.clip(np.ceil(confidence * _BINS).astype(int) - 1, 0, _BINS - 1)
    return [
        {
            "middle": (at + 0.5) / _BINS,
            "confidence": float(confidence[place == at].mean()),
            "accuracy": float(right[place == at].mean()),
            "count": int((place == at).sum()),
        }
        for at in range(_BINS)
        if (place == at).any()
    ]


def risk_coverage(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """Share of messages answered, the surest first, and share of wrong ones among them (El-Yaniv and Wiener 2010)."""
    if not judged:
        return []
    wrong = np.array([j.intent != j.read for j in sorted(judged, key=lambda j: -j.confidence)])
    answered = np.arange(1, len(wrong) + 1)
    risk = np.cumsum(wrong) / answered
    first = max(1, len(wrong) // 50)  # the share of one or two messages says nothing
    rows = np.unique(np.linspace(first, len(wrong), min(_POINTS, len(wrong))).astype(int)) - 1
    return [(float(answered[row] / len(wrong)), float(risk[row])) for row in rows]


def outlier_bars(judged: Sequence[Judged], outside: str = OUTSIDE) -> list[dict[str, float]]:
    """Shares of the messages inside and outside by their score, in bars of equal width, empty where one side is."""
    scores = np.array([j.outlier for j in judged])
    strange = np.array([j.intent == outside for j in judged], dtype=np.bool_)
    if not strange.any() or strange.all():
        return []
    edges = np.linspace(scores.min(), max(scores.max(), scores.min() + 1e-6), _BARS + 1)
    inside, beyond = (np.histogram(scores[flags], edges)[0] / flags.sum() for flags in (~strange, strange))
    return [
        {
            "from": float(edges[at]),
            "to": float(edges[at + 1]),
            "inside": float(inside[at]),
            "outside": float(beyond[at]),
        }
        for at in range(_BARS)
    ]


def confusion(judged: Sequence[Judged]) -> dict[str, Any]:
    """The full table: `labels`, and `counts` with a row for each meant and a column for each read."""
    labels = order_of({j.intent for j in judged} | {j.read for j in judged})
    place = {label: at for at, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for j in judged:
        counts[place[j.intent], place[j.read]] += 1
    return {"labels": labels, "counts": counts.tolist()}


def order_of(labels: set[str]) -> list[str]:
    """The shop's intents in the order of its guide, others after them by name."""
    shop = [str(intent) for intent in Intent]
    return [label for label in shop if label in labels] + sorted(labels - set(shop))
