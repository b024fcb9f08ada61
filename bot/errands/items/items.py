"""One shown item, or several: its details, questions about it, and a comparison.

Buttons: "Details" under each card, "Compare" and "All pictures" under details, a pick under a comparison. A look at the
details or the pictures counts as having opened the item.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import ClassVar

from bot.cues import cue
from bot.draft import Draft, Effect
from bot.errands.currencies import price_asked_in, prices_in
from bot.errands.errand import Errand, Request, Tap
from bot.errands.items.aspects import aspects_of
from bot.errands.items.comparison import MOST, comparison
from bot.errands.items.details import NAME, at, details
from bot.errands.items.gallery import (
    PICTURES,
    asks_for_pictures,
    gallery,
    pictures_above,
    pictures_option,
    stands_above,
)
from bot.errands.items.pricing import ENOUGH, Kind, asks_for_its_price, pricing
from bot.errands.items.questions import answered, is_general
from bot.errands.items.sentences import sentences_of
from bot.errands.items.variety import varieties, variety_asked
from bot.errands.showing import shown_card
from bot.learning import learn
from bot.money import Rates
from bot.reply import Action, CaseAct, ErrandAct, Learned, Line, Option
from bot.talk import missing_item
from bot.workers import Worker
from recommender.recommender import Recommender
from storage.records import (
    Feedback,
    Filters,
    Intent,
    Language,
    PriceRange,
    Product,
    Reaction,
    ReasonCode,
    Recommendation,
    SlotName,
    Understanding,
)
from storage.segment import Segmenter
from storage.shop import Shop

_TITLE = 30
_CHEAPER = {"en": "something cheaper", "zh": "便宜一点的"}
log = logging.getLogger(__name__)


class ItemErrand(Errand):
    """Tells of items that are on screen.

    Args:
        rates: with them, prices are shown in another currency, too.
    """

    name: ClassVar[str] = NAME
    intents: ClassVar[frozenset[Intent]] = frozenset({Intent.ASK_PRODUCT, Intent.COMPARE})
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType(
        {"details": Intent.ASK_PRODUCT, PICTURES: Intent.ASK_PRODUCT, "compare": Intent.COMPARE}
    )

    def __init__(self, database: Worker[Shop], search: Worker[Recommender], rates: Rates) -> None:
        self._database, self._search, self._rates = database, search, rates
        self._segment = Segmenter.of_base()

    async def serve(self, intent: Intent, request: Request) -> Draft | None:
        if not request.before.page:
            return None
        if intent is Intent.COMPARE:
            return self._compared(request)
        if asks_for_pictures(request.said.text):
            return await self._pictured(request)
        if slot := variety_asked(request.said.text):
            cards = _meant(request)
            lines = varieties(slot, [card.product for card in cards], request.vocabulary, request.language)
            return Draft(need=request.need, lines=lines, options=picking(cards, request.language))
        if in_money := self._in_money(request):
            return in_money
        if not request.picks and (lines := self._of_each(request)):
            return Draft(need=request.need, lines=lines, options=picking(request.before.page, request.language))
        if not request.picks:
            dear = (cheaper_option(request.language),) if asks_for_its_price(request.said.text) else ()
            return which(request).then(Draft(need=request.need, options=dear))
        card = request.picks[0]
        if asks_for_its_price(request.said.text):
            return await self._priced(card, request)
        if is_general(request.said):
            return self._detailed(card, request)
        return await self._answered(card, request)

    async def hear(self, request: Request) -> Draft | None:
        """ "How much is it in euros?": at the shop's own rate, or not at all. "Recommend me one": one of these."""
        said = request.said
        if not request.before.page or (said.item_refs and not request.picks):
            return None
        if cue("recommend-one").fullmatch(said.text.strip(" .!?。！？,，")):
            return self._recommended(request)
        return self._in_money(request)

    def _recommended(self, request: Request) -> Draft:
        """The page stands in the order of what fits best; who has paid for a place is passed over, and so is what was
        disliked.
        """
        disliked = {event.product_id for event in request.before.events if event.reaction is Reaction.DISLIKE}
        page = [card for card in request.before.page if card.product.id not in disliked] or request.before.page
        unpaid = [card for card in page if all(why.code is not ReasonCode.SPONSORED for why in card.reasons)]
        card = (unpaid or page)[0]
        title = card.product.title_in(request.language)
        head = Draft(need=request.need, lines=(Line("item-recommended", {"number": card.position, "title": title}),))
        return head.then(self._detailed(card, request))

    def _in_money(self, request: Request) -> Draft | None:
        code = price_asked_in(request.said.text)
        if code is None:
            return None
        cards = _meant(request)
        lines = prices_in(code, [card.product for card in cards], self._rates, request.language)
        points = at(cards[0], request.before.page) if len(cards) == 1 else ()
        return Draft(need=request.need, lines=lines, options=(details_option(cards[0]),), points_at=points)

    async def tap(self, tap: Tap) -> Draft | Learned:
        card = await self._database.run(lambda shop: shown_card(shop, tap.target, tap.user_id, tap.language))
        if isinstance(card, Learned):
            return card
        page = tap.before.page
        if tap.key == "compare" and len(page) > 1:
            return comparison(with_first(card, page), tap.need, tap.vocabulary, tap.before)
        if tap.key == PICTURES:
            above = await self._database.run(lambda shop: stands_above(shop, tap.user_id, card.product))
            toast = Draft(need=tap.need, silent=True, toast=Line("item-pictures-above"), points_at=at(card, page))
            return toast if above else self._all_pictures(card, tap)
        return self._detailed(card, tap)

    def _detailed(self, card: Recommendation, by: Request | Tap) -> Draft:
        """All that is known of an item, which counts as a look at it."""
        page, currency = by.before.page, by.before.currency
        draft = details(card, by.need, by.vocabulary, self._rates, page, currency)
        return draft.then(Draft(need=draft.need, options=pictures_option(card), effect=opened(card, by)))

    async def _pictured(self, request: Request) -> Draft:
        """The pictures of the one item that is meant."""
        if len(request.picks) != 1:
            return which(request, PICTURES)
        [card] = request.picks
        if await self._database.run(lambda shop: stands_above(shop, request.user_id, card.product)):
            return pictures_above(card, request.need, request.before.page)
        return self._all_pictures(card, request)

    def _all_pictures(self, card: Recommendation, by: Request | Tap) -> Draft:
        page, currency = by.before.page, by.before.currency
        draft = gallery(card, by.need, by.vocabulary, self._rates, page, currency)
        return draft.then(Draft(need=draft.need, effect=opened(card, by)))

    async def _answered(self, card: Recommendation, request: Request) -> Draft:
        """A question about one item."""
        said, words, language = request.said, request.vocabulary, request.language
        sentences = sentences_of(card.product.description_in(language))
        likeness = await self._likeness(said.text, sentences) if language == "en" else None
        answer = answered(said, card.product, words, language, self._segment, lambda *_: likeness)
        about = Line("item-about", {"title": card.product.title_in(language)})
        lines = (about, *answer.lines)
        person = (Option(Line("button-human"), act=CaseAct(Action.HUMAN)),) if answer.kind == "unsaid" else ()
        points = at(card, request.before.page)
        return Draft(need=request.need, lines=lines, options=(details_option(card), *person), points_at=points)

    async def _priced(self, card: Recommendation, request: Request) -> Draft:
        """How its price stands, where a shopper asks why it is so dear."""
        product = card.product
        kind = await self._database.run(lambda shop: kind_of(shop, product))
        lines = pricing(product, request.before.page, kind, request.vocabulary, request.language)
        options = (details_option(card), cheaper_option(request.language))
        return Draft(need=request.need, lines=lines, options=options, points_at=at(card, request.before.page))

    async def _likeness(self, text: str, sentences: tuple[str, ...]) -> list[float] | None:
        """How like each sentence is to the question; None where the encoder fails: words alone must do then. The
        shipped encoder reads English.
        """
        try:
            return await self._search.run(lambda part: part.likeness(text, sentences)) if sentences else None
        except Exception:
            log.exception("The encoder did not compare a question; its words do")
            return None

    def _compared(self, request: Request) -> Draft:
        page, picks = request.before.page, request.picks
        if len(page) < 2:
            return Draft(need=request.need, lines=(Line("compare-need-two"),), options=picking(page, request.language))
        cards = picks if len(picks) > 1 else with_first(picks[0], page) if picks else page
        draft = comparison(cards, request.need, request.vocabulary, request.before)
        return replace(draft, lines=(*self._side_by_side(cards, request), *draft.lines))

    def _of_each(self, request: Request) -> tuple[Line, ...]:
        """ "Do they stretch?", and 有弹力吗 where none was spoken of: the answer for each of those on screen; nothing
        where one item is asked about, or nothing in particular.
        """
        said = request.said
        of_any = not request.before.focus and not any(slot.name is SlotName.ITEM_REF for slot in said.slots)
        of_any = of_any and bool(aspects_of(said.text)) and not cue("how-many-left").search(said.text)
        if not (of_any or cue("of-all").search(said.text)) or is_general(said) or asks_for_its_price(said.text):
            return ()
        return self._told_of(request.before.page, said, request)

    def _side_by_side(self, cards: Sequence[Recommendation], request: Request) -> tuple[Line, ...]:
        """ "Which is lighter?": what the shop says of it for each, or that it says nothing; else nothing."""
        if not aspects_of(request.said.text):
            return ()
        return self._told_of(cards, replace(request.said, slots=(), price=None), request)

    def _told_of(self, cards: Sequence[Recommendation], asked: Understanding, request: Request) -> tuple[Line, ...]:
        """A question answered for each of several items."""
        words, language = request.vocabulary, request.language
        found = [(card, answered(asked, card.product, words, language, self._segment)) for card in cards[:MOST]]
        if all(answer.kind == "unsaid" for _, answer in found):
            return (Line("item-compare-unsaid" if Intent.COMPARE is asked.intent else "item-none-says"),)
        about = ((Line("item-about", {"title": card.product.title_in(language)}), answer) for card, answer in found)
        return tuple(line for title, answer in about for line in (title, *answer.lines))


