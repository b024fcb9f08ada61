"""What a message is taken to say, by the model within its time, else by the rules."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from bot.candidate import Readers
from bot.flow.parts import Parts
from bot.recall import Before
from bot.understanding.doubt import Doubt, doubt_of
from bot.understanding.heard import heard_as
from bot.understanding.screen import context_for
from nlu.lexicon import lexicon_of
from nlu.respelling import respelled, words_in
from storage.records import Context, Understanding

log = logging.getLogger(__name__)


class Hearing:
    """Reads messages against what is on screen."""

    def __init__(self, parts: Parts) -> None:
        self._vocabulary, self._database = parts.vocabulary, parts.database
        self._rules, self._timeout = parts.rules, parts.manners.understand_timeout
        self._readers = parts.readers or Readers(parts.understander, parts.database)

    async def understand(self, before: Before) -> Understanding:
        """What the turn's message says. The rules read what the model does not, and then it is degraded."""
        turn, context = before.turn, _context(before)
        try:
            async with asyncio.timeout(self._timeout):
                return await self._readers.understand(turn.user_id, turn.text, context)
        except Exception:
            log.exception("The model did not answer; the rules do")
            return replace(self._rules.understand(turn.text, context), degraded=True)

    async def respelled(self, before: Before, said: Understanding) -> Understanding:
        """The reading of the message without its slips of the keyboard; as it was read where it has none."""
        text, lexicon = said.text, lexicon_of(self._vocabulary())
        if respelled(text, lexicon) == text:
            return said
        words = words_in(text)
        known = await self._database.run(lambda shop: shop.catalogue.said_of_products(words))
        right = respelled(text, lexicon, known)
        turn = replace(before.turn, text=right)
        return said if right == text else await self.understand(replace(before, turn=turn))

    def heard(self, said: Understanding, before: Before) -> Understanding:
        """A reading as the bot's own words are compared with it, without its slips."""
        return heard_as(said, before.need, self._vocabulary())

    async def doubt(self, said: Understanding) -> Doubt:
        """When to doubt what was understood: as calibrated for the model that read it; the rules have no numbers."""
        return Doubt() if said.degraded else doubt_of(await self._readers.reader(said.model))

    def second(self, before: Before, said: Understanding) -> None:
        """Has the model on trial read the message, too; nobody waits for that."""
        self._readers.second(before.turn, said, _context(before))


def _context(before: Before) -> Context:
    return context_for(before.need.asked, len(before.page))
