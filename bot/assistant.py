"""One turn of conversation, from what was said to what we answer; and what a button teaches.

Knows nothing of Telegram: the chat, the console, the tests and the benchmark call the same `answer` and `press`. The
parts work or raise; this class decides patience (time limits, the plain twin in place of the model) and marks every
answer that was given with less than the whole machine.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot import dialogue
from bot.afterwards import Afterwards
from bot.draft import Draft, page_draft, words_draft
from bot.implied import with_implied
from bot.learning import learn
from bot.money import Rates
from bot.recall import Before, recall
from bot.relative import Direction, direction
from bot.reply import Action, Learned, Line, Press, Reply
from bot.reply_json import dump_reply, load_reply
from bot.synthetic import BUTTON_INTENT, synthetic
from bot.talk import PAGE_INTENTS, pointed_at
from bot.workers import Worker
from recommender.recommender import Recommender
from recommender.request import Request
from recommender.stopwatch import Stopwatch
from storage.records import (
    Context,
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
    Vocabulary,
)
from storage.shop import Shop

log = logging.getLogger(__name__)


class Understander(Protocol):
    """Text to Understanding; the LoRA model and its plain twin both are one."""

    @property
    def version(self) -> str: ...

    def understand(self, text: str, context: Context = ...) -> Understanding: ...

    def adopt(self, vocabulary: Vocabulary) -> None:
        """Reads with these words from now on."""
        ...


@dataclass(frozen=True, slots=True)
class Manners:
    """How patient the assistant is, and how it ranks. Times in seconds; `page_size` in cards."""

    understand_timeout: float = 3.0
    search_timeout: float = 8.0
    page_size: int = 3
    policy: str = "thompson"


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
    ) -> None:
        self._database, self._understander, self._rules, self._search = database, understander, rules, search
        self._vocabulary, self._rates, self._manners, self._clock = vocabulary, rates, manners, clock
        self.afterwards = Afterwards(database, search)

    # --- what is said -------------------------------------------------------------------------------

    async def answer(self, turn: Turn) -> Reply:
        """Answers a message. The same update answered again gets the recorded reply, marked `repeated`."""
        watch = Stopwatch()
        with watch.lap("recall"):
            before = await self._database.run(lambda shop: recall(shop, turn))
        if before.answered:
            return _recorded(before)
        with watch.lap("understand"):
            understanding = await self._understand(turn.text, _context(before))
        draft = await self._respond(before, understanding, watch)
        return await self._finish(before, understanding, draft, watch)

    async def _understand(self, text: str, context: Context) -> Understanding:
        try:
            async with asyncio.timeout(self._manners.understand_timeout):
                return await self._understander.run(lambda model: model.understand(text, context))
        except Exception:
            log.exception("The model did not answer; the rules do")
            return replace(self._rules.understand(text, context), degraded=True)

    async def _respond(self, before: Before, said: Understanding, watch: Stopwatch) -> Draft:
        """Serves every request of the message: reactions first, so that the page that follows knows of them."""
        language = _language(before, said)
        before, disliked_page = await self._react(before, said)
        price = self._rates.to_shop(said.price) if said.price else None
        need = with_implied(dialogue.advance(before.need, said, price, before.turn.said_at), self._vocabulary())
        need = replace(self._lean(need, said, before), language=language)
        draft = words_draft(
            said, need, before.page, language, self._vocabulary(), unknown_rate=bool(said.price and not price)
        )
        if not _wants_page(said, need) and not disliked_page:
            return draft
        seen = before.seen if said.intent is Intent.MORE or disliked_page else frozenset()
        slate = await self._recommend(before, need, said, seen, watch)
        page = page_draft(need, slate, self._vocabulary(), language, said, self._anchor(before, need), self._rates)
        return page.after(draft)

    async def _react(self, before: Before, said: Understanding) -> tuple[Before, bool]:
        """Learns from "love the second one" and "none of these"; true when the whole page was disliked."""
        intents = {said.intent, *said.also}
        if not before.page or not intents & {Intent.LIKE, Intent.DISLIKE}:
            return before, False
        reaction = Reaction.LIKE if Intent.LIKE in intents else Reaction.DISLIKE
        picks = pointed_at(said, before.page)
        whole = reaction is Reaction.DISLIKE and not picks and not said.item_refs
        for pick in before.page if whole else picks:
            await self._learn(pick.id, before.turn.user_id, reaction, before.turn.said_at)
        if whole or picks:
            before = await self._again(before)
        return before, whole

    def _lean(self, need: Need, said: Understanding, before: Before) -> Need:
        """ "Cheaper" and "something nicer" lean on the prices on screen."""
        way = direction(said.text) if said.intent is Intent.REFINE and not said.price and not need.cheapest else None
        if way is None or not before.page:
            return need
        prices = sorted(pick.product.price for pick in before.page)
        middle = prices[len(prices) // 2]
        change = dialogue.cheaper_than if way is Direction.CHEAPER else dialogue.dearer_than
        return change(need, middle, self._rates.currency)

    async def _recommend(
        self, before: Before, need: Need, said: Understanding, seen: frozenset[str], watch: Stopwatch
    ) -> Slate:
        request = Request(
            user_id=before.turn.user_id,
            need=need,
            stage=said.stage,
            taste=before.taste,
            events=before.events,
            seen=seen,
            now=self._clock(),
            seed=before.turn.update_id,
            page_size=self._manners.page_size,
            policy=self._manners.policy,
        )
        with watch.lap("search"):
            async with asyncio.timeout(self._manners.search_timeout):
                slate = await self._search.run(lambda part: part.recommend(request))
        watch.add(slate.timings)
        self.afterwards.remember(before.turn.id, request, slate)
        return slate

    async def _finish(self, before: Before, said: Understanding, draft: Draft, watch: Stopwatch) -> Reply:
        """Records the turn with its reply and its impressions; only then may it be shown."""
        turn_id, language = before.turn.id, draft.need.language
        reply = Reply(
            turn_id=turn_id,
            language=language,
            lines=draft.lines,
            chips=draft.chips,
            options=draft.options,
            has_more=draft.has_more,
            edits_turn=draft.edits_turn,
        )
        body = dump_reply(reply)
        versions = {"understander": said.model, "index": draft.slate.index_version if draft.slate else ""}
        degraded = said.degraded or bool(draft.slate and draft.slate.degraded)
        with watch.lap("record"):
            stored = await self._database.run(
                lambda shop: shop.transcripts.finish(
                    turn_id,
                    understanding=said,
                    need=draft.need,
                    slate=draft.slate,
                    reply=body,
                    timings=watch.laps,
                    versions=versions,
                    degraded=degraded,
                )
            )
        return replace(reply, cards=tuple(card for card in stored if card.position > 0))

    # --- what is tapped -----------------------------------------------------------------------------

    async def press(self, press: Press) -> Reply | Learned:
        """A button: a like or dislike teaches, the others change the wish and are a turn of their own."""
        if press.action in (Action.LIKE, Action.DISLIKE):
            return await self._press_reaction(press)
        turn = Turn(
            update_id=press.update_id,
            user_id=press.user_id,
            chat_id=press.chat_id,
            text=press.argument if press.action is Action.SAY else "",
            said_at=self._clock(),
            language=press.telegram_language,
            source=f"button:{press.action}",
        )
        return await (self.answer(turn) if press.action is Action.SAY else self._wish(turn, press))

    async def _press_reaction(self, press: Press) -> Learned:
        state, title, language = await self._database.run(
            lambda shop: _press_learn(shop, press, Reaction(press.action.value), self._clock())
        )
        return Learned(state, language or press.telegram_language, title)

    async def _wish(self, turn: Turn, press: Press) -> Reply | Learned:
        watch = Stopwatch()
        with watch.lap("recall"):
            target = await self._database.run(lambda shop: _target(shop, press))
            if isinstance(target, Learned):
                return target
            before = await self._database.run(lambda shop: recall(shop, turn))
        if before.answered:
            return _recorded(before)
        language = before.chosen_language or before.need.language
        said = synthetic(BUTTON_INTENT[press.action], language)
        if target.pick and press.action in (Action.MORE_LIKE, Action.LESS_LIKE):
            await self._learn(target.pick.id, press.user_id, Reaction(press.action.value), turn.said_at)
            before = await self._again(before)
        need = replace(_changed(target, press, before), language=language)
        seen = before.seen if press.action in (Action.MORE, Action.LESS_LIKE, Action.MORE_LIKE) else frozenset()
        slate = await self._recommend(before, need, said, seen, watch)
        draft = page_draft(
            need,
            slate,
            self._vocabulary(),
            language,
            said,
            self._anchor(before, need, target.pick),
            self._rates,
            press.action,
            target.pick,
        )
        edits = press.target if press.action is Action.MORE and slate.page else 0
        return await self._finish(before, said, replace(draft, edits_turn=edits), watch)

    async def _learn(self, recommendation_id: int, user_id: int, reaction: Reaction, at: datetime) -> str:
        feedback = Feedback(recommendation_id, user_id, reaction, at)
        return await self._database.run(lambda shop: learn(shop, feedback))

    async def _again(self, before: Before) -> Before:
        """The same talk with the taste and events read anew."""
        fresh = await self._database.run(lambda shop: recall(shop, before.turn))
        return replace(before, events=fresh.events, taste=fresh.taste)

    def _anchor(self, before: Before, need: Need, pick: Recommendation | None = None) -> str:
        shown = [card for card in (*before.page, *((pick,) if pick else ())) if card.product.id == need.like_product]
        return shown[0].product.title_in(need.language) if shown else ""

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
        need = replace(Need() if name == "reset" else before.need, language=language)
        said = synthetic(Intent.GREET if name == "start" else Intent.HELP, language)
        draft = Draft(need=need, lines=_command_lines(name, argument, before.newcomer))
        return await self._finish(before, said, draft, watch)


@dataclass(frozen=True, slots=True)
class _Target:
    """What a button hangs on: a showing, or a page with the need it was made for."""

    need: Need
    pick: Recommendation | None = None


def _target(shop: Shop, press: Press) -> _Target | Learned:
    """Finds what was tapped; a Learned with state "gone" or "stranger" where it is not this shopper's."""
    language = shop.shoppers.language(press.user_id) or press.telegram_language
    if press.action in (Action.MORE, Action.DROP):
        owner = shop.transcripts.owner(press.target)
        turn_id, pick = press.target, None
    else:
        impression = shop.impressions.get(press.target)
        owner = impression.user_id if impression and impression.position else None
        turn_id, pick = (impression.turn_id, impression.recommendation) if impression else (0, None)
    if owner is None:
        return Learned("gone", language)
    if owner != press.user_id:
        return Learned("stranger", language)
    return _Target(shop.transcripts.need(turn_id) or Need(), pick)


