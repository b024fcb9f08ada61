"""Ideas for somebody without a wish: what trends, what is new, what is reduced, what suits, and a surprise.

Each by words, by buttons and from the page of ideas under /start and /ideas. What is said of a product is read from
its row and from what the shop counted; where nothing was counted yet, the reply says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from types import MappingProxyType
from typing import ClassVar

from bot import dialogue
from bot.cues import cue
from bot.draft import UNSURE_BELOW, Draft
from bot.errands.chosen import PAGE, chosen_page
from bot.errands.errand import Errand, Request, Tap
from bot.reply import ErrandAct, Learned, Line, Option
from bot.workers import Worker
from recommender.facts import MANY_RATINGS, NEW_DAYS, well_rated
from recommender.features import age_days
from recommender.filters import admits, filters_of
from recommender.heat import Heat
from recommender.recommender import Recommender
from storage.records import FILTERED_SLOTS, Filters, Intent, Need, Product, Reason, ReasonCode, SlotName, Vocabulary
from storage.shop import Shop

NAME = "ideas"
KINDS = ("trending", "new", "deals", "you", "surprise")
_LISTED = ("deals", "new", "trending")  # kinds that may be asked for of one kind of thing: "new dresses"
_LIMIT = 60
_OF_ALL = 400  # what a surprise is drawn from
_BUTTONS_A_ROW = 2


def idea_options(first_row: int = 1) -> tuple[Option, ...]:
    """The buttons of the page of ideas, two a row."""
    return tuple(
        Option(Line(f"idea-{kind}"), does=ErrandAct(NAME, kind), row=first_row + at // _BUTTONS_A_ROW)
        for at, kind in enumerate(KINDS)
    )


_FURTHER = (
    Option(Line("idea-gift"), does=ErrandAct("gift", "begin"), row=3),
    Option(Line("idea-guides"), does=ErrandAct("guides", "list"), row=4),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request for ideas: of what kind, for which need, from which place of the list on."""

    kind: str
    need: Need
    at: int
    now: datetime
    vocabulary: Vocabulary
    seed: int
    shown: frozenset[str] = frozenset()


_OF_THE_TALK = frozenset({SlotName.CATEGORY, SlotName.BRAND, SlotName.AUDIENCE})
"""What still holds where a shopper asks what of all this is reduced."""


class Ideas(Errand):
    """Serves `inspire`, by its words; what names no kind of idea is left to the ranked page."""

    name: ClassVar[str] = NAME
    intents: ClassVar[frozenset[Intent]] = frozenset({Intent.INSPIRE})
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType(dict.fromkeys((*KINDS, "all"), Intent.INSPIRE))
    commands: ClassVar[tuple[str, ...]] = (NAME,)
    doors: ClassVar[tuple[Option, ...]] = (*idea_options(), *_FURTHER)

    def __init__(self, database: Worker[Shop], search: Worker[Recommender]) -> None:
        self._database, self._search = database, search

    async def serve(self, intent: Intent, request: Request) -> Draft | None:
        kind = kind_of(request.said.text)
        if not kind or request.need.query or _beyond_filters(request.need):
            return None
        return await self._page(_asked(kind, request, replace(request.need, since=request.now)))

    async def hear(self, request: Request) -> Draft | None:
        """ "Deals on shoes" is a search by its intent; what it asks for is the list of what is reduced among shoes."""
        said, kind = request.said, kind_of(request.said.text)
        if kind in _LISTED and cue("idea-of-these").fullmatch(said.text.strip(" ?？!.。")):
            going_on = (wish for wish in request.need.wishes if wish.name in _OF_THE_TALK and not wish.negated)
            kinds = tuple(wish for wish in going_on if (wish.name, wish.value) in request.vocabulary.by_value)
            need = replace(request.need, query="", wishes=kinds, price=None, price_said=None, like_product="", looks=())
            return await self._page(_asked(kind, request, need))
        if said.intent is not Intent.SEARCH or kind not in _LISTED or said.price or said.also:
            return None
        need = replace(dialogue.begin(said, None, request.now), language=request.language)
        rest = cue(f"idea-{kind}").sub(" ", cue("inspiring").sub(" ", need.query))
        if any(letter.isalpha() for letter in rest) or _beyond_filters(need):
            return None
        return await self._page(_asked(kind, request, replace(need, query="")))

    async def answer(self, question: str, request: Request) -> Draft | None:
        """ "More" after a list goes on in the list."""
        kind, _, at = question.partition("-")
        said = request.said
        if said.intent is not Intent.MORE or said.confidence < UNSURE_BELOW or said.also or not at.isdigit():
            return None
        return await self._page(_asked(kind, request, request.before.need, int(at)))

    async def tap(self, tap: Tap) -> Draft | Learned:
        if tap.key == "all":
            return all_ideas(tap.need)
        of_list = tap.target and tap.before.need.asked == _question(tap.key, tap.target)
        need = tap.need if of_list else Need(language=tap.language, since=tap.now)
        return await self._page(_asked(tap.key, tap, need, tap.target))

    async def command(self, name: str, argument: str, request: Request) -> Draft:
        return all_ideas(request.need)

    async def _page(self, asked: _Asked) -> Draft:
        if asked.kind == "you":
            return await self._for_you(asked)
        heat = await self._search.run(lambda part: part.heat)
        products = await self._database.run(lambda shop: _listed(shop, asked, heat))
        shown = products[asked.at : asked.at + PAGE]
        if not shown:
            return _nothing(asked)
        line = asked.kind
        if asked.kind == "trending" and not any(heat.told(product.id) for product in shown):
            line = "popular"
        after = asked.at + PAGE if len(products) > asked.at + PAGE else 0
        need = replace(asked.need, asked=_question(asked.kind, after) if after else None)
        more = (Option(Line("button-more"), does=ErrandAct(NAME, asked.kind, after), row=1),) if after else ()
        return chosen_page(
            need,
            shown,
            asked.vocabulary,
            (Line(f"ideas-{line}"),),
            (*more, Option(Line("idea-all"), does=ErrandAct(NAME, "all"), row=1)),
            {product.id: _reasons(product, asked, heat) for product in shown},
            asked.seed,
        )

    async def _for_you(self, asked: _Asked) -> Draft:
        """The ranked page, with a word on what it goes by."""
        likes = await self._database.run(lambda shop: len(shop.feedback.events(asked.seed, _LIMIT)))
        line = Line("ideas-you", {"count": likes}) if likes else Line("ideas-you-unknown")
        return Draft(need=replace(asked.need, asked=None), lines=(line,), seeks=True)


