"""What comes in, judged before anything heavy is done for it: whether the bot is busy, and which shopper is too quick.

Runs beside the queues and measures them: how long whoever is next has waited, and how long whoever comes now will.
Talks that were going on before the bot was busy go first, at the pace of a person: a talk is finished before another
is begun, and a crowd that arrives at once is felt by those who came with it. A crowd is noticed some seconds after its
first have come, so who came within these seconds came with it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.health import figures
from bot.overload import Level, Overload
from bot.telegram.buckets import Bucket

_SHOPPERS = 20_000
_SMOOTH = 0.1
_GOING_ON_S = 900.0  # a talk, after its last turn
_TURNS, _TURN_EACH_S = 6, 6.0  # at once, and then one in so long: what a talk that goes first may take


@dataclass(frozen=True, slots=True)
class Caps:
    """What is taken: updates of one shopper in a minute, updates that wait, and after how long a wait (seconds) new
    messages are refused; a shopper who is too quick waits `rest` seconds. A talk that began so many seconds (`settled`)
    before the first sign of a crowd did not come with it.
    """

    shopper_per_minute: int = 180
    queue: int = 5000
    refuse_after: float = 600.0
    rest: float = 20.0
    settled: float = 10.0


@dataclass(slots=True)
class _Talk:
    """A shopper's turns: when the first and the last were, and how quick a talk may be that goes first."""

    began: float
    last: float
    pace: Bucket = field(default_factory=lambda: Bucket(1 / _TURN_EACH_S, _TURNS))


class Intake:
    """The measure of the wait, and each shopper's share."""

    def __init__(self, caps: Caps, overload: Overload, concurrency: int) -> None:
        self.caps, self.overload, self._concurrency = caps, overload, concurrency
        self._shoppers: OrderedDict[int, Bucket] = OrderedDict()
        self._talks: OrderedDict[int, _Talk] = OrderedDict()
        self._calm_at = float("-inf")  # when it was last
        self._seconds = 0.2  # that a shopper's turn takes, smoothed
        self.wait = 0.0
        """Seconds that a message which comes now would wait."""

    def measure(self, now: float, shoppers: int, longest: float) -> Level:
        """Takes the queues as they are: how many wait for a turn, and how long the next one has."""
        self.wait = max(longest, self.ahead(shoppers))
        figures.WAIT_SECONDS.set(self.wait)
        level = self.overload.observe(now, self.wait)
        if level is Level.CALM:
            self._calm_at = now
        return level

    def served(self, user_id: int, now: float, seconds: float) -> None:
        """A shopper's turn took so long."""
        self._seconds += _SMOOTH * (seconds - self._seconds)
        talk = self._going_on(user_id, now)
        if talk is None and self.overload.level is Level.CALM:
            talk = self._talks[user_id] = _Talk(began=now, last=now)
        if talk:
            talk.last = now
            self._talks.move_to_end(user_id)
            if len(self._talks) > _SHOPPERS:
                self._talks.popitem(last=False)

    def prefers(self, user_id: int) -> bool:
        """Whether the shopper goes first: those whose talk was going on already, before the bot was busy."""
        now = asyncio.get_running_loop().time()
        talk = self._going_on(user_id, now)
        return talk is not None and talk.began <= self._calm_at - self.caps.settled and talk.pace.spare(now)

    def _going_on(self, user_id: int, now: float) -> _Talk | None:
        talk = self._talks.get(user_id)
        return talk if talk and now - talk.last < _GOING_ON_S else None

    @property
    def spared(self) -> int:
        """How many hands those who do not go first leave free for the others: a quarter, half while the bot is busy."""
        return self._concurrency // (4 if self.overload.level is Level.CALM else 2)

    def ahead(self, shoppers: int) -> float:
        """Seconds until so many shoppers have been served."""
        return shoppers * self._seconds / self._concurrency

    def too_quick(self, user_id: int) -> bool:
        """Counts one more update of a shopper that is to be worked; whether that is more than a person can write."""
        now = asyncio.get_running_loop().time()
        bucket = self._shoppers.get(user_id)
        if bucket is None:
            while len(self._shoppers) >= _SHOPPERS and next(iter(self._shoppers.values())).rested(now):
                self._shoppers.popitem(last=False)
            # Two thirds at once, the others spread over the minute: never more in any.
            most = self.caps.shopper_per_minute
            bucket = self._shoppers[user_id] = Bucket(most / 3 / 60, max(1.0, most * 2 / 3))
        self._shoppers.move_to_end(user_id)
        return not bucket.spare(now)
