"""Buying guides: found by words, offered beside a page of their kind of thing, read in the chat."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from bot.cues import cue
from bot.draft import Draft
from bot.errands.errand import Errand, Request, Tap
from bot.errands.guide_shelf import HEADING, LINKS, Guide, GuideShelf
from bot.reply import ErrandAct, Learned, Line, Option
from bot.workers import Worker
from recommender.filters import filters_of
from storage.records import Intent, Need, SlotName, Vocabulary
from storage.shop import Shop

NAME = "guides"
_LISTED = 10
_PART = 850  # characters; what is placed into a sentence is cut at 900
_NEWLINE, _AIR = "\n", "\n\n"
_LISTED_INTENTS = frozenset({Intent.SEARCH, Intent.INSPIRE, Intent.HELP, Intent.ASK_PRODUCT, Intent.OUT_OF_SCOPE})


class Guides(Errand):
    """A button carries the guide's number; one that leads to products, the guide's number and the link's."""

    name: ClassVar[str] = NAME
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType(
        {"list": Intent.INSPIRE, "open": Intent.INSPIRE, "find": Intent.SEARCH}
    )
    commands: ClassVar[tuple[str, ...]] = (NAME,)

    def __init__(self, database: Worker[Shop], shelf: GuideShelf, currency: str) -> None:
        self._database, self._shelf, self._currency = database, shelf, currency

    async def hear(self, request: Request) -> Draft | None:
        said = request.said
        if said.intent not in _LISTED_INTENTS or request.picks or not cue("guide").search(said.text):
            return None
        kinds = said.values(SlotName.CATEGORY) or _kinds_in(said.text, request.vocabulary)
        if not kinds:
            return self._list(request.need)
        lineage = [each for kind in kinds for each in request.vocabulary.lineage(SlotName.CATEGORY, kind)]
        guide = self._shelf.on(tuple(lineage), request.language)
        return await self._opened(guide, request.need, request.vocabulary) if guide else self._list(request.need, False)

    async def tap(self, tap: Tap) -> Draft | Learned:
        if tap.key == "list":
            return self._list(tap.need)
        number, place = divmod(tap.target, LINKS) if tap.key == "find" else (tap.target, 0)
        guide = self._shelf.get(number, tap.language)
        if guide is None:
            return Learned("gone", tap.language)
        if tap.key == "open":
            return await self._opened(guide, tap.need, tap.vocabulary)
        if place >= len(guide.links):
            return Learned("gone", tap.language)
        need = guide.links[place].need(Need(language=tap.language, since=tap.now), self._currency)
        return Draft(need=need, seeks=True)

    async def command(self, name: str, argument: str, request: Request) -> Draft:
        return self._list(request.need)

    def beside(self, draft: Draft) -> tuple[Option, ...]:
        """The guide on what is being looked for, while the page is of one kind of thing."""
        kinds = tuple(wish.value for wish in draft.need.wishes if wish.name is SlotName.CATEGORY and not wish.negated)
        guide = self._shelf.on(kinds, draft.need.language) if len(kinds) == 1 else None
        return (_button(guide),) if guide else ()

    def _list(self, need: Need, known: bool = True) -> Draft:
        """All guides as buttons; with a plain word where there is none on what was asked."""
        guides = self._shelf.all(need.language)[:_LISTED]
        line = "guides-list" if guides else "guides-none"
        lines = (Line(line),) if known or not guides else (Line("guides-not-on-that"),)
        buttons = tuple(_button(guide, row) for row, guide in enumerate(guides, start=1))
        return Draft(need=need, lines=lines, options=(*buttons, _other_ideas()))

    async def _opened(self, guide: Guide, need: Need, vocabulary: Vocabulary) -> Draft:
        """The guide's text, with a button for each of its links that leads to something now."""
        needs = [link.need(need, self._currency) for link in guide.links]
        counts = await self._database.run(lambda shop: [_count(shop, each, vocabulary) for each in needs])
        found = tuple(
            Option(_text(link.label), does=ErrandAct(NAME, "find", guide.number * LINKS + at), row=at + 1)
            for at, (link, count) in enumerate(zip(guide.links, counts, strict=True))
            if count
        )
        lines = (_title(guide), *(_text(part) for part in _parts(guide.blocks)))
        more = Option(Line("guides-more"), does=ErrandAct(NAME, "list"), row=len(guide.links) + 1)
        return Draft(need=need, lines=lines, options=(*found, more))


def _parts(blocks: tuple[str, ...]) -> list[str]:
    """The paragraphs with air between them, as many to a line of the reply as a fact of it may be long."""
    found: list[str] = []
    for block in blocks:
        under = bool(found) and found[-1].rpartition("\n")[2].startswith(HEADING)
        joined = f"{found[-1]}{_NEWLINE if under else _AIR}{block}" if found else block
        if found and len(joined) <= _PART:
            found[-1] = joined
        else:
            found.append(block)
    return found


def _count(shop: Shop, need: Need, vocabulary: Vocabulary) -> int:
    return shop.catalogue.count(filters_of(need, vocabulary))


def _kinds_in(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Kinds of thing that stand in the words, the longest first; for messages whose slots were not read."""
    said = text.casefold()
    forms = [(form, term.value) for term in vocabulary.terms if term.slot is SlotName.CATEGORY for form in term.zh]
    found = sorted((form, value) for form, value in forms if form and form in said)
    return tuple(value for form, value in sorted(found, key=lambda pair: -len(pair[0])))


def _title(guide: Guide) -> Line:
    return Line("guides-title", {"title": guide.title})


def _text(text: str) -> Line:
    return Line("quote", {"text": text})


def _button(guide: Guide, row: int = 9) -> Option:
    return Option(_title(guide), does=ErrandAct(NAME, "open", guide.number), row=row)


def _other_ideas() -> Option:
    return Option(Line("idea-all"), does=ErrandAct("ideas", "all"), row=20)
