"""One turn of conversation, from what was said to what we answer; and what a button teaches.

Knows nothing of Telegram: the chat and the tests call the same `answer` and `press`. The parts work or raise; this
class decides patience (time limits, the plain twin in place of the model) and marks every answer that was given with
less than the whole machine.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot import dialogue
from bot.candidate import Readers
from bot.case_step import CaseStep
from bot.commanding import COMMANDS, command_draft
from bot.draft import UNSURE_BELOW, Asked, Draft, page_draft, words_draft
from bot.errands import errand
from bot.errands.errands import Errands
from bot.handoff import (
    HandOff,
    asks_for_person,
    cannot_pass,
    press_rate,
    quiet_draft,
    speaks_to_person,
    unreadable_kind,
)
from bot.learning import learn
from bot.manners import Manners
from bot.money import Rates
from bot.paging import Pager, shown_for
from bot.recall import Before, recall
from bot.recording import Recorder
from bot.reply import Action, Learned, Line, Press, Reply
from bot.reply_json import load_reply
from bot.scribe import Scribe, Show
from bot.sense.seen import alike_needs, of_a_thing, seen_draft, worded_need
from bot.spoken import spoken_language
from bot.talk import pointed_at
from bot.tapped import Target, changed, press_learn, target_of
from bot.understanding.clarifying import keeps_words, read_as_answer, waved_off, with_question
from bot.understanding.doubt import Doubt, as_meant, doubt_of, doubted, meant, neither
from bot.understanding.implied import in_full
from bot.understanding.meaning import (
    afresh,
    in_the_money_of_the_talk,
    language_for,
    leans_on,
    meaning,
    same_wish,
    wants_page,
    way_of,
)
from bot.understanding.on_screen import read_on_screen
from bot.understanding.relative import Direction
from bot.understanding.release import lets_go
from bot.understanding.screen import asks_first, context_for
from bot.understanding.simplified import in_simplified
from bot.understanding.synthetic import BUTTON_INTENT, synthetic
from bot.why import Telling, asked_why, shown_with, why_draft
from bot.why_not import why_not_draft
from bot.workers import Worker
from recommender.recommender import Recommender
from recommender.stopwatch import Stopwatch
from storage.cases import CaseReason
from storage.records import (
    Context,
    Feedback,
    Intent,
    Language,
    Need,
    Reaction,
    Recommendation,
    Slate,
    Turn,
    Understanding,
    Vocabulary,
)
from storage.shop import Shop

log = logging.getLogger(__name__)


class Understander(Protocol):
    """Text to Understanding; the LoRA model and its plain twin both are one."""

    @property
    def version(self) -> str: ...

    def understand(self, text: str, context: Context = ...) -> Understanding: ...

    def understand_many(self, messages: Sequence[tuple[str, Context]]) -> list[Understanding]: ...

    def adopt(self, vocabulary: Vocabulary) -> None:
        """Reads with these words from now on."""
        ...


class Assistant:
    """The flow of a turn.

    Args:
        database: the one writer.
        understander: the model, in its own thread.
        rules: the plain twin, quick enough to be called beside the loop's other work.
        search: the recommender, in its own thread.
        vocabulary: the shop's words as they are now.
        rates: for limits said in another currency.
        clock: the shop's own time, aware.
        scribe: writes the sentences of a page; without one the templates speak.
        readers: which understander reads whose messages; without them that one all.
        hand_off: how a person of the shop takes over; without one, somebody may at any time.
        errands: what it does besides finding: cart, orders, ...; without them it says that it cannot.
    """

    def __init__(
        self,
        database: Worker[Shop],
        understander: Worker[Understander],
        rules: Understander,
        search: Worker[Recommender],
        vocabulary: Callable[[], Vocabulary],
        rates: Rates,
        manners: Manners,
        clock: Callable[[], datetime],
        scribe: Scribe | None = None,
        readers: Readers | None = None,
        hand_off: HandOff | None = None,
        errands: Errands | None = None,
    ) -> None:
        self._database, self._understander, self._rules = database, understander, rules
        self._readers = readers or Readers(understander, database)
        self._vocabulary, self._rates, self._manners, self._clock = vocabulary, rates, manners, clock
        self._hand_off = hand_off or HandOff()
        self._errands = errands or Errands()
        self._pager = Pager(database, search, manners, clock, vocabulary, rates.currency)
        self._recorder = Recorder(database, vocabulary, self._hand_off, scribe)
        self.afterwards = self._pager.afterwards

    @property
    def menu(self) -> tuple[str, ...]:
        """The commands it knows, in the menu's order."""
        return (*COMMANDS, *self._errands.commands)

    # --- what is said -------------------------------------------------------------------------------

    async def answer(self, turn: Turn, show: Show | None = None) -> Reply:
        """Answers a message. The same update answered again gets the recorded reply, marked `repeated`.

        `show` is told of sentences that are written and checked before the answer is whole.
        """
        watch = Stopwatch()
        with watch.lap("recall"):
            before = await self._database.run(lambda shop: recall(shop, turn))
        if before.answered:
            return _recorded(before)
        if before.case and before.case.quiet and (kind := unreadable_kind(turn)):
            return await self._recorder.finish(before, None, cannot_pass(before, kind), watch)
        with watch.lap("understand"):
            understanding = await self._understand(turn, _context(before))
        if speaks_to_person(before):
            return await self._recorder.finish(before, understanding, quiet_draft(before), watch)
        draft = await self._drafted(before, understanding, watch)
        return await self._told(before, understanding, draft, watch, show)

    async def _drafted(self, before: Before, understanding: Understanding, watch: Stopwatch) -> Draft:
        """What a message comes to: a fresh start, an errand's answer, a reason, a doubt, or a wish."""
        heard = in_simplified(understanding)
        answering = read_as_answer(heard, before, self._vocabulary())
        pointing = read_on_screen(heard, before, self._vocabulary())
        said = pointing if answering is heard else answering
        on_screen = said is pointing and said is not heard
        draft = self._afresh(before, heard)
        draft = draft or await self._answered(before, heard, watch, hears=not on_screen)
        draft = draft or await self._explained(before, heard)
        if said is heard:
            draft = draft or doubted(heard, before, await self._doubt(heard))
        return draft or await self._respond(before, meaning(said, before), watch)

    async def _told(
        self, before: Before, understanding: Understanding, draft: Draft, watch: Stopwatch, show: Show | None = None
    ) -> Reply:
        """The reply, recorded, with a person offered where that is due; the model on trial reads the message too."""
        told = replace(understanding, item_refs=draft.points_at) if draft.points_at else understanding
        reply = await self._recorder.finish(before, told, await self._handed(before, draft), watch, show)
        self._readers.second(before.turn, understanding, _context(before))
        return reply

    async def _handed(self, before: Before, draft: Draft) -> Draft:
        """With a person asked for or offered, where that is due."""
        usual = await self._database.run(lambda shop: shop.cases.usual_wait()) if asks_for_person(draft) else None
        return self._hand_off.handed(before, draft, self._clock(), usual)

    async def _understand(self, turn: Turn, context: Context) -> Understanding:
        try:
            async with asyncio.timeout(self._manners.understand_timeout):
                return await self._readers.understand(turn.user_id, turn.text, context)
        except Exception:
            log.exception("The model did not answer; the rules do")
            return replace(self._rules.understand(turn.text, context), degraded=True)

    async def _doubt(self, said: Understanding) -> Doubt:
        """When to doubt what was understood: as calibrated for the model that read it; the rules have no numbers."""
        return Doubt() if said.degraded else doubt_of(await self._readers.reader(said.model))

    @staticmethod
    def _afresh(before: Before, said: Understanding) -> Draft | None:
        """ "Start over": the same as /reset."""
        if not afresh(said):
            return None
        return Draft(need=Need(language=language_for(before, said)), lines=(Line("reset-done"),), clears=True)

    async def _answered(self, before: Before, said: Understanding, watch: Stopwatch, hears: bool) -> Draft | None:
        """What an errand asked, or (unless the words are surely about what is on screen) `hears` in its own, if it is
        that.
        """
        need = replace(before.need, language=language_for(before, said), asked=None)
        asked = self._asked_for(said, before, need)
        draft = await self._errands.answer(asked) or (await self._errands.hear(asked) if hears else None)
        return await self._sought(before, said, draft, watch) if draft and draft.seeks else draft

    async def _explained(self, before: Before, said: Understanding) -> Draft | None:
        """ "Why this?", "why not the Larkhill one": told from the log, whatever else the message was taken for."""
        asked = asked_why(said, before)
        if asked is None:
            return None
        telling = await self._telling(before.page[0], before, language_for(before, said))
        if telling is None:
            return None
        if not asked.missing:
            return why_draft(asked.cards, telling)
        return await self._database.run(lambda shop: why_not_draft(asked, shop, telling))

    async def _telling(self, card: Recommendation, before: Before, language: Language) -> Telling | None:
        shown = await self._database.run(lambda shop: shown_with(shop, card.id, before.events))
        return None if shown is None else Telling(shown, before, language, self._vocabulary(), self._clock().tzinfo)

    async def _respond(self, before: Before, said: Understanding, watch: Stopwatch) -> Draft:
        """Serves every request of the message: reactions first, so that the page that follows knows of them."""
        language = language_for(before, said)
        pattern, way = leans_on(said, before), way_of(said, before.need)
        before, rejected = await self._react(before, said, None if way else pattern)
        limit = in_the_money_of_the_talk(said.price, before.need)
        price = self._rates.to_shop(limit) if limit else None
        said = replace(said, price=limit)
        wished = dialogue.advance(before.need, said, price, before.turn.said_at)
        wished = replace(keeps_words(wished, before.need), language=language)
        need = wished = in_full(wished, self._vocabulary(), said.text)
        if way and before.page:
            need = self._lean(wished, way, (pattern,) if pattern else before.page)
        elif pattern:
            need = dialogue.like_product(wished, pattern.product.id, before.turn.said_at)
        served = await self._errands.served(self._asked_for(said, before, need))
        unknown_rate = bool(limit and not price)
        draft = words_draft(said, need, before.page, language, unknown_rate, served)
        if draft.seeks:
            return await self._sought(before, said, draft, watch)
        if draft.slate or asks_first(draft.need, said) or not (rejected or wants_page(said, need)):
            return draft  # whole as it is: an errand has its own page, or asks first
        if said.intent is Intent.REFINE and same_wish(need, before.need) and not dialogue.ranks(said):
            return replace(draft, lines=(*draft.lines, Line("nothing-set" if lets_go(said.text) else "unsure-change")))
        seen = before.seen if said.intent is Intent.MORE or rejected or pattern else frozenset()
        slate = await self._pager.unseen(before, need, said, seen, watch)
        kept = need if slate.page or not way else wished
        anchor = await self._pager.anchor(before, kept, pattern)
        asked = Asked(
            said,
            pick=None if way else pattern,
            way=way if before.page else None,
            rejected=rejected,
            seen=shown_for(before, need),
        )
        return draft.then(self._page(kept, slate, asked, anchor))

    def _asked_for(self, said: Understanding, before: Before, need: Need) -> errand.Request:
        picks = pointed_at(said, before.page)
        return errand.Request(said, before, need, self._vocabulary(), self._clock(), picks)

    async def _sought(self, before: Before, said: Understanding, draft: Draft, watch: Stopwatch) -> Draft:
        """A page for the need that an errand has come to, under its words."""
        need, before = draft.need, replace(before, kept=(*before.kept, *draft.stated))
        seen = frozenset[str]() if draft.stated else before.seen  # the same wish, in another order
        slate = await self._pager.unseen(before, need, said, seen, watch)
        return draft.then(self._page(need, slate, Asked(said)))

    def _page(self, need: Need, slate: Slate, asked: Asked, anchor: str = "") -> Draft:
        """The page as it is told, with its question and what an errand adds."""
        page = page_draft(need, slate, self._vocabulary(), need.language, asked, anchor, self._rates)
        return self._errands.beside(with_question(page, slate.question, self._vocabulary(), need.language))

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
            await self._learn(pick.id, before.turn.user_id, lesson, before.turn.said_at)
        return (await self._again(before) if taught else before), whole

    def _lean(self, need: Need, way: Direction, shown: tuple[Recommendation, ...]) -> Need:
        """ "Cheaper" and "something nicer" lean on the prices on screen: the middle one of them."""
        prices = sorted(pick.product.price for pick in shown)
        change = dialogue.cheaper_than if way is Direction.CHEAPER else dialogue.dearer_than
        return change(need, prices[len(prices) // 2], self._rates.currency)

    async def expects_photo(self, user_id: int) -> bool:
        """Whether the next photo is something else than a wish."""
        return await self._errands.expects_photo(user_id, self._clock())

    async def see(
        self, turn: Turn, colors: tuple[str, ...], content: bytes = b"", looks: tuple[str, ...] | None = None
    ) -> Reply:
        """Answers a photo: as what it was asked for, else by what looks like it, ids of products, the most alike first
        (None: that was not looked for), else by its colours, normal forms of the vocabulary; none where it shows none
        clearly.
        """
        watch = Stopwatch()
        before = await self._database.run(lambda shop: recall(shop, turn))
        if before.answered:
            return _recorded(before)
        language = before.chosen_language or before.need.language
        photo = errand.Photo(content, before, replace(before.need, language=language), self._clock())
        if taken := await self._errands.see(photo):
            return await self._recorder.finish(before, synthetic(Intent.RETURN_REFUND, language), taken, watch)
        if turn.text and looks is not None:
            return await self._see_with_words(turn, before, looks, watch)
        said = synthetic(Intent.SEARCH, language)
        draft = await self._alike(before, said, alike_needs(before, looks, language), watch) if looks else None
        draft = draft or seen_draft(before, colors, self._vocabulary(), language, looked=looks is not None)
        draft = await self._sought(before, said, draft, watch) if draft.seeks else draft
        return await self._recorder.finish(before, said, draft, watch)

    async def _see_with_words(self, turn: Turn, before: Before, looks: tuple[str, ...], watch: Stopwatch) -> Reply:
        """A photo with words under it: what looks like it within their limits, else an answer to the words, which says
        why.
        """
        read, why = await self._understand(turn, _context(before)), tuple[Line, ...]()
        if of_a_thing(read):
            if draft := await self._alike_in_words(before, in_simplified(read), looks, watch) if looks else None:
                return await self._recorder.finish(before, read, draft, watch)
            why = (Line("photo-look-beyond" if looks else "photo-look-none"),)
        draft = await self._drafted(before, read, watch)
        return await self._told(before, read, replace(draft, lines=(*why, *draft.lines)), watch)

    async def _alike_in_words(
        self, before: Before, said: Understanding, looks: tuple[str, ...], watch: Stopwatch
    ) -> Draft | None:
        """A page of what looks like a photo within the limits that the words under it state."""
        limit = in_the_money_of_the_talk(said.price, before.need)
        price = self._rates.to_shop(limit) if limit else None
        need = worded_need(before, replace(said, price=limit), price, looks, self._vocabulary())
        need = in_full(replace(need, language=language_for(before, said)), self._vocabulary(), said.text)
        return await self._alike(before, said, (need,), watch)

    async def _alike(
        self, before: Before, said: Understanding, needs: tuple[Need, ...], watch: Stopwatch
    ) -> Draft | None:
        """A page of what looks like a photo for the first of the needs that has one, None where none has; only the last
        one's limits give way.
        """
        for need in needs:
            slate = await self._pager.unseen(before, need, said, frozenset(), watch)
            if slate.page and (need is needs[-1] or not slate.ways):
                return Draft(need=need, lines=(Line("photo-look"),)).then(self._page(need, slate, Asked(said)))
        return None

    # --- what is tapped -----------------------------------------------------------------------------

    async def press(self, press: Press, show: Show | None = None) -> Reply | Learned:
        """A button: a like or dislike teaches, the others change the wish and are a turn of their own."""
        if press.action in (Action.LIKE, Action.DISLIKE):
            return await self._database.run(lambda shop: press_learn(shop, press, self._clock()))
        if press.action is Action.RATE:
            return await self._database.run(lambda shop: press_rate(shop, press, self._clock()))
        turn = Turn(
            update_id=press.update_id,
            user_id=press.user_id,
            chat_id=press.chat_id,
            text=press.argument if press.action is Action.SAY else "",
            said_at=self._clock(),
            language=press.telegram_language,
            source=f"button:{press.action}",
        )
        if press.action is Action.SAY:
            return await self.answer(turn, show)
        if press.action in (Action.HUMAN, Action.GO_ON):
            return await self._change_speaker(turn, press)
        if press.action is Action.ERRAND:
            return await self._errand(turn, press)
        return await self._wish(turn, press, show)

    async def _change_speaker(self, turn: Turn, press: Press) -> Reply:
        """ "Talk to a person" and "Go on with the bot"."""
        watch = Stopwatch()
        before = await self._database.run(lambda shop: recall(shop, turn))
        if before.answered:
            return _recorded(before)
        language = before.chosen_language or before.need.language
        before = replace(before, need=replace(before.need, language=language, asked=None))
        if press.action is Action.GO_ON:
            draft = self._hand_off.went_on(before, self._clock())
        else:
            usual = await self._database.run(lambda shop: shop.cases.usual_wait())
            step = CaseStep.ASK_AFTER_FAILING if press.argument == CaseReason.FAILED else CaseStep.ASK
            draft = self._hand_off.asked(before, self._clock(), usual, Draft(need=before.need), step)
        return await self._recorder.finish(before, synthetic(BUTTON_INTENT[press.action], language), draft, watch)

    async def _errand(self, turn: Turn, press: Press) -> Reply | Learned:
        """A button of an errand: a turn like any other, which a toast may answer in the place of a message."""
        watch = Stopwatch()
        name, key, detail = f"{press.argument}::".split(":")[:3]
        intent = self._errands.intent_of(name, key)
        if intent is None:
            telegram = press.telegram_language
            spoken = await self._database.run(lambda shop: spoken_language(shop, press.user_id, telegram))
            return Learned("gone", spoken)
        before = await self._database.run(lambda shop: recall(shop, turn))
        if before.answered:
            return _recorded(before)
        language = before.chosen_language or before.need.language
        need = replace(before.need, language=language, asked=None)
        tap = errand.Tap(key, press.target, before, need, self._vocabulary(), self._clock(), detail)
        outcome, said = await self._errands.tap(name, tap), synthetic(intent, language)
        draft = Draft(need=before.need, silent=True) if isinstance(outcome, Learned) else outcome
        if draft.seeks:
            draft = await self._sought(before, said, draft, watch)
        said = replace(said, item_refs=draft.points_at)
        reply = await self._recorder.finish(before, said, draft, watch)
        if isinstance(outcome, Learned):
            return outcome
        return Learned("done", language, draft.toast) if draft.toast else reply

    async def _wish(self, turn: Turn, press: Press, show: Show | None) -> Reply | Learned:
        watch = Stopwatch()
        with watch.lap("recall"):
            target = await self._database.run(lambda shop: target_of(shop, press))
            if isinstance(target, Learned):
                return target
            before = await self._database.run(lambda shop: recall(shop, turn))
        if before.answered:
            return _recorded(before)
        if press.action is Action.MEANT:
            return await self._meant(target, press, before, watch, show)
        language = before.chosen_language or before.need.language
        on = press.action in (Action.MORE, Action.LESS_LIKE, Action.MORE_LIKE) or waved_off(target.answer)
        said = synthetic(Intent.MORE if waved_off(target.answer) else BUTTON_INTENT[press.action], language)
        if press.action is Action.WHY and target.pick:
            telling = await self._telling(target.pick, before, language)
            assert telling is not None, "the card was found a moment ago"
            return await self._recorder.finish(before, said, why_draft((target.pick,), telling), watch)
        if target.pick and press.action in (Action.MORE_LIKE, Action.LESS_LIKE):
            await self._learn(target.pick.id, press.user_id, Reaction(press.action.value), turn.said_at)
            before = await self._again(before)
        need = replace(changed(target, press, before), language=language, asked=None)
        seen = before.seen if on else frozenset()
        slate = await self._pager.unseen(before, need, said, seen, watch)
        kept = need if slate.page or press.action is not Action.CHEAPER else replace(target.need, language=language)
        anchor = await self._pager.anchor(before, kept, target.pick)
        asked = Asked(said, press.action, target.pick, seen=shown_for(before, need))
        draft = page_draft(kept, slate, self._vocabulary(), language, asked, anchor, self._rates)
        draft = self._errands.beside(with_question(draft, slate.question, self._vocabulary(), language))
        edits = press.target if press.action is Action.MORE and slate.page else 0
        return await self._recorder.finish(before, said, replace(draft, edits_turn=edits), watch, show)

    async def _meant(self, target: Target, press: Press, before: Before, watch: Stopwatch, show: Show | None) -> Reply:
        """Serves the message that was asked back about, as it was meant."""
        before = replace(before, need=replace(target.need, asked=None))
        intent = meant(press.argument)
        if intent is None or target.said is None:
            return await self._recorder.finish(
                before, synthetic(Intent.DENY, target.need.language), neither(before), watch
            )
        said = as_meant(target.said, intent)
        draft = await self._respond(before, meaning(in_simplified(said), before), watch)
        return await self._recorder.finish(before, said, await self._handed(before, draft), watch, show)

    async def _learn(self, recommendation_id: int, user_id: int, reaction: Reaction, at: datetime) -> str:
        feedback = Feedback(recommendation_id, user_id, reaction, at)
        return await self._database.run(lambda shop: learn(shop, feedback))

    async def _again(self, before: Before) -> Before:
        """The same talk with the taste and events read anew."""
        fresh = await self._database.run(lambda shop: recall(shop, before.turn))
        return replace(before, events=fresh.events, taste=fresh.taste)

    # --- commands -----------------------------------------------------------------------------------

    async def command(self, turn: Turn, name: str, argument: str = "") -> Reply:
        """/start, /help, /reset, /language and /privacy, each recorded as a turn."""
        watch = Stopwatch()
        before = await self._database.run(lambda shop: recall(shop, turn))
        if before.answered:
            return _recorded(before)
        if name == "language":
            await self._database.run(lambda shop: shop.shoppers.set_language(turn.user_id, argument or None))
            before = replace(before, chosen_language=argument or None)
        language = before.chosen_language or before.need.language
        asked = self._asked_for(synthetic(Intent.HELP, language), before, replace(before.need, language=language))
        draft = await self._errands.command(name, argument, asked)
        draft = draft or await command_draft(self._database, before, language, name, argument)
        if name in ("start", "help") and draft.slate is None:
            draft = replace(draft, options=(*draft.options, *self._errands.doors))
        said = synthetic(Intent.GREET if name == "start" else Intent.HELP, language)
        return await self._recorder.finish(before, said, draft, watch)


def _recorded(before: Before) -> Reply:
    answered = before.answered
    assert answered is not None
    cards = tuple(card for card in answered.recommendations if card.position > 0)
    return load_reply(answered.turn.id, answered.reply_json, cards)


def _context(before: Before) -> Context:
    return context_for(before.need.asked, len(before.page))
