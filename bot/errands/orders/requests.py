"""Returns, refunds and changes: the shop's own words about them, then a request to the shop's people, sent by a button.

The bot changes no order and refunds nothing: a request is a ticket (storage/tickets.py), and is said to be no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from bot import dialogue
from bot.cues import cue
from bot.draft import UNSURE_BELOW, Draft, Effect
from bot.errands.errand import Errand, Photo, Request, Tap
from bot.errands.orders.asking import (
    ALONE,
    CHANGED,
    RETURNED,
    SEND,
    Matter,
    Subject,
    dropped,
    other_size,
    said_matter,
    sent,
    what,
    whether,
    which,
    without_number,
)
from bot.errands.orders.own import (
    Item,
    item_at,
    items_of,
    meant,
    number_said,
    options_of,
    order_at,
    own_orders,
    turn_before,
    with_number,
)
from bot.errands.orders.photos import WHILE, place_of, taken
from bot.errands.orders.told import ASKED, REQUESTS, no_code, unknown
from bot.errands.policy_answers import PolicyAnswers, buttons, quoted_each
from bot.errands.policy_questions import sure
from bot.reply import ErrandAct, Learned, Line, Option
from bot.wording import Wording
from bot.workers import Worker
from storage.orders import Order, OrderStatus
from storage.records import FoundPassage, Intent, Need
from storage.shop import Shop

_LEFT = frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED})
_TO_COME = frozenset({OrderStatus.PLACED, OrderStatus.PAID, OrderStatus.PACKED})
_RECENT, _SAID = 3, 4  # orders whose items are offered; turns whose words go along with a request
_TEXT, _ANSWER = 1_500, 60  # letters of a request; of a message that says little beside one thing
_SENDING = tuple(f"{SEND}{matter}" for matter in Matter)


class RequestErrand(Errand):
    """What is asked of the shop about orders."""

    name: ClassVar[str] = REQUESTS
    intents: ClassVar[frozenset[Intent]] = frozenset({Intent.RETURN_REFUND, Intent.ORDER_CHANGE})
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType(
        {
            **{key: Intent.RETURN_REFUND for key in ("begin", "return", "item")},
            **{matter.value: Intent.RETURN_REFUND for matter in Matter},
            **{f"{SEND}{matter}": Intent.CONFIRM for matter in Matter},
            **{"change": Intent.ORDER_CHANGE, "similar": Intent.SEARCH, "drop": Intent.DENY},
        }
    )

    def __init__(self, database: Worker[Shop], answers: PolicyAnswers) -> None:
        self._database, self._answers, self._wording = database, answers, Wording()

    # --- words --------------------------------------------------------------------------------------

    async def serve(self, intent: Intent, request: Request) -> Draft | None:
        found = await self._answers.under(intent, request.said, request.language)
        if cue("wants-money").search(request.said.text):
            found = []  # "no replacement, just my money back" asks for no page about replacements
        orders = await self._database.run(lambda shop: own_orders(shop, request.user_id))
        number = number_said(request.said)
        if number and with_number(orders, number) is None:
            return _with_policy(found, unknown(number, orders, request.need))
        named = with_number(orders, number) if number else None
        asked = [named] if named else orders
        if intent is Intent.ORDER_CHANGE:
            return _with_policy(found, _which_order(asked, request.need, request.said.text))
        items = await self._database.run(lambda shop: items_of(shop, _gone_out(asked, named is not None)))
        if any(map(sure, found)) and not items:
            return _with_policy(found, Draft(need=request.need, options=(_BEGIN,)))
        return _with_policy(found, _which_item(items, request.need, text=request.said.text, asked=named is not None))

    async def hear(self, request: Request) -> Draft | None:
        """ "I don't have the order number", said of a return: it is no question about where an order is."""
        if len(request.said.text) > _ANSWER or not cue("no-code").search(request.said.text):
            return None
        last = await self._database.run(lambda shop: turn_before(shop, request.user_id, request.before.turn.id))
        about = {last.understanding.intent, *last.understanding.also} if last and last.understanding else set()
        if not about & self.intents:
            return None
        orders = await self._database.run(lambda shop: own_orders(shop, request.user_id))
        if Intent.RETURN_REFUND not in about:
            return _which_order(orders, request.need, "") if orders else no_code(request.need)
        items = await self._database.run(lambda shop: items_of(shop, _gone_out(orders, named=False)))
        return _which_item(items, request.need, asked=False) if items else without_number(request.need)

    async def answer(self, question: str, request: Request) -> Draft | None:
        """Yes and no, where a button was waited for: they do what the button does."""
        said = request.said
        if question == "reason":
            return await self._reasoned(request)
        if question != "confirm" or said.confidence < UNSURE_BELOW or said.intent not in (Intent.CONFIRM, Intent.DENY):
            return None
        if said.intent is Intent.DENY:
            return dropped(request.need, request.user_id)
        act = await self._database.run(lambda shop: _offered(shop, request.user_id, request.before.turn.id, _SENDING))
        return await self._send(act.key, act.target, request) if act else None

    async def _reasoned(self, request: Request) -> Draft | None:
        """What is the matter, typed in the place of a tap."""
        act = await self._database.run(
            lambda shop: _offered(shop, request.user_id, request.before.turn.id, tuple(Matter))
        )
        matter = said_matter(request.said.text, RETURNED + CHANGED) if act else None
        subject = await self._subject(request.user_id, act.target) if act and matter else None
        return whether(subject, matter, request.need) if subject and matter else None

    # --- buttons ------------------------------------------------------------------------------------

    async def tap(self, tap: Tap) -> Draft | Learned:
        if tap.key == "drop":
            return dropped(tap.need, tap.user_id)
        if tap.key in ("begin", "return", "change"):
            return await self._begun(tap)
        if tap.key.startswith(SEND):
            return await self._send(tap.key, tap.target, tap) or Learned("gone", tap.language)
        subject = await self._subject(tap.user_id, tap.target)
        if subject is None:
            return Learned("gone", tap.language)
        if tap.key == "item":
            return what(subject, tap.need)
        if tap.key == "similar":
            return _similar(subject, tap)
        return whether(subject, Matter(tap.key), tap.need)

    async def _begun(self, tap: Tap) -> Draft | Learned:
        """From an order's own buttons; of no order, what is no order's."""
        if tap.key == "begin":
            return _which_item([], tap.need, asked=False)
        if not tap.target:
            return what(Subject(), tap.need)
        orders = await self._database.run(lambda shop: own_orders(shop, tap.user_id))
        order = next((each for each in orders if each.id == tap.target), None)
        if order is None:
            return Learned("gone", tap.language)
        if tap.key == "change":
            return what(Subject(order=order), tap.need) if order.status in _TO_COME else too_late([order], tap.need)
        items = await self._database.run(lambda shop: items_of(shop, [order]))
        return _which_item(items, tap.need, asked=True)

    async def _send(self, key: str, target: int, asked: Request | Tap) -> Draft | None:
        """Opens the ticket, once for a turn."""
        subject = await self._subject(asked.user_id, target)
        if subject is None or (subject.order and subject.order.status not in _TO_COME):
            return None
        turn, matter = asked.before.turn, Matter(key.removeprefix(SEND))
        words = await self._database.run(lambda shop: _words_of(shop, asked.user_id))
        text = self._told(subject, matter, words)

        since = turn.said_at - WHILE
        photos = await self._database.run(lambda shop: len(shop.case_files.waiting(turn.user_id, since)))

        def do(shop: Shop) -> None:
            ticket_id = shop.tickets.add(
                turn.user_id,
                turn.chat_id,
                matter.kind,
                text,
                "bot",
                turn.said_at,
                order_said=subject.number,
                key=f"request:{turn.id}",
            )
            shop.case_files.hand_over(turn.user_id, ticket_id, since)

        effect: Effect = do
        return replace(sent(asked.need, matter, photos), effect=effect)

    # --- photos -------------------------------------------------------------------------------------

    async def expects_photo(self, user_id: int, now: datetime) -> bool:
        return await self._database.run(lambda shop: place_of(shop, user_id, now)) is not None

    async def see(self, photo: Photo) -> Draft | None:
        return await self._database.run(lambda shop: taken(shop, photo))

    def _told(self, subject: Subject, matter: Matter, words: Sequence[str]) -> str:
        """The request for the people of the shop, in both languages, with what the shopper said."""
        facts = {"subject": subject.line, "matter": Line(f"request-{matter}")}
        size = other_size(subject.item, matter) if subject.item and matter in (Matter.LARGER, Matter.SMALLER) else ""
        lines = [self._wording.say(Line("request-ticket", facts), language) for language in ("en", "zh")]
        if size:
            lines += [self._wording.say(Line("request-ticket-size", {"size": size}), tag) for tag in ("en", "zh")]
        return "\n".join([*lines, *(f"> {each}" for each in words)])[:_TEXT]

    async def _subject(self, user_id: int, target: int) -> Subject | None:
        """What a button's number names, where it is this shopper's."""
        if target == 0:
            return Subject()
        order = await self._database.run(lambda shop: order_at(shop, user_id, target))
        if order:
            return Subject(order=order)
        item = await self._database.run(lambda shop: item_at(shop, user_id, target))
        return Subject(item) if item else None


def _with_policy(answers: Sequence[Sequence[FoundPassage]], draft: Draft) -> Draft:
    """The shop's own words in front, where there are some for sure; else as buttons."""
    if said := quoted_each([found[:1] for found in answers], draft.need):
        return said.then(draft)
    return replace(draft, options=(*draft.options, *(each for found in answers for each in buttons(found))))


