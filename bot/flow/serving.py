"""A wish is served: what it teaches, what is wanted now, the page for that; and what ends any turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot import dialogue
from bot.draft import UNSURE_BELOW, Asked, Draft, page_draft, words_draft
from bot.errands import errand
from bot.flow.parts import Parts
from bot.handoff import asks_for_person
from bot.learning import learn
from bot.paging import Pager, shown_for
from bot.recall import Before, recall
from bot.recording import Recorder
from bot.reply import Line
from bot.talk import pointed_at
from bot.understanding.clarifying import keeps_words, with_question
from bot.understanding.implied import in_full
from bot.understanding.meaning import (
    in_the_money_of_the_talk,
    language_for,
    leans_on,
    same_wish,
    wants_page,
    way_of,
)
from bot.understanding.relative import Direction
from bot.understanding.release import lets_go
from bot.understanding.screen import asks_first
from bot.why import Telling, shown_with
from recommender.stopwatch import Stopwatch
from storage.records import (
    Feedback,
    Intent,
    Language,
    Need,
    PriceRange,
    Reaction,
    Recommendation,
    Slate,
    Turn,
    Understanding,
)


class Serving:
    """What messages, photos and buttons share."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.pager = Pager(
            parts.database, parts.search, parts.manners, parts.clock, parts.vocabulary, parts.rates.currency
        )
        self.recorder = Recorder(parts.database, parts.vocabulary, parts.hand_off, parts.scribe)

    async def recalled(self, turn: Turn) -> Before:
        """The turn, recorded, with all that it is answered from."""
        return await self.parts.database.run(lambda shop: recall(shop, turn))

    async def serve(self, before: Before, said: Understanding, watch: Stopwatch) -> Draft:
        """Serves every request of the message: reactions first, so that the page that follows knows of them."""
        language = language_for(before, said)
        pattern, way = leans_on(said, before), way_of(said, before.need)
        before, rejected = await self._react(before, said, None if way else pattern)
        limit, price = self.limit(before, said)
        said = replace(said, price=limit)
        wished = self._wished(before, said, price, language)
        need = self._leant(before, wished, pattern, way)
        served = await self.parts.errands.served(self.asked_for(said, before, need))
        draft = words_draft(said, need, before.page, language, bool(limit and not price), served)
        if draft.seeks:
            return await self.sought(before, said, draft, watch)
        if draft.slate or asks_first(draft.need, said) or not (rejected or wants_page(said, need)):
            return draft  # whole as it is: an errand has its own page, or asks first
        if said.intent is Intent.REFINE and same_wish(need, before.need) and not dialogue.ranks(said):
            return replace(draft, lines=(*draft.lines, Line("nothing-set" if lets_go(said.text) else "unsure-change")))
        seen = before.seen if said.intent is Intent.MORE or rejected or pattern else frozenset()
        slate = await self.pager.unseen(before, need, said, seen, watch)
        kept = need if slate.page or not way else wished
        anchor = await self.pager.anchor(before, kept, pattern)
        asked = Asked(
            said,
            pick=None if way else pattern,
            way=way if before.page else None,
            rejected=rejected,
            seen=shown_for(before, need),
        )
        return draft.then(self.page(kept, slate, asked, anchor))

    async def sought(self, before: Before, said: Understanding, draft: Draft, watch: Stopwatch) -> Draft:
        """A page for the need that an errand has come to, under its words."""
        need, before = draft.need, replace(before, kept=(*before.kept, *draft.stated))
        seen = frozenset[str]() if draft.stated else before.seen  # the same wish, in another order
        slate = await self.pager.unseen(before, need, said, seen, watch)
        return draft.then(self.page(need, slate, Asked(said)))

    def page(self, need: Need, slate: Slate, asked: Asked, anchor: str = "") -> Draft:
        """The page as it is told, with its question and what an errand adds."""
        vocabulary = self.parts.vocabulary()
        page = page_draft(need, slate, vocabulary, need.language, asked, anchor, self.parts.rates)
        return self.parts.errands.beside(with_question(page, slate.question, vocabulary, need.language))

    def asked_for(self, said: Understanding, before: Before, need: Need) -> errand.Request:
        """What errands are asked with."""
        picks = pointed_at(said, before.page)
        return errand.Request(said, before, need, self.parts.vocabulary(), self.parts.clock(), picks)

    def limit(self, before: Before, said: Understanding) -> tuple[PriceRange | None, PriceRange | None]:
        """The price limit of a message in the money it is meant in, and in the shop's: None where no rate is known."""
        limit = in_the_money_of_the_talk(said.price, before.need)
        return limit, self.parts.rates.to_shop(limit) if limit else None

    async def handed(self, before: Before, draft: Draft) -> Draft:
        """With a person asked for or offered, where that is due."""
        usual = await self.usual_wait() if asks_for_person(draft) else None
        return self.parts.hand_off.handed(before, draft, self.parts.clock(), usual)

    async def usual_wait(self) -> timedelta | None:
        """How long shoppers wait for a person as a rule; None where too few did."""
        return await self.parts.database.run(lambda shop: shop.cases.usual_wait())

    async def telling(self, card: Recommendation, before: Before, language: Language) -> Telling | None:
        """All that is needed to say why a card was shown; None where the card is not known any more."""
        shown = await self.parts.database.run(lambda shop: shown_with(shop, card.id, before.events))
        zone = self.parts.clock().tzinfo
        return None if shown is None else Telling(shown, before, language, self.parts.vocabulary(), zone)

    async def learn(self, recommendation_id: int, user_id: int, reaction: Reaction, at: datetime) -> None:
        """A step of the shopper's taste."""
        feedback = Feedback(recommendation_id, user_id, reaction, at)
        await self.parts.database.run(lambda shop: learn(shop, feedback))

    async def again(self, before: Before) -> Before:
        """The same talk with the taste and events read anew."""
        fresh = await self.recalled(before.turn)
        return replace(before, events=fresh.events, taste=fresh.taste)

    async def _react(self, before: Before, said: Understanding, pattern: Recommendation | None) -> tuple[Before, bool]:
        """Learns from "love the second one", "more like it" and "none of these"; true where that was the whole page."""
        # What the reply calls unsure must not have taught anything.
        intents = {*said.also} if said.confidence < UNSURE_BELOW else {said.intent, *said.also}
        taught = [(pattern, Reaction.MORE_LIKE)] if pattern else []
        whole = False
        if before.page and intents & {Intent.LIKE, Intent.DISLIKE}:
            reaction = Reaction.LIKE if Intent.LIKE in intents else Reaction.DISLIKE
            picks = pointed_at(said, before.page)
            whole = reaction is Reaction.DISLIKE and not picks and not said.item_refs
            taught += [(pick, reaction) for pick in (before.page if whole else picks)]
        for pick, lesson in taught:
            await self.learn(pick.id, before.turn.user_id, lesson, before.turn.said_at)
        return (await self.again(before) if taught else before), whole

    def _wished(self, before: Before, said: Understanding, price: PriceRange | None, language: Language) -> Need:
        """What is wanted after this message, by its own words."""
        wished = dialogue.advance(before.need, said, price, before.turn.said_at)
        wished = replace(keeps_words(wished, before.need), language=language)
        return in_full(wished, self.parts.vocabulary(), said.text)

    def _leant(self, before: Before, wished: Need, pattern: Recommendation | None, way: Direction | None) -> Need:
        """The wish beside what is on screen: cheaper or dearer than that, or like one of its cards."""
        if way and before.page:
            shown = (pattern,) if pattern else before.page
            return self._lean(wished, way, [pick.product.price for pick in shown])
        return dialogue.like_product(wished, pattern.product.id, before.turn.said_at) if pattern else wished

    def _lean(self, need: Need, way: Direction, prices: list[Decimal]) -> Need:
        """ "Cheaper" and "something nicer" lean on the prices on screen: the middle one of them."""
        change = dialogue.cheaper_than if way is Direction.CHEAPER else dialogue.dearer_than
        return change(need, sorted(prices)[len(prices) // 2], self.parts.rates.currency)
