"""What is said, and what is answered."""

from __future__ import annotations

from dataclasses import replace

from bot.draft import Draft
from bot.flow.hearing import Hearing
from bot.flow.serving import Serving
from bot.handoff import cannot_pass, quiet_draft, speaks_to_person, unreadable_kind
from bot.recall import Before
from bot.reply import Line, Reply
from bot.reply_json import recorded
from bot.scribe import Show
from bot.understanding.clarifying import read_as_answer
from bot.understanding.doubt import doubted
from bot.understanding.meaning import afresh, language_for, meaning
from bot.understanding.on_screen import read_on_screen
from bot.why import asked_why, why_draft
from bot.why_not import why_not_draft
from recommender.stopwatch import Stopwatch
from storage.records import Need, Turn, Understanding


class Messages:
    """Answers messages."""

    def __init__(self, serving: Serving, hearing: Hearing) -> None:
        self._serving, self._hearing, self._parts = serving, hearing, serving.parts

    async def answer(self, turn: Turn, show: Show | None = None) -> Reply:
        """The reply to a message, recorded; `show` is told of sentences that are written and checked before it is
        whole.
        """
        watch = Stopwatch()
        with watch.lap("recall"):
            before = await self._serving.recalled(turn)
        if before.answered:
            return recorded(before.answered)
        if before.case and before.case.quiet and (kind := unreadable_kind(turn)):
            return await self._serving.recorder.finish(before, None, cannot_pass(before, kind), watch)
        with watch.lap("understand"):
            understanding = await self._hearing.understand(before)
        if speaks_to_person(before):
            return await self._serving.recorder.finish(before, understanding, quiet_draft(before), watch)
        draft = await self.drafted(before, understanding, watch)
        return await self.told(before, understanding, draft, watch, show)

    async def drafted(self, before: Before, understanding: Understanding, watch: Stopwatch) -> Draft:
        """What a message comes to: a fresh start, an errand's answer, a reason, a doubt, or a wish."""
        heard = self._hearing.heard(understanding)
        answering = read_as_answer(heard, before, self._parts.vocabulary())
        pointing = read_on_screen(heard, before, self._parts.vocabulary())
        said = pointing if answering is heard else answering
        on_screen = said is pointing and said is not heard
        draft = _afresh(before, heard)
        draft = draft or await self._answered(before, heard, watch, hears=not on_screen)
        draft = draft or await self._explained(before, heard)
        if said is heard:
            draft = draft or doubted(heard, before, await self._hearing.doubt(heard))
        return draft or await self._serving.serve(before, meaning(said, before), watch)

    async def told(
        self, before: Before, understanding: Understanding, draft: Draft, watch: Stopwatch, show: Show | None = None
    ) -> Reply:
        """The reply, recorded, with a person offered where that is due; the model on trial reads the message too."""
        told = replace(understanding, item_refs=draft.points_at) if draft.points_at else understanding
        handed = await self._serving.handed(before, draft)
        reply = await self._serving.recorder.finish(before, told, handed, watch, show)
        self._hearing.second(before, understanding)
        return reply

    async def _answered(self, before: Before, said: Understanding, watch: Stopwatch, hears: bool) -> Draft | None:
        """What an errand asked, or (unless the words are surely about what is on screen) `hears` in its own, if it is
        that.
        """
        need = replace(before.need, language=language_for(before, said), asked=None)
        asked, errands = self._serving.asked_for(said, before, need), self._parts.errands
        draft = await errands.answer(asked) or (await errands.hear(asked) if hears else None)
        return await self._serving.sought(before, said, draft, watch) if draft and draft.seeks else draft

    async def _explained(self, before: Before, said: Understanding) -> Draft | None:
        """ "Why this?", "why not the Larkhill one": told from the log, whatever else the message was taken for."""
        asked = asked_why(said, before)
        if asked is None:
            return None
        telling = await self._serving.telling(before.page[0], before, language_for(before, said))
        if telling is None:
            return None
        if not asked.missing:
            return why_draft(asked.cards, telling)
        return await self._parts.database.run(lambda shop: why_not_draft(asked, shop, telling))


def _afresh(before: Before, said: Understanding) -> Draft | None:
    """ "Start over": the same as /reset."""
    if not afresh(said):
        return None
    return Draft(need=Need(language=language_for(before, said)), lines=(Line("reset-done"),), clears=True)