def _changed(target: _Target, press: Press, before: Before) -> Need:
    pick = target.pick
    match press.action:
        case Action.MORE_LIKE if pick:
            return dialogue.like_product(target.need, pick.product.id, before.turn.said_at)
        case Action.CHEAPER if pick:
            return dialogue.cheaper_than(target.need, pick.product.price, pick.product.currency)
        case Action.DROP:
            return dialogue.drop(target.need, press.argument)
        case _:
            return target.need


def _press_learn(shop: Shop, press: Press, reaction: Reaction, at: datetime) -> tuple[str, str, Language]:
    state = learn(shop, Feedback(press.target, press.user_id, reaction, at))
    language = shop.shoppers.language(press.user_id) or ""
    if not language and (need := shop.transcripts.latest_need(press.user_id)):
        language = need.language
    impression = shop.impressions.get(press.target) if state in ("new", "same", "replaced") else None
    return state, impression.recommendation.product.title_in(language) if impression else "", language


def _recorded(before: Before) -> Reply:
    answered = before.answered
    assert answered is not None
    cards = tuple(card for card in answered.recommendations if card.position > 0)
    return load_reply(answered.turn.id, answered.reply_json, cards)


def _context(before: Before) -> Context:
    return Context(asked=before.need.asked, shown=len(before.page))


def _language(before: Before, said: Understanding) -> Language:
    """/language, else the script of what was said, else the language of the talk, else Telegram's."""
    if before.chosen_language:
        return before.chosen_language
    if any(letter.isalpha() for letter in said.text):
        return said.language
    return before.turn.language if before.newcomer else before.need.language


def _wants_page(said: Understanding, need: Need) -> bool:
    intents = {said.intent, *said.also}
    if Intent.MORE in intents and need.empty:
        return Intent.INSPIRE in intents
    return bool(intents & PAGE_INTENTS)


def _command_lines(name: str, argument: str, newcomer: bool) -> tuple[Line, ...]:
    match name:
        case "start":
            return (Line("welcome"), Line("data-notice")) if newcomer else (Line("welcome-back"),)
        case "language":
            return (Line("language-set", {"language": argument}) if argument else Line("language-auto"),)
        case "reset":
            return (Line("reset-done"),)
        case _:
            return (Line(name),)


__all__ = ["Assistant", "Manners", "PriceRange", "Understander"]
