"""Who asks what answers here is told: a program, and how to get a person. Nobody is left to take it for one. Who is
angry with the shop is offered a person, and no page of products or rules.
"""

from __future__ import annotations

from typing import ClassVar

from bot.cues import cue
from bot.draft import Draft
from bot.errands.errand import Errand, Request
from bot.errands.orders.told import HUMAN
from bot.reply import ErrandAct, Line, Option

_IDEAS = Option(Line("idea-all"), does=ErrandAct("ideas", "all"))


class Myself(Errand):
    """Hears "are you a bot?", and anger."""

    name: ClassVar[str] = "myself"

    async def hear(self, request: Request) -> Draft | None:
        text = request.said.text.strip(" .?!。？！")
        if cue("angry").fullmatch(text):
            return Draft(need=request.need, lines=(Line("sorry-angry"),), options=(HUMAN,))
        if not cue("who-are-you").fullmatch(text):
            return None
        return Draft(need=request.need, lines=(Line("myself"),), options=(_IDEAS, HUMAN))
