"""What of a shopper's waiting updates is worth working, after an outage or in a flood. Pure.

Nothing is dropped in silence: what is passed over gets an outcome in the inbox, and the answer that does come says so.
A second tap on the same button while the first waits changes nothing: the two are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.telegram.updates import Raw, is_message, said_at, tapped
from storage.records import Update

STALE_AFTER = timedelta(minutes=10)
MESSAGES_WAITING = 5
TAPS_WAITING = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update in its shopper's queue. `lead`: lines that go in front of its answer. `paced`: how often of
    `postponed` nothing had failed.
    """

    update: Update
    raw: Raw = field(repr=False)
    lead: tuple[str, ...] = ()
    postponed: int = 0
    paced: int = 0


@dataclass(frozen=True, slots=True)
class Triage:
    """What is kept, in order, and the outcome of each update that is passed over."""

    kept: tuple[Waiting, ...]
    passed: tuple[tuple[Waiting, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """How many messages are worked each; of more, the newest is, with `notice` in front of its answer. `outcome` is
    what the others are kept as.
    """

    most: int
    notice: str
    outcome: str


USUAL = Rule(MESSAGES_WAITING, "flood-notice", "flooded")
BUSY = Rule(1, "busy-notice", "overtaken")
"""Under overload: everybody's newest message."""
HURRIED = Rule(1, "flood-notice", "flooded")
"""For a shopper who wrote more than a person can."""


def triage(waiting: Sequence[Waiting], now: datetime, rule: Rule = USUAL) -> Triage:
    """Of messages older than ten minutes the last is answered; of too many at once, the newest.

    What was begun, by a killed process or before an outage, is always worked to its end: its answer may stand in the
    transcript already.
    """
    begun = {item.update.update_id for item in waiting if item.update.attempts or item.postponed}
    messages = [item for item in waiting if is_message(item.raw) and item.update.update_id not in begun]
    taps = [item for item in waiting if not is_message(item.raw) and item.update.update_id not in begun]
    stale = [item for item in messages if is_stale(item.raw, now)]
    outcomes = {item.update.update_id: "stale" for item in stale[:-1]}
    fresh = [item for item in messages if item.update.update_id not in outcomes]
    leads = {stale[-1].update.update_id: "stale-apology"} if stale else {}
    if len(fresh) > rule.most:
        outcomes |= {item.update.update_id: rule.outcome for item in fresh[:-1]}
        # Where the newest is late too, being sorry for that is enough, the next time it is judged as well.
        leads.setdefault(fresh[-1].update.update_id, rule.notice)
    again = {item.update.update_id for item, before in zip(taps[1:], taps, strict=False) if _same_tap(item, before)}
    outcomes |= dict.fromkeys(again, "merged")
    taps = [item for item in taps if item.update.update_id not in again]
    outcomes |= {item.update.update_id: "flooded" for item in taps[:-TAPS_WAITING]}
    return Triage(
        tuple(_led(item, leads) for item in waiting if item.update.update_id not in outcomes),
        tuple((item, outcomes[item.update.update_id]) for item in waiting if item.update.update_id in outcomes),
    )


def is_stale(raw: Raw, now: datetime) -> bool:
    """A message that has waited so long that its shopper is owed an apology."""
    at = said_at(raw)
    return at is not None and now - at > STALE_AFTER


def _same_tap(item: Waiting, before: Waiting) -> bool:
    tap = tapped(item.raw)
    return tap is not None and tap == tapped(before.raw)


def _led(item: Waiting, leads: dict[int, str]) -> Waiting:
    lead = leads.get(item.update.update_id)
    return replace(item, lead=(*item.lead, lead)) if lead and lead not in item.lead else item
