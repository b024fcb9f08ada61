"""Where in the purchase a shopper stands: chances over the stages, from the message and from what was done lately.

The message gives chances through the understander's own (`Understanding.top`); what was done in the last hour bends
them. A search just after three carted shoes is no stroll. Each event multiplies the odds of the stages it speaks for,
by less the longer it is ago. The factors are set by hand: no log of purchases comes with this program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import exp
from types import MappingProxyType

from storage.records import DEFAULT_STAGE, Event, Reaction, Stage, Understanding

StageOdds = tuple[tuple[Stage, float], ...]
"""A chance for every stage, in the order of `Stage`; they sum to 1."""

_HALF_LIFE = timedelta(minutes=30)
_CERTAIN, _STALE = 0.97, 1e-3
_TOWARDS: Mapping[Reaction, Mapping[Stage, float]] = MappingProxyType(
    {
        Reaction.OPEN: {Stage.CONSIDER: 0.5},
        Reaction.LIKE: {Stage.CONSIDER: 0.6},
        Reaction.SAVE: {Stage.CONSIDER: 0.9, Stage.BUY: 0.3},
        Reaction.MORE_LIKE: {Stage.CONSIDER: 0.5},
        Reaction.LESS_LIKE: {Stage.CONSIDER: 0.3},
        Reaction.CART: {Stage.CONSIDER: 0.8, Stage.BUY: 1.3},
        # Who has bought may need the shop's help, and otherwise begins anew.
        Reaction.BUY: {Stage.AFTER_SALES: 0.8},
    }
)


def certain(stage: Stage) -> StageOdds:
    """Nothing but this stage."""
    return tuple((each, float(each is stage)) for each in Stage)


def stage_odds(said: Understanding, events: Iterable[Event], now: datetime) -> StageOdds:
    """The chances of every stage. `events`: what the shopper did lately, in any order; what is old counts nothing."""
    chances = _said(said)
    bent = {stage: chance * exp(_push(stage, events, now)) for stage, chance in chances.items()}
    total = sum(bent.values())
    return tuple((stage, bent[stage] / total) for stage in Stage)


def _said(said: Understanding) -> dict[Stage, float]:
    """The message alone. What the model leaves open, up to a little always, is spread evenly."""
    chances = dict.fromkeys(Stage, 0.0)
    for intent, chance in said.top or ((said.intent, said.confidence),):
        # The stage said outright is the one of the intent that was settled on (a button, a question answered).
        stage = said.stage if intent is said.intent else DEFAULT_STAGE[intent]
        chances[stage] += max(chance, 0.0)
    known = sum(chances.values())
    scale = _CERTAIN / max(known, _CERTAIN)
    left = 1.0 - known * scale
    return {stage: chance * scale + left / len(Stage) for stage, chance in chances.items()}


def _push(stage: Stage, events: Iterable[Event], now: datetime) -> float:
    """Log of the factor by which events change the odds of a stage; at most the one of three fresh events."""
    total, most = 0.0, 0.0
    for event in events:
        faded = 0.5 ** max((now - event.at) / _HALF_LIFE, 0.0)
        strength = _TOWARDS.get(event.reaction, {}).get(stage, 0.0)
        if faded > _STALE:
            total, most = total + faded * strength, max(most, strength)
    return min(total, 3 * most)
