"""Questions about the shop itself (delivery, payment, sizes, privacy, ...), answered by quoting its own pages.

Delivery and payment are served whenever they are asked for. Other questions are heard where a passage answers them
for sure and the message was taken for something that has no better answer: "do you have a shop in town?" is no
product, but the shop's pages may know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import ClassVar

from bot.cues import cue
from bot.draft import UNSURE_BELOW, Draft
from bot.errands.errand import Errand, Request, Tap
from bot.errands.items.aspects import aspects_of
from bot.errands.orders.own import turn_before
from bot.errands.policy_answers import NAME, PolicyAnswers, page_lines, perhaps, quoted, quoted_each, told
from bot.errands.policy_questions import reworded, sure
from bot.reply import ErrandAct, Learned, Line, Option
from bot.understanding.clarifying import guessed
from bot.workers import Worker
from storage.records import FoundPassage, Intent, Language, Passage, SlotName, Understanding
from storage.shop import Shop

_HEARD = frozenset({Intent.ASK_PRODUCT, Intent.OUT_OF_SCOPE, Intent.HELP, Intent.COMPARE, Intent.INSPIRE})
_ELSE_NOTHING = frozenset({Intent.OUT_OF_SCOPE, Intent.HELP})
_OF_THE_SHOP = frozenset(
    {Intent.SHIPPING, Intent.PAYMENT, Intent.ORDER_STATUS, Intent.ORDER_CHANGE, Intent.RETURN_REFUND}
)
"""What has an answer of its own, better than what is perhaps one."""
_ANSWERED = frozenset({Intent.SHIPPING, Intent.PAYMENT})
_SURE = 0.6  # of a question that was taken for something else
_LONGEST = 200  # code points of a question that is heard
_WISHES = frozenset({SlotName.CATEGORY, SlotName.BRAND, SlotName.COLOR, SlotName.ITEM_REF, SlotName.PRICE})
_PRONOUN = re.compile(r"\b(?:it|that|this)\b", re.IGNORECASE)
_RETURN_COSTS: Mapping[Language, str] = MappingProxyType({"en": "who pays the return shipping", "zh": "退货运费谁出"})
_OTHER: dict[Language, Language] = {"en": "zh", "zh": "en"}


class PolicyErrand(Errand):
    """Quotes the shop's pages."""

    name: ClassVar[str] = NAME
    intents: ClassVar[frozenset[Intent]] = frozenset({Intent.SHIPPING, Intent.PAYMENT})
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType(
        {"page": Intent.HELP, "passage": Intent.HELP, "pages": Intent.HELP}
    )

    def __init__(self, database: Worker[Shop], answers: PolicyAnswers) -> None:
        self._database, self._answers = database, answers

    async def serve(self, intent: Intent, request: Request) -> Draft | None:
        said = await self._in_its_talk(intent, request)
        answers = await self._answers.under(intent, said, request.language)
        return told(answers, request.need) if answers else Draft(need=request.need)

    async def hear(self, request: Request) -> Draft | None:
        if _may_ask_twice(request):
            return await self._all_of(request)
        if (
            request.said.intent is Intent.SHIPPING
            and request.said.text != (await self._in_its_talk(Intent.SHIPPING, request)).text
        ):
            return await self.serve(Intent.SHIPPING, request)
        if (again := await self._gone_on(request)) and sure(again):
            return quoted(again[0], request.need, also=again[1:])
        by_name = cue("asks-policy").search(request.said.text)
        if not by_name and (not _may_ask_the_shop(request) or _answered_by_the_item(request)):
            return None
        found = await self._answers.find(request.said.text, request.language)
        if sure(found, _SURE) or (by_name and found):
            return quoted(found[0], request.need, also=found[1:])
        vague = request.said.intent in _ELSE_NOTHING or (_unsure(request) and not _asks_which(request.said))
        return perhaps(found, request.need) if vague else None

    async def _in_its_talk(self, intent: Intent, request: Request) -> Understanding:
        """ "How much does it cost?", after a question about delivery, is of delivery; "do I pay postage?", after one
        about a return, of the return.
        """
        said = request.said
        if intent is not Intent.SHIPPING:
            return said
        last = await self._database.run(lambda shop: turn_before(shop, request.user_id, request.before.turn.id))
        spoken_of = last.understanding.intent if last and last.understanding else None
        if spoken_of is Intent.RETURN_REFUND and cue("pays-postage").search(said.text):
            return replace(said, text=_RETURN_COSTS[request.language])
        return replace(said, text=_PRONOUN.sub("delivery", said.text)) if spoken_of is Intent.SHIPPING else said

    async def _gone_on(self, request: Request) -> list[FoundPassage]:
        """ "How long will that take?", after a question about refunds: the same matter, asked on; not where the words
        have an answer of their own.
        """
        said = request.said
        named = {slot.name for slot in said.slots} & (_WISHES - {SlotName.ITEM_REF})
        own = said.intent is Intent.SHIPPING and said.confidence >= UNSURE_BELOW  # served by its own words
        if own or request.before.page or named or not cue("follow-up").search(said.text):
            return []
        last = await self._database.run(lambda shop: turn_before(shop, request.user_id, request.before.turn.id))
        if last is None or last.understanding is None or last.understanding.intent not in _OF_THE_SHOP:
            return []
        if _may_ask_the_shop(request) and sure(await self._answers.find(said.text, request.language), _SURE):
            return []
        whole = replace(said, text=f"{last.turn.text} {said.text}"[:_LONGEST])
        answers = await self._answers.under(last.understanding.intent, whole, request.language)
        return list(answers[0]) if answers else []

    async def _all_of(self, request: Request) -> Draft | None:
        """Every question of a message that asks the shop and nothing else; None where one has no answer."""
        answers = await self._answers.each(request.said.text, request.language)
        known = {found[0].passage.number: found for found in answers if sure(found)}
        return quoted_each(list(known.values()), request.need) if len(known) == len(answers) > 1 else None

    async def tap(self, tap: Tap) -> Draft | Learned:
        if tap.key == "pages":
            return await self._pages(tap)
        passage = await self._database.run(lambda shop: shop.policies.get(tap.target))
        if passage is None:
            return Learned("gone", tap.language)
        if tap.key == "passage":
            return quoted(FoundPassage(passage, 0, 1.0), tap.need)
        page = await self._database.run(lambda shop: shop.policies.page(passage.language, passage.page))
        return Draft(need=tap.need, lines=page_lines(page), options=(*_link(passage), _OTHERS))

    async def _pages(self, tap: Tap) -> Draft | Learned:
        firsts = await self._database.run(lambda shop: _firsts(shop.policies.passages(), tap.language))
        if not firsts:
            return Learned("gone", tap.language)
        options = tuple(
            Option(Line("policy-title", {"title": first.title}), does=ErrandAct(NAME, "page", first.number))
            for first in firsts
        )
        return Draft(need=tap.need, lines=(Line("policy-list"),), options=options)


