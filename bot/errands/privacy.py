"""/privacy: what is kept of a shopper, in numbers; all of it as a file; and all of it gone, after a confirming button.

The confirming button is no turn: it is served at the door (bot/telegram/privacy.py), since a recorded answer would be
a new trace of who asked to leave none.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from bot.cues import cue
from bot.draft import Draft
from bot.errands.errand import Errand, Request, Tap
from bot.reply import Attachment, ErrandAct, Learned, Line, Option
from bot.workers import Worker
from storage import personal
from storage.records import Intent
from storage.shop import Shop

NAME, SURE = "privacy", "sure"
EXPORT = "export"
"""The attachment that is all that is kept."""
_GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "turns": ("turns",),
        "cards": ("impressions",),
        "reactions": ("feedback",),
        "kept": ("preferences",),
        "cart": ("cart_lines", "saved"),
        "orders": ("orders",),
        "cases": ("cases", "tickets"),
    }
)


class Privacy(Errand):
    """Shows, exports, and asks before erasing."""

    name: ClassVar[str] = NAME
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType(dict.fromkeys(("show", "export", "erase"), Intent.HELP))
    commands: ClassVar[tuple[str, ...]] = (NAME,)

    def __init__(self, database: Worker[Shop], backup_days: int) -> None:
        """`backup_days`: after how many days nothing erased is left in any backup."""
        self._database, self._backups = database, Line("privacy-backups", {"days": backup_days})

    async def hear(self, request: Request) -> Draft | None:
        text = request.said.text
        if cue("erase-me").search(text):
            return self._ask(request)
        if cue("export-me").search(text):
            return _export(request)
        return await self._shown(request) if cue("privacy").search(text) else None

    async def command(self, name: str, argument: str, request: Request) -> Draft:
        return await self._shown(request)

    async def tap(self, tap: Tap) -> Draft | Learned:
        if tap.key == "erase":
            return self._ask(tap)
        return _export(tap) if tap.key == "export" else await self._shown(tap)

    async def _shown(self, where: Request | Tap) -> Draft:
        counts = await self._database.run(lambda shop: personal.counts(shop, where.user_id))
        lines = [Line("privacy")]
        for group, tables in _GROUPS.items():
            if count := sum(counts.get(table, 0) for table in tables):
                lines.append(Line(f"privacy-{group}", {"count": count}))
        lines.append(self._backups)
        acts = (("export", 1), ("erase", 2))
        options = tuple(Option(Line(f"privacy-do-{key}"), does=ErrandAct(NAME, key), row=row) for key, row in acts)
        kept = Option(Line("prefs-show"), does=ErrandAct("prefs", "show"), row=3)
        return Draft(need=where.need, lines=tuple(lines), options=(*options, kept))

    def _ask(self, where: Request | Tap) -> Draft:
        options = (
            Option(Line("privacy-do-sure"), does=ErrandAct(NAME, SURE), row=1),
            Option(Line("privacy-do-keep"), does=ErrandAct(NAME, "show"), row=2),
        )
        return Draft(need=where.need, lines=(Line("privacy-sure"), self._backups), options=options)


def _export(where: Request | Tap) -> Draft:
    options = (Option(Line("privacy-do-erase"), does=ErrandAct(NAME, "erase")),)
    return Draft(
        need=where.need, lines=(Line("privacy-export"),), options=options, attachments=(Attachment(EXPORT, {}),)
    )
