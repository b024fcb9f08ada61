"""Carts and orders: one line a kind, nobody's but the shopper's own, an order once."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from storage.cart import MOST_LINES, MOST_PIECES
from storage.orders import Order, OrderLine, OrderStatus

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANN, BEN = 7, 8


@pytest.fixture
def lamp(catalogue, make_product):
    catalogue.upsert([make_product("lamp", price=Decimal("20.00"), stock=5)])
    return catalogue.get(["lamp"])["lamp"]


def put(shop, user, product, quantity=1, **chosen):
    kind = {"color": "", "size": "", **chosen}
    shop.cart.add(user, product, AT, quantity=quantity, impression_id=1, **kind)


def test_pieces_of_one_kind_are_one_line_and_bounded(shop, lamp):
    put(shop, ANN, lamp)
    put(shop, ANN, lamp, 2)
    put(shop, ANN, lamp, 1, size="M")
    put(shop, BEN, lamp)
    assert [(line.size, line.quantity) for line in shop.cart.of(ANN)] == [("", 3), ("M", 1)]
    put(shop, ANN, lamp, 500)
    assert shop.cart.of(ANN)[0].quantity == MOST_PIECES
    for number in range(MOST_LINES):
        put(shop, ANN, lamp, size=f"{number}")
    assert len(shop.cart.of(ANN)) == MOST_LINES


def test_nobody_changes_anothers_line(shop, lamp):
    put(shop, ANN, lamp)
    [line] = shop.cart.of(ANN)
    shop.cart.set_quantity(BEN, line.id, 0)
    shop.cart.told(BEN, line.id, Decimal("1.00"), "USD")
    assert shop.cart.of(ANN) == [line]


def test_an_order_is_kept_once_with_what_was_bought(shop):
    lines = (OrderLine("lamp", "Lamp", "M", 2, Decimal("20.00")),)
    order = Order("SB-1234567", ANN, OrderStatus.UNPAID, AT, "USD", Decimal("40.00"), lines)
    assert shop.orders.add(order)
    assert shop.orders.add(replace(order, total=Decimal("1.00"))) is None
    assert shop.orders.of(ANN) == []
    assert shop.orders.set_status(order.number, OrderStatus.PAID, AT, payment="charge", only=OrderStatus.UNPAID)
    assert not shop.orders.set_status(order.number, OrderStatus.PAID, AT, payment="other", only=OrderStatus.UNPAID)
    [kept] = shop.orders.of(ANN)
    assert (kept.total, kept.lines, kept.payment, kept.status) == (Decimal("40.00"), lines, "charge", "paid")
    assert shop.orders.fresh_number() != order.number
