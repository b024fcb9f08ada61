"""Who waits, and what they are told: that it takes longer, that it is no use to wait, that they are too quick."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from bot.overload import Level
from bot.reply import Line
from bot.telegram.intake import Intake
from bot.telegram.notices import Notice, Notices
from bot.telegram.queues import FairQueues
from bot.telegram.replies import Replies
from bot.telegram.triage import Triage, Waiting
from bot.telegram.updates import is_message
from bot.workers import Worker
from storage.shop import Shop

_BUSY, _REFUSED, _HURRIED = "busy", "refused", "hurried"
_ONCE_S = 60.0  # that somebody is too quick is said once in so long


class WaitingRoom:
    """Decides who is told what; `refuse` takes an update off its queue, once its shopper knows."""

    def __init__(
        self,
        queues: FairQueues[Waiting],
        intake: Intake,
        replies: Replies,
        database: Worker[Shop],
        refuse: Callable[[Waiting], None],
    ) -> None:
        self._queues, self._intake, self._refuse = queues, intake, refuse
        self._notices = Notices(replies, database, self._waits)
        self._now = 0.0

    def tell(self, now: float) -> None:
        """Tells whoever will have waited too long by the time of their turn, once in a spell of overload."""
        self._now = now
        overload = self._intake.overload
        if overload.level < Level.BUSY:
            return
        for place, user_id in enumerate(self._queues.everybody()):
            left = self._intake.ahead(place)
            if self._queues.since(user_id, now) + left < overload.busy_after:
                continue
            items = self._queues.of(user_id)
            if items and left >= self._intake.caps.refuse_after and is_message(items[-1].raw):
                self._notices.add(Notice(items[-1], _REFUSED, Line("busy-refused"), overload.spell, self._refuse))
            elif items and not self.was_told(user_id):
                line = Line("busy-wait", {"minutes": max(1, ceil(left / 60))})
                self._notices.add(Notice(items[-1], _BUSY, line, overload.spell))

    def was_told(self, user_id: int) -> bool:
        """Whether the shopper was told of the spell of overload under way."""
        overload = self._intake.overload
        return overload.level > Level.CALM and self._notices.told(user_id, _BUSY) == overload.spell

    def slow_down(self, user_id: int) -> None:
        """Tells a shopper who is too quick that the newest message is answered after a rest."""
        if items := self._queues.of(user_id):
            line = Line("hurried", {"seconds": int(self._intake.caps.rest)})
            self._notices.add(Notice(items[-1], _HURRIED, line, int(self._now // _ONCE_S)))

    def taps_lost(self, plan: Triage) -> None:
        """Tells a shopper whose taps were too many that only the newest count."""
        lost = any(outcome == "flooded" and not is_message(item.raw) for item, outcome in plan.passed)
        if lost and plan.kept:
            self._notices.add(Notice(plan.kept[-1], _HURRIED, Line("flood-taps"), int(self._now // _ONCE_S)))

    async def close(self) -> None:
        """Tells nobody any more."""
        await self._notices.close()

    def _waits(self, item: Waiting) -> bool:
        number = item.update.update_id
        return any(other.update.update_id == number for other in self._queues.of(item.update.user_id))
