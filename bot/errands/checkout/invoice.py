"""Paying in the chat by Telegram's own invoices. The order is written down unpaid, with its prices; Telegram asks
before it takes money (bot/telegram/payments.py), and what was paid is an order from then on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.draft import Draft, Effect
from bot.errands.cart.positions import Position, positions_of
from bot.errands.cart.view import VIEW, named_line, variant_of
from bot.errands.checkout.method import Basket
from bot.errands.checkout.recorded_order import bought_all, order_of
from bot.errands.errand import Tap
from bot.reply import Attachment, ErrandAct, Line, Option
from storage.money import to_minor
from storage.orders import Order, OrderLine, OrderStatus
from storage.records import Language, Product, Vocabulary
from storage.saved import is_there
from storage.shop import Shop
from storage.variants import Offer, offer_of

_PAYABLE = timedelta(days=7)
_LANGUAGES: tuple[Language, ...] = ("en", "zh")


class TelegramInvoice:
    """A button with the total asks for the invoice; the invoice has a button of its own that pays."""

    note = "checkout-note-invoice"

    def options(self, basket: Basket, language: Language) -> tuple[Option, ...]:
        """One button."""
        label = Line("button-checkout-invoice", {"amount": basket.total, "currency": basket.currency})
        return (Option(label, does=ErrandAct("checkout", "place", basket.proof), row=1),)

    def bought(self, basket: Basket, tap: Tap, number: str) -> Draft:
        """The invoice over the unpaid order; the cart stays until it is paid."""
        order = order_of(basket, tap, number, OrderStatus.UNPAID)
        facts = {
            "number": number,
            "currency": basket.currency,
            "total": basket.total,
            "labels": tuple(_label(position, tap) for position in basket.positions),
            "amounts": tuple(to_minor(position.amount, basket.currency) for position in basket.positions),
        }
        return Draft(
            replace(tap.need, asked=None),
            (Line("checkout-invoice"),),
            options=(VIEW,),
            attachments=(Attachment("invoice", facts),),
            effect=_written(order, tap.user_id),
        )


def _written(order: Order, user_id: int) -> Effect:
    def do(shop: Shop) -> None:
        shop.orders.forget_unpaid(order.placed_at - _PAYABLE)
        shop.orders.add(replace(order, campaign=shop.shoppers.start_payload(user_id) or ""))

    return do


def _label(position: Position, tap: Tap) -> Line:
    product, line = position.product, position.line
    title = product.title_in(tap.language) if product else ""
    item = named_line(title, line.color, line.size, tap.vocabulary, tap.language)
    return Line("checkout-item", {"item": item, "count": position.pieces})


def payable(shop: Shop, number: str, user_id: int, currency: str, total: int) -> Line | None:
    """Why an invoice must not be paid; None where it may: this shopper's, unpaid, for the same sum, and the shop still
    has every piece at the same price. Runs in the database's thread.
    """
    order = shop.orders.get(number)
    if order is None or order.user_id != user_id:
        return Line("payment-unknown")
    if order.status != OrderStatus.UNPAID:
        return Line("payment-done")
    if (order.currency, to_minor(order.total, order.currency)) != (currency, total):
        return Line("payment-changed")
    products, vocabulary = shop.catalogue.get([line.product_id for line in order.lines]), shop.catalogue.vocabulary()
    found = (_overtaken(order, line, products.get(line.product_id), vocabulary) for line in order.lines)
    return next(filter(None, found), None)


def _overtaken(order: Order, line: OrderLine, product: Product | None, vocabulary: Vocabulary) -> Line | None:
    """What became of a line since its invoice was written."""
    offer = _offer(product, line.variant, vocabulary) if product else None
    if product is None or offer is None or not (is_there(product) and offer.there):
        return Line("payment-gone")
    if (offer.price, product.currency) != (line.unit_price, order.currency):
        return Line("payment-changed")
    alike = [each for each in order.lines if each.product_id == line.product_id]
    if product.variants:
        alike = [each for each in alike if each.variant == line.variant]
    wanted = sum(each.quantity for each in alike)
    return Line("payment-gone") if offer.stock is not None and offer.stock < wanted else None


def _offer(product: Product, variant: str, vocabulary: Vocabulary) -> Offer | None:
    """What an order's line means now: its colour and size stand there in words, in either language."""
    kinds = [(each.color, each.size) for each in product.variants] or [("", "")]
    named = [
        kind
        for kind in kinds
        if not product.variants
        or any(", ".join(variant_of(*kind, vocabulary, language)) == variant for language in _LANGUAGES)
    ]
    return offer_of(product, *named[0]) if named else None


def paid(shop: Shop, order: Order, charge: str, at: datetime, vocabulary: Vocabulary) -> None:
    """The order is paid: it is one now, and what it holds leaves the cart. A payment that comes twice changes nothing.
    Runs in the commit of its turn.
    """
    if order.user_id is None or not shop.orders.set_status(
        order.number, OrderStatus.PAID, at, payment=charge, only=OrderStatus.UNPAID
    ):
        return
    ordered = {(line.product_id, line.variant) for line in order.lines}
    held = [
        position
        for position in positions_of(shop, order.user_id)
        if any(
            (
                position.line.product_id,
                ", ".join(variant_of(position.line.color, position.line.size, vocabulary, language)),
            )
            in ordered
            for language in _LANGUAGES
        )
    ]
    bought_all(shop, order.user_id, held, at)