def all_ideas(need: Need) -> Draft:
    """The page of ideas: a line, and a button for each kind."""
    return Draft(need=need, lines=(Line("ideas-all"),), options=(*idea_options(), *_FURTHER))


def kind_of(text: str) -> str:
    """The kind of idea that the words ask for; empty where they name none."""
    order = ("surprise", "deals", "new", "trending", "you")
    return next((kind for kind in order if cue(f"idea-{kind}").search(text)), "")


def _asked(kind: str, where: Request | Tap, need: Need, at: int = 0) -> _Asked:
    shown = frozenset(card.product.id for card in where.before.page) if kind == "surprise" else frozenset()
    seed = where.user_id if kind == "you" else where.before.turn.update_id
    return _Asked(kind, need, max(at, 0), where.now, where.vocabulary, seed, shown)


def _question(kind: str, at: int) -> str:
    return f"{NAME}/{kind}-{at}"


def _beyond_filters(need: Need) -> bool:
    """Whether something is wished that no list of rows can be narrowed by."""
    return any(wish.name not in FILTERED_SLOTS for wish in need.wishes) or bool(need.like_product or need.looks)


def _nothing(asked: _Asked) -> Draft:
    line = Line("nothing-left") if asked.at else Line(f"ideas-no-{asked.kind}")
    others = tuple(option for option in idea_options() if option.does and option.does.key != asked.kind)
    return Draft(need=replace(asked.need, asked=None), lines=(line,), options=others)


def _listed(shop: Shop, asked: _Asked, heat: Heat) -> list[Product]:
    """Rows of one kind of idea as they are now, the best first."""
    filters = filters_of(asked.need, asked.vocabulary)
    match asked.kind:
        case "new":
            ids = shop.catalogue.newest(filters, _LIMIT)
        case "deals":
            ids = shop.catalogue.reduced(filters, _LIMIT)
        case "surprise":
            return _surprise(shop, asked, filters)
        case _:
            told = sorted(heat.trending, key=lambda id: (-heat.trending[id], id))
            ids = [*[id for id in told if heat.told(id)][:_LIMIT], *shop.catalogue.popular(filters, _LIMIT)]
    return [product for product in shop.catalogue.get(list(dict.fromkeys(ids))).values() if admits(filters, product)]


def _surprise(shop: Shop, asked: _Asked, filters: Filters) -> list[Product]:
    """Three well rated things, each of another kind."""
    found = shop.catalogue.get(shop.catalogue.popular(filters, _OF_ALL)).values()
    good = [p for p in found if well_rated(p) and not p.sponsored and p.id not in asked.shown]
    Random(asked.seed).shuffle(good)
    kinds = {product.categories[-1:]: product for product in reversed(good)}
    return (list(kinds.values()) if len(kinds) >= PAGE else good)[:PAGE]


def _reasons(product: Product, asked: _Asked, heat: Heat) -> tuple[Reason, ...]:
    """Why it stands in the list, as far as it is true of the row."""
    rated = Reason(ReasonCode.WELL_RATED, {"rating": product.rating, "count": product.rating_count})
    found = [rated] if well_rated(product) else []
    if asked.kind == "trending" and product.rating_count >= MANY_RATINGS:
        found = [*found, Reason(ReasonCode.POPULAR, {"count": product.rating_count})]
    if asked.kind == "new" and (age := age_days(product, asked.now)) is not None and age <= NEW_DAYS:
        found = [Reason(ReasonCode.NEW, {"days": int(age)})]
    if asked.kind == "trending" and (told := heat.told(product.id)):
        found = [Reason(ReasonCode.TRENDING, {"kind": told[0], "count": told[1], "days": 7}), *found]
    return tuple(found)
