"""How long what is kept: periods from the settings, ended in small steps by whoever may write.

    with RetentionDesk(settings.data) as desk:
        desk.end(Kept.TALK, cut, told=print)

The running bot is asked for one step at a time (bot/desks/control.py), and answers shoppers in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.desks.control import Serve
from bot.desks.desk import Desk
from bot.erasing import settle
from bot.settings import Settings
from storage import forgetting, instants
from storage.retention import Kept, Step, expire

if TYPE_CHECKING:
    from bot.wiring import House

STEP, SETTLE = "retention step", "retention settle"


def cuts(settings: Settings, now: datetime) -> dict[Kept, datetime]:
    """What is older than these instants goes; whole days by the shop's clock. What has no period is not there."""
    today = now.astimezone(settings.clock).replace(hour=0, minute=0, second=0, microsecond=0)
    days = {
        Kept.SHOWN: settings.keep_impressions_days,
        Kept.TALK: settings.keep_transcripts_days,
        Kept.INBOX: settings.keep_inbox_days,
    }
    return {kept: today - timedelta(days=number) for kept, number in days.items() if number}


class RetentionDesk(Desk):
    """Ends periods; use as a context manager."""

    def end(self, kept: Kept, cut: datetime, told: Callable[[int], None] = lambda _: None) -> int:
        """Everything of this kind that is older goes; how many rows. `told` hears of the rows of each step."""
        gone, cursor = 0, 0
        while True:
            step = self._step(kept, cut, cursor)
            gone += step.gone
            told(step.gone)
            if step.next is None:
                break
            cursor = step.next
        if kept is Kept.TALK and gone:
            self._settle()
        return gone

    def _settle(self) -> None:
        """The words of turns that went leave the index, too."""
        if self._bot:
            self._bot.ask(SETTLE)
            return
        assert self._shop is not None
        forgetting.settle(self._shop)

    def _step(self, kept: Kept, cut: datetime, cursor: int) -> Step:
        if self._bot:
            answer = self._bot.ask(STEP, kept=kept.value, cut=instants.to_text(cut), cursor=cursor)
            return Step(int(answer["gone"]), answer["next"])
        assert self._shop is not None
        return expire(self._shop, kept, cut, cursor)


def retention_requests(house: House) -> Mapping[str, Serve]:
    """The bot's side."""

    async def step(request: dict[str, Any]) -> dict[str, Any]:
        kept, cut, cursor = Kept(request["kept"]), instants.from_text(request["cut"]), int(request["cursor"])
        done = await house.database.run(lambda shop: expire(shop, kept, cut, cursor))
        return {"gone": done.gone, "next": done.next}

    async def settled(_: dict[str, Any]) -> dict[str, Any]:
        await settle(house.database)
        return {}

    return {STEP: step, SETTLE: settled}
