"""When the owner is told that something is wrong, and when that it is well again. Pure: readings in, notices out.

    states = stepped(RULES, states, levels, elapsed, now)
    if notice := due(RULES, states, messages, now):
        ...                                     # sent
        states = told(states, notice, now)

An alert holds when its reading has been at or over its threshold for long enough, and ceases when it has been under a
lower one for long enough; what cannot be read changes nothing. The owner hears once that it holds, again after gaps
that grow, and once that it is well. What is due at once goes into one message, messages keep apart, and there are only
so many in an hour. Time over a threshold is added up from one reading to the next, so that neither a night in which
nothing ran nor a clock that jumps counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from storage.health import AlertState

HOUR = 3600.0
_LONGEST_STEP = 60.0
_LONGEST_GAP = 24 * HOUR
APART = 60.0
"""Seconds between messages, in which others gather."""
PER_HOUR = 12
"""Messages in an hour."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that may be wrong.

    fires_at, clears_at: the level at which it holds, and under which it is well again.
    holds, calms: seconds for which the level must stay there.
    repeat: seconds until the owner is told again; then three times as long, and so on, a day at most.
    urgent: whether shoppers feel it now.
    """

    name: str
    fires_at: float
    clears_at: float
    holds: float = 0.0
    calms: float = 60.0
    repeat: float = 2 * HOUR
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to the owner: names of rules that hold since lately, that still hold, and that are well again."""

    new: tuple[str, ...] = ()
    still: tuple[str, ...] = ()
    well: tuple[str, ...] = ()


def stepped(
    rules: Iterable[Rule],
    states: Mapping[str, AlertState],
    levels: Mapping[str, float | None],
    elapsed: float,
    now: float,
) -> dict[str, AlertState]:
    """How each alert stands `elapsed` seconds after the last step. A level that is missing or None is not known."""
    elapsed = min(max(elapsed, 0.0), _LONGEST_STEP)
    return {
        rule.name: _step(rule, states.get(rule.name, AlertState(rule.name)), levels.get(rule.name), elapsed, now)
        for rule in rules
    }


def _step(rule: Rule, state: AlertState, level: float | None, elapsed: float, now: float) -> AlertState:
    if state.told_at is not None and state.told_at > now:  # the clock was put back
        state = replace(state, told_at=now)
    if level is None:
        return state
    if state.since is not None and state.ended is None:
        return _holding(rule, state, level, elapsed, now)
    if level < rule.fires_at:
        return replace(state, over=None)
    over = 0.0 if state.over is None else state.over + elapsed
    if over < rule.holds:
        return replace(state, over=over)
    if state.ended is not None:  # ill again before the owner heard that it was well: it was the same illness
        return replace(state, over=None, calm=None, ended=None)
    return AlertState(rule.name, since=now - over)


def _holding(rule: Rule, state: AlertState, level: float, elapsed: float, now: float) -> AlertState:
    if level >= rule.clears_at:
        return replace(state, calm=None)
    calm = 0.0 if state.calm is None else state.calm + elapsed
    if calm < rule.calms:
        return replace(state, calm=calm)
    return replace(state, calm=None, ended=now)


def holds(state: AlertState) -> bool:
    """Whether the alert holds now."""
    return state.since is not None and state.ended is None


def due(
    rules: Iterable[Rule], states: Mapping[str, AlertState], messages: Sequence[float], now: float
) -> Notice | None:
    """What the owner is to be told now, if anything. `messages`: when the owner was written to."""
    recent = [at for at in messages if now - HOUR < at <= now]
    if len(recent) >= PER_HOUR or (recent and now - max(recent) < APART):
        return None
    known = [(rule, states[rule.name]) for rule in rules if rule.name in states]
    # What seems to be over is not told of: a moment later it may be well.
    ill = [(rule, state) for rule, state in known if holds(state) and state.calm is None]
    notice = Notice(
        new=tuple(rule.name for rule, state in ill if not state.tellings),
        still=tuple(rule.name for rule, state in ill if _again(rule, state, now)),
        well=tuple(rule.name for rule, state in known if state.ended is not None),
    )
    return notice if notice != Notice() else None


def _again(rule: Rule, state: AlertState, now: float) -> bool:
    if not state.tellings or state.told_at is None:
        return False
    gap = min(rule.repeat * 3.0 ** min(state.tellings - 1, 8), _LONGEST_GAP)
    return now - state.told_at >= gap


def told(states: Mapping[str, AlertState], notice: Notice, now: float) -> dict[str, AlertState]:
    """After the owner has got a notice."""
    after = dict(states)
    for name in (*notice.new, *notice.still):
        after[name] = replace(states[name], told_at=now, tellings=states[name].tellings + 1)
    for name in notice.well:
        after[name] = AlertState(name)
    return after


def lately(messages: Sequence[float], now: float) -> tuple[float, ...]:
    """The messages that still count for how many there may be, with one sent now."""
    return (*(at for at in messages if now - HOUR < at <= now), now)
