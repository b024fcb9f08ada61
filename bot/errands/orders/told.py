"""What is said of orders. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.draft import Draft
from bot.reply import Action, CaseAct, ErrandAct, Line, Option
from storage.orders import Order, OrderStatus
from storage.records import Need

NAME, REQUESTS = "orders", "requests"
ASKED = f"{NAME}/order_id"
HUMAN = Option(Line("button-human"), act=CaseAct(Action.HUMAN), row=9)
_SHOWN, _LINES = 8, 10
_BEFORE_IT_LEFT = frozenset({OrderStatus.PLACED, OrderStatus.PAID, OrderStatus.PACKED})
_WITH_THE_SHOPPER = frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED})


def status(order: Order, need: Need, now: datetime, *, others: bool = False) -> Draft:
    """Where an order stands, from its row alone, and what can be done about it."""
    zone = now.tzinfo
    lines = [Line("order-status", {"number": order.number, "status": str(order.status), "day": _day(order, now)})]
    if order.updated_at and order.updated_at.astimezone(zone).date() != order.placed_at.astimezone(zone).date():
        lines.append(Line("order-news", {"day": order.updated_at.astimezone(zone).date()}))
    if order.tracking:
        lines.append(Line("order-tracking", {"tracking": order.tracking}))
    lines += [_line(each.quantity, each.title, each.variant) for each in order.lines[:_LINES]]
    if len(order.lines) > _LINES:
        lines.append(Line("order-more", {"count": len(order.lines) - _LINES}))
    lines.append(Line("order-total", {"amount": order.total, "currency": order.currency}))
    return Draft(need=replace(need, asked=None), lines=tuple(lines), options=_ways(order, others))


def listed(orders: Sequence[Order], need: Need, now: datetime) -> Draft:
    """One's own orders, each a button; or how an order comes to be one's own."""
    if not orders:
        return Draft(need=replace(need, asked=ASKED), lines=(Line("orders-none"),))
    options = tuple(
        Option(
            Line("order-button", {"number": order.number, "day": _day(order, now)}),
            does=ErrandAct(NAME, "show", order.id),
        )
        for order in orders[:_SHOWN]
    )
    lines = (Line("orders-yours", {"count": len(orders)}), Line("orders-link"))
    return Draft(need=replace(need, asked=ASKED), lines=lines, options=options)


def unknown(number: str, orders: Sequence[Order], need: Need) -> Draft:
    """No order of the shopper's has this number: the same words whether somebody else's has."""
    lines = (Line("order-not-yours", {"number": number}),)
    options = (Option(Line("orders-all"), does=ErrandAct(NAME, "list"), row=1),) if orders else ()
    return Draft(need=replace(need, asked=ASKED), lines=lines, options=options)


def no_code(need: Need) -> Draft:
    """Where a code stands, and who can do without."""
    return Draft(need=replace(need, asked=ASKED), lines=(Line("order-no-code"),), options=(HUMAN,))


def _ways(order: Order, others: bool) -> tuple[Option, ...]:
    options = []
    if order.status in _BEFORE_IT_LEFT:
        options.append(Option(Line("button-order-change"), does=ErrandAct(REQUESTS, "change", order.id), row=1))
    if order.status in _WITH_THE_SHOPPER:
        options.append(Option(Line("button-order-return"), does=ErrandAct(REQUESTS, "return", order.id), row=1))
    if others:
        options.append(Option(Line("orders-all"), does=ErrandAct(NAME, "list"), row=2))
    return (*options, HUMAN)


def _line(quantity: int, title: str, variant: str) -> Line:
    facts = {"quantity": quantity, "title": title}
    return Line("order-line-of", {**facts, "variant": variant}) if variant else Line("order-line", facts)


def _day(order: Order, now: datetime) -> object:
    return order.placed_at.astimezone(now.tzinfo).date()
