"""/history: the last wishes of a shopper, each a tap away; going back searches anew, on the rows as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import ClassVar

from bot.cues import cue
from bot.draft import Draft
from bot.errands.errand import Errand, Request, Tap
from bot.reply import ErrandAct, Learned, Line, Option
from bot.summary import what
from bot.workers import Worker
from storage.records import Intent, Language, Need, Vocabulary
from storage.shop import Shop
from storage.transcripts import TurnRecord

NAME = "history"
_READ, _SHOWN = 80, 8


class History(Errand):
    """A button carries the turn of the wish."""

    name: ClassVar[str] = NAME
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType({"back": Intent.SEARCH, "show": Intent.HELP})
    commands: ClassVar[tuple[str, ...]] = (NAME,)

    def __init__(self, database: Worker[Shop]) -> None:
        self._database = database

    async def hear(self, request: Request) -> Draft | None:
        return await self._shown(request) if cue("history").fullmatch(request.said.text.strip(" .?!。？！")) else None

    async def command(self, name: str, argument: str, request: Request) -> Draft:
        return await self._shown(request)

    async def tap(self, tap: Tap) -> Draft | Learned:
        if tap.key == "show":
            return await self._shown(tap)
        record = await self._database.run(lambda shop: shop.transcripts.get(tap.target))
        if record is None or record.turn.user_id != tap.user_id or record.need is None:
            return Learned("gone" if record is None else "stranger", tap.language)
        need = replace(record.need, language=tap.language, since=tap.now, asked=None)
        return Draft(need=need, lines=(Line("history-again"),), seeks=True)

    async def _shown(self, where: Request | Tap) -> Draft:
        records = await self._database.run(lambda shop: shop.transcripts.history(where.user_id, _READ))
        wishes = _wishes(records, where.vocabulary, where.language)
        if not wishes:
            ideas = Option(Line("idea-all"), does=ErrandAct("ideas", "all"))
            return Draft(need=where.need, lines=(Line("history-empty"),), options=(ideas,))
        options = tuple(
            Option(label, does=ErrandAct(NAME, "back", record.turn.id), row=at)
            for at, (label, record) in enumerate(wishes, start=1)
        )
        return Draft(need=where.need, lines=(Line("history-list"),), options=options)


def _wishes(records: list[TurnRecord], vocabulary: Vocabulary, language: Language) -> list[tuple[Line, TurnRecord]]:
    """The last different wishes with pages, the newest first, each as it stood at its end."""
    found: dict[Need, tuple[Line, TurnRecord]] = {}
    for record in sorted(records, key=lambda each: -each.turn.id):
        need = record.need
        if need is None or need.empty or need.like_product or need.looks or "/" in (need.asked or ""):
            continue
        same = Need(query=need.query, wishes=need.wishes, price=need.price, least_rating=need.least_rating)
        parts = what(need, vocabulary, language)
        if parts and same not in found and len(found) < _SHOWN:
            day = {"what": parts, "day": record.turn.said_at.date()}
            found[same] = (Line("history-wish", day), record)
    return list(found.values())
