"""The shop as anybody sees it from outside a private chat: in another chat (@bot red dress) and in a group.

    found = await window.look("red dress under $60")

Nobody's taste, cart or talk has a part in it, and nothing is recorded: the same words give the same products to all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot import dialogue
from bot.money import Rates
from bot.understanding.implied import with_implied
from bot.understanding.understander import Understander
from bot.workers import Worker
from recommender.recommender import Recommender
from recommender.request import Request
from storage.records import Need, Recommendation, Stage, Vocabulary

MOST = 200  # characters of the words that are read
_PATIENCE_S = 8.0


class ShopWindow:
    """Finds products for words, anonymously."""

    def __init__(
        self,
        understander: Worker[Understander],
        search: Worker[Recommender],
        vocabulary: Callable[[], Vocabulary],
        rates: Rates,
        clock: Callable[[], datetime],
    ) -> None:
        self._understander, self._search = understander, search
        self._vocabulary, self._rates, self._clock = vocabulary, rates, clock

    async def look(self, text: str, size: int) -> tuple[Recommendation, ...]:
        """Up to `size` products for the words, ideas for none. Raises TimeoutError where the shop is too busy."""
        words = text.strip()[:MOST]
        async with asyncio.timeout(_PATIENCE_S):
            need = await self._need(words) if words else Need()
            request = Request(
                user_id=0,
                need=need,
                stage=Stage.BROWSE,
                taste=None,
                events=(),
                seen=frozenset(),
                now=self._clock(),
                seed=0,
                page_size=size,
                mode="anonymous",
            )
            slate = await self._search.run(lambda part: part.recommend(request))
        return tuple(replace(card, position=0, reasons=()) for card in slate.page)

    async def _need(self, words: str) -> Need:
        said = await self._understander.run(lambda model: model.understand(words))
        price = self._rates.to_shop(said.price) if said.price else None
        return with_implied(dialogue.begin(said, price), self._vocabulary())
