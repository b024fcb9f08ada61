"""The page for a need: what is asked of the recommender, and what of its answer is shown again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.afterwards import Afterwards
from bot.habits import habits_for, with_never
from bot.manners import Manners
from bot.recall import Before
from bot.understanding.narrower import called, narrower_names
from bot.workers import Worker
from recommender.holdout import POLICY, held_out
from recommender.recommender import Recommender
from recommender.request import Request
from recommender.staging import stage_odds
from recommender.stopwatch import Stopwatch
from storage.records import Intent, Need, Recommendation, Slate, Understanding, Vocabulary
from storage.shop import Shop

GIFT = "gift"
"""Among what a need has inquired: it is for somebody else. The policy of such a page, too (storage/seen_pages.py)."""


class Pager:
    """Ranks pages in the search's own thread, within the time that the manners allow."""

    def __init__(
        self,
        database: Worker[Shop],
        search: Worker[Recommender],
        manners: Manners,
        clock: Callable[[], datetime],
        vocabulary: Callable[[], Vocabulary],
        currency: str,
    ) -> None:
        self._vocabulary, self._currency = vocabulary, currency
        self._database, self._search, self._manners, self._clock = database, search, manners, clock
        self.afterwards = Afterwards(database, search)

    async def unseen(
        self, before: Before, need: Need, said: Understanding, seen: frozenset[str], watch: Stopwatch
    ) -> Slate:
        """A page without what was shown for this wish before it changed, as long as enough else fits every limit; where
        an order was asked for, where little else is left, or where no other is called so, it may stand there again.
        """
        request, shown = self._request(before, need, said, seen), shown_for(before, need)
        slate = await self._ranked(request, watch)
        fresh = [item for item in slate.items if item.product.id not in shown]
        again = any(item.product.id in shown for item in slate.page)
        if again and not (need.ordered or slate.ways or len(fresh) < len(slate.page)):
            without = replace(request, seen=shown | seen)
            other = await self._ranked(without, watch)
            if not (other.ways or self._called_less(need, other, slate)):
                request, slate = without, other
        if for_somebody_else(need):
            return replace(slate, policy=GIFT)
        self.afterwards.remember(before.turn.id, request, slate)
        return slate

    def _called_less(self, need: Need, page: Slate, than: Slate) -> bool:
        """Whether a page holds fewer of what is looked for by a narrower name: of espresso machines."""
        products, others = ([item.product for item in slate.page] for slate in (page, than))
        names = narrower_names(need, self._vocabulary())
        return any(called(name, need, products) < called(name, need, others) for name in names)

    async def anchor(self, before: Before, need: Need, pick: Recommendation | None = None) -> str:
        """The title of the product that the wish starts from, wherever it was shown."""
        if not need.like_product:
            return ""
        near = {card.product.id: card.product for card in (*before.page, *((pick,) if pick else ()))}
        if need.like_product not in near:
            near = await self._database.run(lambda shop: shop.catalogue.get([need.like_product]))
        product = near.get(need.like_product)
        return product.title_in(need.language) if product else ""

    def _request(self, before: Before, need: Need, said: Understanding, seen: frozenset[str]) -> Request:
        now = self._clock()
        if for_somebody_else(need):  # what the giver likes says nothing of who gets it
            before = replace(before, taste=None, events=())
        kept = () if for_somebody_else(need) else before.kept
        habits = habits_for(need, kept, self._currency)
        return Request(
            user_id=before.turn.user_id,
            need=with_never(need, kept),
            stage=stage_odds(said, before.events, now),
            taste=before.taste,
            events=before.events,
            seen=seen,
            now=now,
            seed=before.turn.update_id,
            page_size=self._manners.page_size,
            policy=self._policy(before.turn.user_id),
            prior=before.prior,
            may_ask=not (before.need.asked or for_somebody_else(need)) and said.intent is not Intent.MORE,
            soft=habits.soft,
            avoided=habits.avoided,
            usual=habits.usual,
        )

    async def _ranked(self, request: Request, watch: Stopwatch) -> Slate:
        with watch.lap("search"):
            async with asyncio.timeout(self._manners.search_timeout):
                slate = await self._search.run(lambda part: part.recommend(request))
        watch.add(slate.timings)
        return slate

    def _policy(self, user_id: int) -> str:
        return POLICY if held_out(user_id, self._manners.holdout) else self._manners.policy


def for_somebody_else(need: Need) -> bool:
    """Whether the need is for a gift."""
    return GIFT in need.inquired


def shown_for(before: Before, need: Need) -> frozenset[str]:
    """What was shown for this need; a need that begins now has shown nothing."""
    return before.seen if need.since == before.need.since else frozenset()
