"""How pages are read, from a log: which places are looked at, and how many silent pages were judged at all.

A page is judged with some chance; on a judged page the card at place k is looked at with chance t_k (t_1 = 1), and a
card that was looked at gets a reaction with the chance g of its group. Groups are fifths of the scores, so that a place
is not blamed for the worse cards that stand there (regression-EM of Wang et al., "Position bias estimation for
unbiased learning to rank in personal search", WSDM 2018, with groups in place of a regression).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.attention import Attention
from recommender.prior import Matrix

ENOUGH_PAGES = 200
_GROUPS, _PSEUDO_PAGES, _ROUNDS = 5, 20.0, 60


@dataclass(frozen=True)
class Readings:
    """n pages of k places: `score` (n, k) as expected, nan where no card stood, and `reacted` (n, k)."""

    score: Matrix
    reacted: NDArray[np.bool_]


def attention_of(readings: Readings, start: Attention) -> Attention:
    """The chances of the log; `start` counts as a few pages, and stays where the log is short."""
    score, reacted = readings.score, readings.reacted
    stood = ~np.isnan(score)
    if len(score) < ENOUGH_PAGES or not reacted.any():
        return start
    group = _groups(score, stood)
    places, judged = _begin(start, score.shape[1]), start.judged
    appeal = np.full(_GROUPS, max(float(reacted[stood].mean()), 1e-3))
    spoken = reacted.any(axis=1)
    believed = np.ones(len(score))
    for _ in range(_ROUNDS):
        seen = places * appeal[group]
        silence = np.prod(np.where(stood, 1 - seen, 1.0), axis=1)
        believed = np.where(spoken, 1.0, judged * silence / (judged * silence + 1 - judged))
        looked = np.where(reacted, 1.0, places * (1 - appeal[group]) / np.maximum(1 - seen, 1e-9)) * believed[:, None]
        looked *= stood
        held = _begin(start, score.shape[1])
        judging = (believed[:, None] * stood).sum(axis=0)
        places = (looked.sum(axis=0) + _PSEUDO_PAGES * held) / (judging + _PSEUDO_PAGES)
        appeal = np.array(
            [_share(reacted[group == g].sum(), looked[(group == g) & stood].sum()) for g in range(_GROUPS)]
        )
        appeal, places = np.minimum(appeal * places[0], 0.99), places / places[0]
        judged = float((believed.sum() + _PSEUDO_PAGES * start.judged) / (len(score) + _PSEUDO_PAGES))
    quiet = float(believed[~spoken].mean()) if (~spoken).any() else start.judged
    return Attention(tuple(np.clip(places, 0.0, 1.0).tolist()), float(np.clip(quiet, 0.0, 1.0)))


def _begin(start: Attention, size: int) -> Matrix:
    last = len(start.places) - 1
    return np.array([start.places[min(place, last)] for place in range(size)]) / start.places[0]


def _groups(score: Matrix, stood: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Which fifth of all scores each belongs to; 0 where no card stood."""
    edges = np.quantile(score[stood], np.linspace(0, 1, _GROUPS + 1)[1:-1])
    return np.where(stood, np.searchsorted(edges, np.nan_to_num(score)), 0)


def _share(reactions: float, looks: float) -> float:
    return float((reactions + 0.5) / (looks + 1.0))
