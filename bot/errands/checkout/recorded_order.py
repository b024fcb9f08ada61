"""An order that is written down and nothing more: for the demo, and for shops that settle payment on delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.draft import Draft, Effect
from bot.errands.cart.positions import Position
from bot.errands.cart.view import IDEAS
from bot.errands.checkout.method import Basket
from bot.errands.errand import Tap
from bot.learning import learn
from bot.reply import ErrandAct, Line, Option
from storage.orders import Order, OrderStatus
from storage.records import Feedback, Language, Reaction
from storage.shop import Shop


class RecordedOrder:
    """A button with the total places the order."""

    note = "checkout-note-record"

    def options(self, basket: Basket, language: Language) -> tuple[Option, ...]:
        """One button."""
        label = Line("button-checkout-place", {"amount": basket.total, "currency": basket.currency})
        return (Option(label, does=ErrandAct("checkout", "place", basket.proof), row=1),)

    def bought(self, basket: Basket, tap: Tap, number: str) -> Draft:
        """The order, at the prices of the summary."""
        order = order_of(basket, tap, number, OrderStatus.PLACED)
        lines = (
            Line("checkout-placed", {"number": number}),
            *basket.item_lines(tap.vocabulary, tap.language),
            Line("cart-total", {"amount": basket.total, "currency": basket.currency}),
            Line("checkout-placed-next"),
        )
        return Draft(replace(tap.need, asked=None), lines, options=(IDEAS,), effect=_placing(order, basket))


def order_of(basket: Basket, tap: Tap, number: str, status: OrderStatus) -> Order:
    """The basket as an order."""
    return Order(
        number=number,
        user_id=tap.user_id,
        status=status,
        placed_at=tap.now,
        currency=basket.currency,
        total=basket.total,
        lines=basket.order_lines(tap.vocabulary, tap.language),
    )


def _placing(order: Order, basket: Basket) -> Effect:
    def do(shop: Shop) -> None:
        user = basket.user_id
        campaign = shop.campaigns.counted_for(user, order.placed_at)
        if shop.orders.add(replace(order, campaign=campaign)) is None:
            return
        bought_all(shop, user, basket.positions, order.placed_at)

    return do


def bought_all(shop: Shop, user_id: int, positions: Sequence[Position], at: datetime) -> None:
    """What was bought leaves the cart, and tells of the shopper: the strongest signal there is."""
    for position in positions:
        line = position.line
        shop.cart.set_quantity(user_id, line.id, 0)
        if line.impression_id:
            learn(shop, Feedback(line.impression_id, user_id, Reaction.BUY, at))
