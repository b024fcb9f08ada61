"""What is tapped: it teaches, changes the wish, does an errand, or calls a person."""

from __future__ import annotations

from dataclasses import replace

from bot.case_step import CaseStep
from bot.draft import Asked, Draft
from bot.errands import errand
from bot.flow.hearing import Hearing
from bot.flow.messages import Messages
from bot.flow.serving import Serving
from bot.handoff import press_rate
from bot.paging import shown_for
from bot.recall import Before
from bot.reply import Action, Learned, Press, Reply
from bot.reply_json import recorded
from bot.scribe import Show
from bot.spoken import spoken_language
from bot.tapped import Target, changed, press_learn, target_of
from bot.understanding.clarifying import waved_off
from bot.understanding.doubt import as_meant, meant, neither
from bot.understanding.meaning import meaning
from bot.understanding.synthetic import BUTTON_INTENT, synthetic
from bot.why import why_draft
from recommender.stopwatch import Stopwatch
from storage.cases import CaseReason
from storage.records import Intent, Reaction, Turn


class Taps:
    """Acts on buttons. All but a like, a dislike and stars are turns of their own, with a synthetic understanding."""

    def __init__(self, serving: Serving, hearing: Hearing, messages: Messages) -> None:
        self._serving, self._hearing, self._messages, self._parts = serving, hearing, messages, serving.parts

    async def press(self, press: Press, show: Show | None = None) -> Reply | Learned:
        """What comes of a tap: a reply, or a toast where nothing is to be said."""
        if press.action in (Action.LIKE, Action.DISLIKE):
            return await self._parts.database.run(lambda shop: press_learn(shop, press, self._parts.clock()))
        if press.action is Action.RATE:
            return await self._parts.database.run(lambda shop: press_rate(shop, press, self._parts.clock()))
        turn = self._turn(press)
        if press.action is Action.SAY:
            return await self._messages.answer(turn, show)
        if press.action in (Action.HUMAN, Action.GO_ON):
            return await self._change_speaker(turn, press)
        if press.action is Action.ERRAND:
            return await self._errand(turn, press)
        return await self._wish(turn, press, show)

    def _turn(self, press: Press) -> Turn:
        return Turn(
            update_id=press.update_id,
            user_id=press.user_id,
            chat_id=press.chat_id,
            text=press.argument if press.action is Action.SAY else "",
            said_at=self._parts.clock(),
            language=press.telegram_language,
            source=f"button:{press.action}",
        )

    async def _change_speaker(self, turn: Turn, press: Press) -> Reply:
        """ "Talk to a person" and "Go on with the bot"."""
        watch = Stopwatch()
        before = await self._serving.recalled(turn)
        if before.answered:
            return recorded(before.answered)
        language, now = before.spoken, self._parts.clock()
        before = replace(before, need=replace(before.need, language=language, asked=None))
        if press.action is Action.GO_ON:
            draft = self._parts.hand_off.went_on(before, now)
        else:
            step = CaseStep.ASK_AFTER_FAILING if press.argument == CaseReason.FAILED else CaseStep.ASK
            usual = await self._serving.usual_wait()
            draft = self._parts.hand_off.asked(before, now, usual, Draft(need=before.need), step)
        said = synthetic(BUTTON_INTENT[press.action], language)
        return await self._serving.recorder.finish(before, said, draft, watch)

    async def _errand(self, turn: Turn, press: Press) -> Reply | Learned:
        """A button of an errand: a turn like any other, which a toast may answer in the place of a message."""
        watch = Stopwatch()
        name, key, detail = f"{press.argument}::".split(":")[:3]
        intent = self._parts.errands.intent_of(name, key)
        if intent is None:
            telegram = press.telegram_language
            spoken = await self._parts.database.run(lambda shop: spoken_language(shop, press.user_id, telegram))
            return Learned("gone", spoken)
        before = await self._serving.recalled(turn)
        if before.answered:
            return recorded(before.answered)
        need = replace(before.need, language=before.spoken, asked=None)
        now = self._parts.clock()
        tap = errand.Tap(key, press.target, before, need, self._parts.vocabulary(), now, detail)
        outcome, said = await self._parts.errands.tap(name, tap), synthetic(intent, before.spoken)
        draft = Draft(need=before.need, silent=True) if isinstance(outcome, Learned) else outcome
        if draft.seeks:
            draft = await self._serving.sought(before, said, draft, watch)
        said = replace(said, item_refs=draft.points_at)
        reply = await self._serving.recorder.finish(before, said, draft, watch)
        if isinstance(outcome, Learned):
            return outcome
        return Learned("done", before.spoken, draft.toast) if draft.toast else reply

    async def _wish(self, turn: Turn, press: Press, show: Show | None) -> Reply | Learned:
        """A button on a card or under a page: why, what was meant, or another wish."""
        watch = Stopwatch()
        with watch.lap("recall"):
            target = await self._parts.database.run(lambda shop: target_of(shop, press))
            if isinstance(target, Learned):
                return target
            before = await self._serving.recalled(turn)
        if before.answered:
            return recorded(before.answered)
        if press.action is Action.MEANT:
            return await self._meant(target, press, before, watch, show)
        if press.action is Action.WHY and target.pick:
            return await self._why(target, before, watch)
        return await self._changed(target, press, before, watch, show)

    async def _why(self, target: Target, before: Before, watch: Stopwatch) -> Reply:
        assert target.pick is not None
        telling = await self._serving.telling(target.pick, before, before.spoken)
        assert telling is not None, "the card was found a moment ago"
        said = synthetic(BUTTON_INTENT[Action.WHY], before.spoken)
        return await self._serving.recorder.finish(before, said, why_draft((target.pick,), telling), watch)

    async def _changed(
        self, target: Target, press: Press, before: Before, watch: Stopwatch, show: Show | None
    ) -> Reply:
        """The page for the wish as the button changes it."""
        language, waved = before.spoken, waved_off(target.answer)
        on = press.action in (Action.MORE, Action.LESS_LIKE, Action.MORE_LIKE) or waved
        said = synthetic(Intent.MORE if waved else BUTTON_INTENT[press.action], language)
        if target.pick and press.action in (Action.MORE_LIKE, Action.LESS_LIKE):
            reaction = Reaction(press.action.value)
            await self._serving.learn(target.pick.id, press.user_id, reaction, before.turn.said_at)
            before = await self._serving.again(before)
        need = replace(changed(target, press, before), language=language, asked=None)
        pager, seen = self._serving.pager, before.seen if on else frozenset[str]()
        slate = await pager.unseen(before, need, said, seen, watch)
        kept = need if slate.page or press.action is not Action.CHEAPER else replace(target.need, language=language)
        anchor = await pager.anchor(before, kept, target.pick)
        asked = Asked(said, press.action, target.pick, seen=shown_for(before, need))
        edits = press.target if press.action is Action.MORE and slate.page else 0
        draft = replace(self._serving.page(kept, slate, asked, anchor), edits_turn=edits)
        return await self._serving.recorder.finish(before, said, draft, watch, show)

    async def _meant(self, target: Target, press: Press, before: Before, watch: Stopwatch, show: Show | None) -> Reply:
        """Serves the message that was asked back about, as it was meant."""
        before = replace(before, need=replace(target.need, asked=None))
        intent, finish = meant(press.argument), self._serving.recorder.finish
        if intent is None or target.said is None:
            return await finish(before, synthetic(Intent.DENY, target.need.language), neither(before), watch)
        said = as_meant(target.said, intent)
        draft = await self._serving.serve(before, meaning(self._hearing.heard(said, before), before), watch)
        return await finish(before, said, await self._serving.handed(before, draft), watch, show)
