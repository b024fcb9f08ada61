"""Whose an imported order is: by its code alone, once, for a time, with few tries; and what an import changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from storage.order_importing import Imported, OrderChanges, keep_orders
from storage.order_links import LASTS, TRIES, WITHIN, Linking, fresh_code, plain_code
from storage.orders import Order, OrderLine, OrderSource

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
ORDER = Order("48213", None, "shipped", NOW, "USD", Decimal("19.90"),
              (OrderLine("p1", "Linen shirt", "M", 1, Decimal("19.90")),), OrderSource.IMPORT)  # fmt: skip


@pytest.fixture
def stocked(shop):
    keep_orders(shop, [Imported(ORDER, "right")], NOW)
    return shop


def test_a_code_works_once_and_for_one_shopper(stocked):
    links = stocked.order_links
    assert links.link(7, "wrong", NOW).outcome is Linking.WRONG
    assert links.link(7, "right", NOW).number == "48213"
    assert [order.number for order in stocked.orders.of(7)] == ["48213"]
    assert links.link(8, "right", NOW).outcome is Linking.WRONG
    assert not links.set_code("48213", "new", NOW)
    assert not links.set_code("no such", "new", NOW)


def test_a_code_ends(stocked):
    late = NOW + LASTS + timedelta(seconds=1)
    assert stocked.order_links.link(7, "right", late).outcome is Linking.WRONG
    assert stocked.order_links.set_code("48213", "new", late)
    assert stocked.order_links.link(7, "new", late).outcome is Linking.DONE


def test_wrong_tries_are_few_and_forgotten_after_a_while(stocked):
    links = stocked.order_links
    for _ in range(TRIES):
        assert links.link(7, "wrong", NOW).outcome is Linking.WRONG
    assert links.link(7, "right", NOW).outcome is Linking.LOCKED
    assert links.link(7, "right", NOW + WITHIN + timedelta(seconds=1)).outcome is Linking.DONE


def test_an_import_again_changes_what_changed_and_nobodys_owner(stocked):
    stocked.order_links.link(7, "right", NOW)
    assert keep_orders(stocked, [Imported(ORDER, "right")], NOW) == OrderChanges(unchanged=1)
    moved = replace(ORDER, status="delivered", tracking="1Z")
    assert keep_orders(stocked, [Imported(moved)], NOW) == OrderChanges(changed=1)
    [order] = stocked.orders.of(7)
    assert (order.status, order.tracking, order.lines) == ("delivered", "1Z", ORDER.lines)


def test_an_import_moves_an_order_of_the_chat_on_and_rewrites_nothing_in_it(shop):
    shop.orders.add(replace(ORDER, user_id=7, source=OrderSource.BOT, status="placed"))
    other = replace(ORDER, status="shipped", total=Decimal("1.00"), lines=(replace(ORDER.lines[0], title="Else"),))
    assert keep_orders(shop, [Imported(other)], NOW) == OrderChanges(changed=1)
    [order] = shop.orders.of(7)
    assert (order.status, order.total, order.lines[0].title) == ("shipped", Decimal("19.90"), "Linen shirt")


def test_codes_are_long_and_read_however_they_are_typed():
    codes = {fresh_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(plain_code(code)) for code in codes} == {10}
    assert plain_code(" k7qm2 xwd9f ") == "K7QM2XWD9F"
    assert plain_code("1234567") == plain_code("") == ""