_BEGIN = Option(Line("button-request-begin"), does=ErrandAct(REQUESTS, "begin"), row=3)


def _gone_out(orders: Sequence[Order], named: bool) -> list[Order]:
    """Orders whose items may come back: those on their way or there; a named one whatever."""
    return list(orders) if named else [order for order in orders if order.status in _LEFT][:_RECENT]


def _which_item(items: Sequence[Item], need: Need, *, asked: bool, text: str = "") -> Draft:
    """Which item, or what is the matter with the only one; without any, how an order comes to be one's own."""
    if not items:
        return Draft(need=replace(need, asked=ASKED), lines=(Line("request-link"),), options=(ALONE,))
    item = items[0] if len(items) == 1 and asked else meant(items, text)
    if item is None:
        return which(items, need)
    matter = said_matter(text, RETURNED)
    return whether(Subject(item), matter, need) if matter else what(Subject(item), need)


def _which_order(orders: Sequence[Order], need: Need, text: str) -> Draft:
    """Which order is to be changed: those that have not left yet."""
    waiting = [order for order in orders if order.status in _TO_COME]
    if len(waiting) == 1:
        subject, matter = Subject(order=waiting[0]), said_matter(text, CHANGED)
        return whether(subject, matter, need) if matter else what(subject, need)
    if waiting:
        options = tuple(
            Option(Line("button-request-order", {"number": each.number}), does=ErrandAct(REQUESTS, "change", each.id))
            for each in waiting[:8]
        )
        return Draft(need=replace(need, asked=None), lines=(Line("request-which-order"),), options=options)
    if orders:
        return too_late(orders, need)
    return Draft(need=replace(need, asked=ASKED), lines=(Line("request-link"),))


def too_late(orders: Sequence[Order], need: Need) -> Draft:
    """They have left."""
    back = Option(Line("button-order-return"), does=ErrandAct(REQUESTS, "return", orders[0].id))
    return Draft(need=replace(need, asked=None), lines=(Line("request-too-late"),), options=(back,))


def _similar(subject: Subject, tap: Tap) -> Draft | Learned:
    """Products like the one that goes back."""
    if subject.item is None or subject.item.product is None:
        return Learned("gone", tap.language)
    return Draft(dialogue.like_product(Need(language=tap.language), subject.item.product.id, tap.now), seeks=True)


def _offered(shop: Shop, user_id: int, turn_id: int, keys: Sequence[str]) -> ErrandAct | None:
    """The first of the last reply's buttons with one of these keys."""
    options = options_of(turn_before(shop, user_id, turn_id))
    return next((each.does for each in options if each.does and each.does.key in keys), None)


def _words_of(shop: Shop, user_id: int) -> list[str]:
    """What the shopper said on the way to the request, the oldest first."""
    turns = shop.transcripts.history(user_id, _SAID)
    return [turn.turn.text for turn in turns if turn.turn.text and turn.turn.source in ("text", "edited", "caption")]
