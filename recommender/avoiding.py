"""What a shopper would rather avoid stands behind what else there is, and is left out nowhere.

"Never" is a limit (bot/habits.py); this is none: an avoided thing comes where no place can be filled without it.
Like the owner's hand it bends the order after the score and never in it, so what is learned of the page stays true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from recommender.hand import Hand
from recommender.pool import Pool
from recommender.request import Request
from recommender.wishes import wanted_of
from storage.records import Need, SlotName, Vocabulary, Wish

_MARK = "avoided:"


def avoiding(hand: Hand, pool: Pool, request: Request, vocabulary: Vocabulary) -> Hand:
    """The hand with what this shopper avoids. An order that was asked for is bent by nothing."""
    if not request.avoided or not len(pool) or request.anonymous or request.need.ordered:
        return hand
    wanted = wanted_of(Need(wishes=request.avoided), vocabulary)
    granted = wanted.granted_in(pool.facts, pool.products)
    rows = np.flatnonzero(granted.any(axis=1))
    if not len(rows):
        return hand
    marks = {
        int(row): tuple(mark_of(wish.slot, wish.value) for at, wish in enumerate(wanted.wishes) if granted[row, at])
        for row in rows
    }
    return replace(hand, avoided=marks)


def mark_of(slot: SlotName, value: str) -> str:
    """How the log says it of a candidate, beside its features."""
    return f"{_MARK}{slot.value}={value}"


def avoided_in(features: Mapping[str, float]) -> tuple[Wish, ...]:
    """What the log says was avoided of a candidate."""
    told = [name.removeprefix(_MARK).partition("=") for name in features if name.startswith(_MARK)]
    return tuple(Wish(SlotName(slot), value) for slot, _, value in told)