def _meant(request: Request) -> tuple[Recommendation, ...]:
    """The items a question is about: those pointed at, the one spoken of last, else all on screen."""
    focus = tuple(card for card in request.before.page if card.position == request.before.focus)
    return request.picks or focus or request.before.page


def details_option(card: Recommendation) -> Option:
    """The button that leads to all that is known of an item."""
    return Option(Line("button-item-details"), does=ErrandAct(NAME, "details", card.id))


def cheaper_option(language: Language) -> Option:
    """The button that asks for lower prices than those on screen."""
    return Option(Line("item-cheaper"), text=_CHEAPER[language])


def kind_of(shop: Shop, product: Product) -> Kind:
    """What is to be had of a product's kind, or of the next wider one where that is too little."""
    for value in product.categories:
        include = {SlotName.CATEGORY: frozenset({value})}
        filters = Filters(PriceRange(currency=product.currency), include=include)
        prices = shop.catalogue.prices(filters, shop.catalogue.count(filters))
        if len(prices) >= ENOUGH:
            return Kind(value, tuple(prices))
    return Kind()


def which(request: Request, key: str = "details") -> Draft:
    """Asks which of the shown items, or of those that were pointed at, is meant, each a button."""
    page, among = request.before.page, request.picks or request.before.page
    return Draft(need=request.need, lines=(missing_item(page),), options=picking(among, request.language, key))


def picking(page: tuple[Recommendation, ...], language: str, key: str = "details") -> tuple[Option, ...]:
    """A button for each shown item that leads to its details, or (`key`) does another thing with it."""
    return tuple(
        Option(
            Line("item-choice", {"n": card.position, "title": card.product.title_in(language)[:_TITLE]}),
            does=ErrandAct(NAME, key, card.id),
            row=card.position,
        )
        for card in page[: 2 * MOST]
    )


def with_first(card: Recommendation, page: tuple[Recommendation, ...]) -> tuple[Recommendation, ...]:
    """The item beside the others on screen."""
    return (card, *(other for other in page if other.product.id != card.product.id))


def opened(card: Recommendation, by: Request | Tap) -> Effect:
    """A look at the details is remembered as such."""
    return lambda shop: learn(shop, Feedback(card.id, by.user_id, Reaction.OPEN, by.now))
