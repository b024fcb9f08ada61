"""Who asks what answers here is told: a program, and how to get a person. Nobody is left to take it for one."""

from __future__ import annotations

from typing import ClassVar

from bot.cues import cue
from bot.draft import Draft
from bot.errands.errand import Errand, Request
from bot.errands.orders.told import HUMAN
from bot.reply import ErrandAct, Line, Option

_IDEAS = Option(Line("idea-all"), does=ErrandAct("ideas", "all"))


class Myself(Errand):
    """Hears "are you a bot?"."""

    name: ClassVar[str] = "myself"

    async def hear(self, request: Request) -> Draft | None:
        if not cue("who-are-you").fullmatch(request.said.text.strip(" .?!。？！")):
            return None
        return Draft(need=request.need, lines=(Line("myself"),), options=(_IDEAS, HUMAN))
