"""In which language it is talked, asked for in words: "in English please", 讲中文. The same as /language."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from bot.cues import cue
from bot.draft import Draft
from bot.errands.errand import Errand, Request
from bot.reply import Line
from storage.records import Language

_ASKED: tuple[tuple[str, Language], ...] = (("speak-english", "en"), ("speak-chinese", "zh"))


class Tongue(Errand):
    """Hears that another language is wanted."""

    name: ClassVar[str] = "tongue"

    async def hear(self, request: Request) -> Draft | None:
        text = request.said.text.strip(" .?!。？！，,~")
        language = next((tag for name, tag in _ASKED if cue(name).fullmatch(text)), None)
        if language is None:
            return None
        user = request.user_id
        return Draft(
            need=replace(request.need, language=language),
            lines=(Line("language-set", {"language": language}),),
            effect=lambda shop: shop.shoppers.set_language(user, language),
        )