_OTHERS = Option(Line("policy-all"), does=ErrandAct(NAME, "pages"), row=2)


def _may_ask_twice(request: Request) -> bool:
    """Whether a message asks the shop, and beside it something that may be a question to the shop, too."""
    said = request.said
    intents = {said.intent, *said.also}
    return bool(said.also and intents & _ANSWERED) and intents <= _HEARD | _ANSWERED and not said.item_refs


def _may_ask_the_shop(request: Request) -> bool:
    """Whether a message may be a question to the shop that was taken for something else."""
    said = request.said
    if said.also or len(said.text) > _LONGEST or _asks_for_a_thing(request):
        return False
    if said.intent is Intent.ASK_PRODUCT and len(reworded(said.text, said.language)) > 1:
        return True  # "when will it get here?" is asked of an item, and answered by the shop
    return not said.item_refs and _may_be_other(request)


def _answered_by_the_item(request: Request) -> bool:
    """ "How long does the battery last?" of an item that was spoken of last and states it: no page knows better."""
    said, card = request.said, request.before.in_focus
    if said.intent is not Intent.ASK_PRODUCT or card is None:
        return False
    return any(name in card.product.attributes for aspect in aspects_of(said.text) for name in aspect.attributes)


def _asks_for_a_thing(request: Request) -> bool:
    """那帽子呢 after a page of something else: the hats, and not how they are measured."""
    said = request.said
    things = [slot for slot in said.slots if slot.name is SlotName.CATEGORY]
    known = any((slot.name, slot.value) in request.vocabulary.by_value for slot in things)
    return bool(known and request.before.page and cue("what-about").fullmatch(said.text.strip(" ?？!.。")))


def _may_be_other(request: Request) -> bool:
    """Whether a message may have been taken for something else than the question that it is."""
    said = request.said
    return _unsure(request) or (
        said.intent in _HEARD and not any(slot.name is SlotName.ITEM_REF for slot in said.slots)
    )


def _unsure(request: Request) -> bool:
    """Whether it is not known what a message wants, and it names nothing to look for."""
    said = request.said
    return guessed(said) and not any(slot.name in _WISHES for slot in said.slots)


def _asks_which(said: Understanding) -> bool:
    """Whether a message is served as a matter of the shop, or the bot asks which of two of them is meant
    (bot/understanding/doubt.py).
    """
    if said.intent not in _OF_THE_SHOP or said.confidence >= UNSURE_BELOW:
        return said.intent in _OF_THE_SHOP
    return said.top[1][0] in _OF_THE_SHOP if len(said.top) > 1 else True


def _firsts(passages: Sequence[Passage], language: Language) -> list[Passage]:
    """The first passage of each page, in the language where the shop has it, else in the other."""
    own = {each.page: each for each in reversed(passages) if each.language == _OTHER[language]}
    own |= {each.page: each for each in reversed(passages) if each.language == language}
    return [own[page] for page in sorted(own)]


def _link(passage: Passage) -> tuple[Option, ...]:
    return (Option(Line("policy-open"), url=passage.url),) if passage.url else ()
