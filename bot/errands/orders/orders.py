"""Where an order stands, told to whom it belongs; a code from its confirmation makes an imported order somebody's.

Another's number, an unknown one and one that nobody has linked are the same to this errand: it reads the shopper's own
orders and no others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

from bot.cues import cue
from bot.desks.order_desk import hide_code
from bot.draft import Draft, Effect
from bot.errands.errand import Errand, Request, Tap
from bot.errands.orders.own import number_said, own_orders, turn_before, with_number
from bot.errands.orders.told import ASKED, NAME, listed, no_code, status, unknown
from bot.reply import Learned, Line
from bot.workers import Worker
from storage.order_links import LETTERS, Linking
from storage.records import Intent
from storage.shop import Shop
from storage.visitors import VisitorKey

_OURS = re.compile(rf"\W*(?:code\W*|验证码\W*|绑定码\W*)?([{LETTERS}]{{5}}-[{LETTERS}]{{5}})\W*", re.IGNORECASE)
_ANY = re.compile(r"(?<![0-9A-Za-z])(?=[0-9A-Za-z-]*\d)[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*(?![0-9A-Za-z])")
_ANSWER = 60  # code points of a message that may be a code and little else


class OrderErrand(Errand):
    """Orders of the shopper. `folder` is the data folder, with the key of the codes' hashes."""

    name: ClassVar[str] = NAME
    intents: ClassVar[frozenset[Intent]] = frozenset({Intent.ORDER_STATUS})
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType({"show": Intent.ORDER_STATUS, "list": Intent.ORDER_STATUS})
    commands: ClassVar[tuple[str, ...]] = ("orders",)

    def __init__(self, database: Worker[Shop], folder: Path) -> None:
        self._database, self._folder = database, folder

    async def serve(self, intent: Intent, request: Request) -> Draft | None:
        orders = await self._database.run(lambda shop: own_orders(shop, request.user_id))
        number = number_said(request.said)
        if number:
            order = with_number(orders, number)
            return status(order, request.need, request.now) if order else unknown(number, orders, request.need)
        if not orders and cue("no-code").search(request.said.text):
            return no_code(request.need)
        if len(orders) == 1:
            return status(orders[0], request.need, request.now)
        return listed(orders, request.need, request.now)

    async def hear(self, request: Request) -> Draft | None:
        """A code of our own shape is one, whenever it comes."""
        found = _OURS.fullmatch(request.said.text)
        return await self._linked(found.group(1), request) if found else None

    async def answer(self, question: str, request: Request) -> Draft | None:
        """What follows "send me the code": a code of any shape, or the number of an order."""
        text = request.said.text
        if question != "order_id" or len(text) > _ANSWER:
            return None
        if cue("no-code").search(text):
            return await self._without_code(request)
        orders = await self._database.run(lambda shop: own_orders(shop, request.user_id))
        if (number := number_said(request.said)) and (order := with_number(orders, number)):
            return status(order, request.need, request.now, others=len(orders) > 1)
        codes = [found.group() for found in _ANY.finditer(text) if hide_code(self._key(), found.group())]
        if len(codes) != 1 or (request.said.intent in (Intent.SEARCH, Intent.REFINE) and " " in text.strip()):
            return None
        return await self._linked(codes[0], request)

    async def _without_code(self, request: Request) -> Draft | None:
        """Where the code stands; of a return or a change, whoever asked for it says how that goes on."""
        last = await self._database.run(lambda shop: turn_before(shop, request.user_id, request.before.turn.id))
        about = {last.understanding.intent, *last.understanding.also} if last and last.understanding else set()
        return None if about & {Intent.RETURN_REFUND, Intent.ORDER_CHANGE} else no_code(request.need)

    async def tap(self, tap: Tap) -> Draft | Learned:
        orders = await self._database.run(lambda shop: own_orders(shop, tap.user_id))
        if tap.key == "list":
            return listed(orders, tap.need, tap.now)
        order = next((each for each in orders if each.id == tap.target), None)
        return status(order, tap.need, tap.now, others=len(orders) > 1) if order else Learned("gone", tap.language)

    async def command(self, name: str, argument: str, request: Request) -> Draft:
        """/orders."""
        orders = await self._database.run(lambda shop: own_orders(shop, request.user_id))
        return listed(orders, request.need, request.now)

    async def _linked(self, code: str, request: Request) -> Draft:
        """Links an order by its code, in the commit of the turn; a wrong code is counted there, too."""
        # A code is of no language: the talk goes on in that which it was in.
        need = replace(request.need, language=request.before.spoken)
        user, at, code_hash = request.user_id, request.before.turn.said_at, hide_code(self._key(), code)
        linked = await self._database.run(lambda shop: shop.order_links.works(user, code_hash, at))
        effect: Effect = lambda shop: shop.order_links.link(user, code_hash, at)  # noqa: E731
        if linked.outcome is not Linking.DONE:
            line = Line("order-code-wrong" if linked.outcome is Linking.WRONG else "order-code-locked")
            return Draft(need=replace(need, asked=ASKED), lines=(line,), effect=effect)
        order = await self._database.run(lambda shop: shop.orders.get(linked.number))
        assert order is not None, "it was found a moment ago"
        thanks = Draft(need=need, lines=(Line("order-linked", {"number": order.number}),), effect=effect)
        return thanks.then(status(order, need, request.now))

    def _key(self) -> VisitorKey:
        return VisitorKey.of(self._folder)
