"""What a photo shows, and what is answered."""

from __future__ import annotations

from dataclasses import replace

from bot.draft import Asked, Draft
from bot.errands import errand
from bot.flow.hearing import Hearing
from bot.flow.messages import Messages
from bot.flow.serving import Serving
from bot.recall import Before
from bot.reply import Line, Reply
from bot.reply_json import recorded
from bot.sense.seen import alike_needs, of_a_thing, seen_draft, worded_need
from bot.understanding.implied import in_full
from bot.understanding.meaning import language_for
from bot.understanding.synthetic import synthetic
from recommender.stopwatch import Stopwatch
from storage.records import Intent, Need, Turn, Understanding


class Photos:
    """Answers photos; the words under one are a message."""

    def __init__(self, serving: Serving, hearing: Hearing, messages: Messages) -> None:
        self._serving, self._hearing, self._messages, self._parts = serving, hearing, messages, serving.parts

    async def see(self, turn: Turn, colors: tuple[str, ...], content: bytes, looks: tuple[str, ...] | None) -> Reply:
        """Answers a photo: as what it was asked for, else by what looks like it, ids of products, the most alike first
        (None: that was not looked for), else by its colours, normal forms of the vocabulary; none where it shows none
        clearly.
        """
        watch = Stopwatch()
        before = await self._serving.recalled(turn)
        if before.answered:
            return recorded(before.answered)
        language, finish = before.spoken, self._serving.recorder.finish
        photo = errand.Photo(content, before, replace(before.need, language=language), self._parts.clock())
        if taken := await self._parts.errands.see(photo):
            return await finish(before, synthetic(Intent.RETURN_REFUND, language), taken, watch)
        if turn.text and looks is not None:
            return await self._see_with_words(before, looks, watch)
        said = synthetic(Intent.SEARCH, language)
        draft = await self._alike(before, said, alike_needs(before, looks, language), watch) if looks else None
        draft = draft or seen_draft(before, colors, self._parts.vocabulary(), language, looked=looks is not None)
        draft = await self._serving.sought(before, said, draft, watch) if draft.seeks else draft
        return await finish(before, said, draft, watch)

    async def _see_with_words(self, before: Before, looks: tuple[str, ...], watch: Stopwatch) -> Reply:
        """A photo with words under it: what looks like it within their limits, else an answer to the words, which says
        why.
        """
        read, why = await self._hearing.understand(before), tuple[Line, ...]()
        if of_a_thing(read):
            heard = self._hearing.heard(read, before)
            if draft := await self._alike_in_words(before, heard, looks, watch) if looks else None:
                return await self._serving.recorder.finish(before, read, draft, watch)
            why = (Line("photo-look-beyond" if looks else "photo-look-none"),)
        draft = await self._messages.drafted(before, read, watch)
        return await self._messages.told(before, read, replace(draft, lines=(*why, *draft.lines)), watch)

    async def _alike_in_words(
        self, before: Before, said: Understanding, looks: tuple[str, ...], watch: Stopwatch
    ) -> Draft | None:
        """A page of what looks like a photo within the limits that the words under it state."""
        limit, price = self._serving.limit(before, said)
        need = worded_need(before, replace(said, price=limit), price, looks, self._parts.vocabulary())
        need = in_full(replace(need, language=language_for(before, said)), self._parts.vocabulary(), said.text)
        return await self._alike(before, said, (need,), watch)

    async def _alike(
        self, before: Before, said: Understanding, needs: tuple[Need, ...], watch: Stopwatch
    ) -> Draft | None:
        """A page of what looks like a photo for the first of the needs that has one, None where none has; only the last
        one's limits give way.
        """
        for need in needs:
            slate = await self._serving.pager.unseen(before, need, said, frozenset(), watch)
            if slate.page and (need is needs[-1] or not slate.ways):
                return Draft(need=need, lines=(Line("photo-look"),)).then(self._serving.page(need, slate, Asked(said)))
        return None
