"""Checkout: a summary with the total, and a button that buys exactly that. Words alone never buy, and a summary that
the shop has overtaken is shown anew instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

from bot.draft import UNSURE_BELOW, Draft
from bot.errands.cart.positions import Position, positions_of
from bot.errands.cart.view import IDEAS, VIEW, cart_draft, item_line
from bot.errands.checkout.invoice import paid
from bot.errands.checkout.method import Basket, Checkout, baskets_of
from bot.errands.errand import Errand, Request, Tap
from bot.reply import Action, CaseAct, Learned, Line, Option
from bot.workers import Worker
from storage.records import Intent
from storage.shop import Shop

PAID = "paid"
"""What the door tells of a payment that Telegram has taken, with its order number and Telegram's id of it."""
HUMAN = Option(Line("button-human"), act=CaseAct(Action.HUMAN))
_JUST_NOW = timedelta(hours=1)


class CheckoutErrand(Errand):
    """From the cart to an order.

    Args:
        method: how this shop sells.
    """

    name: ClassVar[str] = "checkout"
    intents: ClassVar[frozenset[Intent]] = frozenset({Intent.CHECKOUT})
    keys: ClassVar[Mapping[str, Intent]] = MappingProxyType({"look": Intent.CHECKOUT, "place": Intent.CHECKOUT})
    events: ClassVar[tuple[str, ...]] = (PAID,)

    def __init__(self, database: Worker[Shop], method: Checkout) -> None:
        self._database, self._method = database, method

    async def serve(self, intent: Intent, request: Request) -> Draft | None:
        """The summary; nothing is bought by it."""
        return self._summary(request, await self._held(request.user_id))

    async def answer(self, question: str, request: Request) -> Draft | None:
        """ "Yes" to a summary: the button buys, words do not."""
        said = request.said
        if said.confidence < UNSURE_BELOW:
            return None
        if said.intent is Intent.CONFIRM:
            return self._summary(request, await self._held(request.user_id), Line("checkout-tap"))
        if said.intent is Intent.DENY:
            return Draft(request.need, (Line("checkout-left"),), options=(VIEW,))
        return None

    async def command(self, name: str, argument: str, request: Request) -> Draft:
        """A payment has come."""
        number, _, charge = argument.partition(" ")
        order = await self._database.run(lambda shop: shop.orders.get(number))
        need = replace(request.need, asked=None)
        if order is None or order.user_id != request.user_id:
            return Draft(need, (Line("payment-orphan", {"number": number}),), options=(HUMAN,))
        lines = (
            Line("checkout-paid", {"number": number, "amount": order.total, "currency": order.currency}),
            Line("checkout-placed-next"),
        )
        vocabulary, now = request.vocabulary, request.now
        return Draft(need, lines, options=(IDEAS,), effect=lambda shop: paid(shop, order, charge, now, vocabulary))

    async def tap(self, tap: Tap) -> Draft | Learned:
        """The summary, or (place) what it stands for, if it still holds."""
        held, number = await self._database.run(
            lambda shop: (positions_of(shop, tap.user_id), shop.orders.fresh_number())
        )
        if tap.key == "look":
            return self._summary(tap, held)
        basket = next((each for each in baskets_of(tap.user_id, held) if each.proof == tap.target), None)
        if basket is None:
            return await self._overtaken(tap, held)
        return self._method.bought(basket, tap, number)

    async def _overtaken(self, tap: Tap, held: tuple[Position, ...]) -> Draft:
        """What was tapped is not what there is: it was bought already, or something changed."""
        orders = await self._database.run(lambda shop: shop.orders.of(tap.user_id, 1))
        if not held and orders and tap.now - orders[0].placed_at < _JUST_NOW:
            line = Line("checkout-already", {"number": orders[0].number})
            return Draft(replace(tap.need, asked=None), (line,), options=(IDEAS,))
        return self._summary(tap, held, Line("checkout-overtaken"))

    def _summary(self, asked: Request | Tap, held: tuple[Position, ...], *notes: Line) -> Draft:
        baskets = baskets_of(asked.user_id, held)
        if not baskets or any(position.repriced or position.short for position in held):
            return self._settle(asked, held, baskets, *notes)
        left = tuple(item_line(p, asked.vocabulary, asked.language) for p in held if not p.there)
        return self._offer(asked, baskets, *notes, *((Line("checkout-without", {"items": left}),) if left else ()))

    def _settle(
        self, asked: Request | Tap, held: tuple[Position, ...], baskets: tuple[Basket, ...], *notes: Line
    ) -> Draft:
        """The cart first, with what changed in it: who goes on then has seen it."""
        code = Line("checkout-first") if baskets else Line("checkout-nothing")
        return cart_draft(asked.need, held, asked.vocabulary, asked.before.turn.id, *notes, *((code,) if held else ()))

    def _offer(self, asked: Request | Tap, baskets: tuple[Basket, ...], *notes: Line) -> Draft:
        lines = [*notes, Line("checkout-head")]
        options: list[Option] = []
        for basket in baskets:
            lines += basket.item_lines(asked.vocabulary, asked.language)
            lines.append(Line("cart-total", {"amount": basket.total, "currency": basket.currency}))
            options += self._method.options(basket, asked.language)
        lines.append(Line(self._method.note if options else "checkout-no-page"))
        return Draft(replace(asked.need, asked="checkout/confirm"), tuple(lines), options=(*options, VIEW))

    async def _held(self, user_id: int) -> tuple[Position, ...]:
        return await self._database.run(lambda shop: positions_of(shop, user_id))
