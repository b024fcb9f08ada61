"""The page on screen: back to the one before it, on again, and "never mind".

"Back" and "never mind" stand in a few sure words (bot/cues), whatever the model takes them for; Back has a button
beside More as well. A page that is shown again is recorded as a page of its own, so that "the second one" means what
is on screen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import ClassVar

from bot.cues import cue
from bot.draft import BACK, Draft
from bot.errands.errand import Errand, Request, Tap
from bot.errands.leaves import Spread, leaf, shown_again
from bot.reply import ErrandAct, Learned, Line, Option
from bot.summary import chips_of, names_a_thing, what
from bot.understanding.screen import SCREEN
from bot.workers import Worker
from storage.records import Intent, Language, Vocabulary
from storage.shop import Shop

NAME = "page"
_BACK, _AGAIN, _ON = -1, 0, 1
_ON_AGAIN = Option(Line("button-more"), does=ErrandAct(NAME, "on"))
_MORE = {"en": "more", "zh": "换一批"}
_IDEAS = {"en": "surprise me", "zh": "随便推荐点什么"}
_LEAD = re.compile(
    r"^(?:(?:na+h?|nope|no|hm+|actually|sorry|wait|oh|ok|well)\b[\s,.!]+)+|^(?:[算不]了?吧?|嗯|哦|还是)[，,。\s]+", re.I
)
_COURTESIES = " \t\n.,!?。，！？~～…"


class PageErrand(Errand):
    """Leafs through the pages of the talk."""

    name: ClassVar[str] = NAME
    intents: ClassVar[frozenset[Intent]] = frozenset({Intent.MORE})
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType({"back": Intent.MORE, "on": Intent.MORE})

    def __init__(self, database: Worker[Shop]) -> None:
        self._database = database

    async def hear(self, request: Request) -> Draft | None:
        said = _LEAD.sub("", request.said.text).strip(_COURTESIES)
        if cue("never-mind").fullmatch(said):
            return _never_mind(request)
        if not cue("back").fullmatch(said):
            return None
        if not request.before.page:
            return _nothing_before(request)
        spread = await self._database.run(lambda shop: leaf(shop, request.user_id, 0, _BACK))
        if spread is None and (request.before.need.asked or "").endswith(f"/{SCREEN}"):
            spread = await self._database.run(lambda shop: leaf(shop, request.user_id, 0, _AGAIN))  # from the cart
        if spread is None:
            return _nothing_before(request)
        return leafed(spread, request.before.turn.id, request.language, request.vocabulary)

    async def serve(self, intent: Intent, request: Request) -> Draft | None:
        """ "More" on a page that was gone back to is the page after it."""
        if not request.before.page:
            return None
        spread = await self._database.run(lambda shop: _after(shop, request.user_id))
        return leafed(spread, request.before.turn.id, request.language, request.vocabulary) if spread else None

    async def tap(self, tap: Tap) -> Draft | Learned:
        step = _BACK if tap.key == "back" else _ON
        spread = await self._database.run(lambda shop: leaf(shop, tap.user_id, tap.target, step))
        if spread is None:
            return Learned("gone", tap.language)
        draft = leafed(spread, tap.before.turn.id, tap.language, tap.vocabulary)
        return replace(draft, edits_turn=tap.target)


def leafed(spread: Spread, turn_id: int, language: Language, vocabulary: Vocabulary) -> Draft:
    """The page again, as that of the turn `turn_id`."""
    need = replace(spread.need, language=language, asked=None)
    parts = what(need, vocabulary, language)
    header = Line("looking-for" if names_a_thing(need) else "looking-within", {"what": parts})
    foot = () if spread.first else (BACK,)
    return Draft(
        need=need,
        lines=(header if parts else Line("found-inspire"),),
        chips=chips_of(need, vocabulary, language),
        slate=spread.slate(turn_id),
        has_more=spread.last,
        foot=foot if spread.last else (*foot, _ON_AGAIN),
    )


def _after(shop: Shop, user_id: int) -> Spread | None:
    return leaf(shop, user_id, 0, _ON) if shown_again(shop, user_id) else None


def _nothing_before(request: Request) -> Draft:
    """There is no page before this one; what is on screen stays."""
    if not request.before.page:
        return Draft(need=request.need, lines=(Line("no-items-shown"),), options=_ideas(request.language))
    return Draft(need=request.need, lines=(Line("page-first"),), options=_go_on(request.language))


def _never_mind(request: Request) -> Draft:
    """What was asked is dropped, the wish stays until the shopper says otherwise."""
    if request.need.empty:
        return Draft(need=request.need, lines=(Line("page-never-mind"),), options=_ideas(request.language))
    return Draft(need=request.need, lines=(Line("page-never-mind-wish"),), options=_go_on(request.language))


def _go_on(language: Language) -> tuple[Option, ...]:
    return (Option(Line("button-more"), text=_MORE[language]), Option(Line("page-afresh"), text="/reset"))


def _ideas(language: Language) -> tuple[Option, ...]:
    return (Option(Line("page-ideas"), text=_IDEAS[language]),)
