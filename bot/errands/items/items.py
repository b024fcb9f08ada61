"""One shown item, or several: its details, questions about it, and a comparison.

Buttons: "Details" under each card, "Compare" under details, a pick under a comparison. A look at the details counts as
having opened the item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import ClassVar

from bot.draft import Draft, Effect
from bot.errands.errand import Errand, Request, Tap
from bot.errands.items.comparison import MOST, comparison
from bot.errands.items.details import NAME, details
from bot.errands.showing import shown_card
from bot.learning import learn
from bot.money import Rates
from bot.reply import ErrandAct, Learned, Line, Option
from bot.talk import missing_item, told_of
from bot.workers import Worker
from recommender.recommender import Recommender
from storage.records import Feedback, Intent, Reaction, Recommendation
from storage.shop import Shop

_TITLE = 30


class ItemErrand(Errand):
    """Tells of items that are on screen.

    Args:
        rates: with them, Chinese readers see about what a price is in yuan.
    """

    name: ClassVar[str] = NAME
    intents: ClassVar[frozenset[Intent]] = frozenset({Intent.ASK_PRODUCT, Intent.COMPARE})
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType(
        {"details": Intent.ASK_PRODUCT, "compare": Intent.COMPARE, "ask": Intent.ASK_PRODUCT}
    )

    def __init__(self, database: Worker[Shop], search: Worker[Recommender], rates: Rates) -> None:
        self._database, self._search, self._rates = database, search, rates

    async def serve(self, intent: Intent, request: Request) -> Draft | None:
        if not request.before.page:
            return None
        if intent is Intent.COMPARE:
            return self._compared(request)
        if not request.picks:
            return which(request)
        product = request.picks[0].product
        told = told_of(request.said, product, request.vocabulary, request.language)
        draft = details(request.picks[0], request.need, request.vocabulary, self._rates, request.before.page)
        return replace(draft, lines=(*told, *draft.lines))

    async def tap(self, tap: Tap) -> Draft | Learned:
        card = await self._database.run(lambda shop: shown_card(shop, tap.target, tap.user_id, tap.language))
        if isinstance(card, Learned):
            return card
        page = tap.before.page
        if tap.key == "compare" and len(page) > 1:
            return comparison(with_first(card, page), tap.need, tap.vocabulary, tap.before)
        draft = details(card, tap.need, tap.vocabulary, self._rates, page)
        return draft.then(Draft(need=draft.need, effect=opened(card, tap)))

    def _compared(self, request: Request) -> Draft:
        page, picks = request.before.page, request.picks
        if len(page) < 2:
            return Draft(need=request.need, lines=(Line("compare-need-two"),), options=picking(page, request.language))
        cards = picks if len(picks) > 1 else with_first(picks[0], page) if picks else page
        return comparison(cards, request.need, request.vocabulary, request.before)


def which(request: Request) -> Draft:
    """Asks which of the shown items is meant, each a button."""
    page = request.before.page
    return Draft(need=request.need, lines=(missing_item(page),), options=picking(page, request.language))


def picking(page: tuple[Recommendation, ...], language: str) -> tuple[Option, ...]:
    """A button for each shown item that leads to its details."""
    return tuple(
        Option(
            Line("item-choice", {"n": card.position, "title": card.product.title_in(language)[:_TITLE]}),
            does=ErrandAct(NAME, "details", card.id),
            row=card.position,
        )
        for card in page[: 2 * MOST]
    )


def with_first(card: Recommendation, page: tuple[Recommendation, ...]) -> tuple[Recommendation, ...]:
    """The item beside the others on screen."""
    return (card, *(other for other in page if other.product.id != card.product.id))


def opened(card: Recommendation, tap: Tap) -> Effect:
    """A look at the details is remembered as such."""
    return lambda shop: learn(shop, Feedback(card.id, tap.user_id, Reaction.OPEN, tap.now))
