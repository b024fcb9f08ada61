"""What a shopper chose of a product is what is packed, priced, invoiced and linked to, and nothing else of it."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errands.cart.adding import added
from bot.errands.cart.choice import Choice, is_gone, offered, open_slot, read, settled, written
from bot.errands.cart.positions import positions_of
from bot.errands.checkout.invoice import payable
from bot.errands.checkout.link_out import LinkOut
from bot.errands.checkout.method import baskets_of
from bot.errands.orders.asking import Matter, other_size
from bot.errands.orders.own import Item
from storage.orders import Order, OrderLine, OrderStatus
from storage.records import Need, Product, SlotName, Variant
from storage.shop import Shop
from storage.terms import base_vocabulary
from storage.variants import known, offer_of, varied

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
DRESS = Product("dress", "Dress", Decimal("20.00"), "USD")
HELD = (
    Variant("r s", "red", "S", 2),
    Variant("r-m", "red", "M", 0),
    Variant("b-m", "blue", "M", 5, Decimal("30.00")),
    Variant("", "blue", "L", None),
)
dress = varied(DRESS, HELD)


@pytest.fixture
def shop(tmp_path):
    opened = Shop.open(tmp_path)
    opened.catalogue.upsert([dress])
    yield opened
    opened.close()


def put(shop, color, size, quantity=1):
    shop.cart.add(7, dress, NOW, color=color, size=size, quantity=quantity, impression_id=0)
    return positions_of(shop, 7)


def test_a_line_is_counted_and_priced_by_its_variant(shop):
    put(shop, "red", "S", 3)
    red, blue = put(shop, "blue", "M", 2)
    assert (red.pieces, red.short, red.price, red.amount) == (2, True, Decimal("20.00"), Decimal("40.00"))
    assert (blue.pieces, blue.price, blue.amount, blue.repriced) == (2, Decimal("30.00"), Decimal("60.00"), False)
    shop.catalogue.upsert([varied(DRESS, [replace(HELD[0], stock=0), replace(HELD[2], price=Decimal("31.00"))])])
    red, blue = positions_of(shop, 7)
    assert not red.there and red.amount == 0
    assert blue.repriced and blue.told == (Decimal("30.00"), "USD") and blue.price == Decimal("31.00")


def test_a_variant_that_the_shop_no_longer_lists_is_not_bought(shop):
    put(shop, "red", "S")
    shop.catalogue.upsert([varied(DRESS, HELD[2:])])
    [gone] = positions_of(shop, 7)
    assert not gone.there and gone.amount == 0
    assert baskets_of(7, [gone]) == ()


def test_a_whole_cart_is_opened_by_the_numbers_of_what_was_chosen(shop):
    put(shop, "red", "S")
    held = put(shop, "blue", "M", 2)
    [basket] = baskets_of(7, held)
    [whole] = LinkOut("https://shop.example/cart/{items}").options(basket, "en")
    assert (whole.url, whole.label.code) == ("https://shop.example/cart/r%20s:1,b-m:2", "button-checkout-cart")
    [basket] = baskets_of(7, put(shop, "blue", "L"))
    [whole] = LinkOut("https://shop.example/cart/{items}").options(basket, "en")
    assert (whole.url, whole.label.code) == (
        "https://shop.example/cart/r%20s:1,b-m:2,dress:1",
        "button-checkout-cart-choose",
    )


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("stock", "price", "why"),
    [(2, None, None), (1, None, "payment-gone"), (0, None, "payment-gone"), (2, Decimal("21.00"), "payment-changed")],
)
def test_an_invoice_holds_while_its_variant_does(shop, language, stock, price, why):
    put(shop, "red", "S", 2)
    [basket] = baskets_of(7, put(shop, "blue", "M"))
    words = shop.catalogue.vocabulary()
    lines = basket.order_lines(words, language)
    assert [line.unit_price for line in lines] == [Decimal("20.00"), Decimal("30.00")]
    shop.orders.add(Order("SB-1", 7, OrderStatus.UNPAID, NOW, "USD", basket.total, lines))
    shop.catalogue.upsert([varied(DRESS, [replace(HELD[0], stock=stock, price=price), *HELD[1:]])])
    found = payable(shop, "SB-1", 7, "USD", 7000)
    assert (found and found.code) == why


kinds = st.dictionaries(
    st.tuples(st.sampled_from(["red", "blue", "green"]), st.sampled_from(["S", "M", "L"])),
    st.sampled_from([None, 0, 0, 3]),
    min_size=1,
).map(lambda held: varied(DRESS, [Variant("", *pair, pieces) for pair, pieces in held.items()]))


@given(kinds, kinds)
def test_a_button_means_what_it_says_or_asks_anew(before, after):
    """Following the buttons ends at something that can be bought; where the list has changed, none means another."""
    choice = settled(Choice(5), before)
    while slot := open_slot(choice, before):
        if not (values := offered(choice, before, slot)):
            break
        choice = choice.having(slot, values[-1])
        assert not is_gone(choice, before)
        slots = (SlotName.COLOR, SlotName.SIZE)
        listed = all(choice.value(each) in ("", *after.values(each), *known(after, each)) for each in slots)
        assert read(written(choice), 5, after) == (choice if listed else None)
        assert read(written(choice), 5, before) == choice
    if before.stock != 0:
        assert offer_of(before, choice.color, choice.size).there


@pytest.mark.parametrize(
    ("choice", "codes", "asked", "labels"),
    [
        (Choice(5), ["cart-ask-color"], "cart/color", ["red", "blue"]),
        (Choice(5, "blue"), ["cart-ask-size"], "cart/size", ["M", "L"]),
        (Choice(5, "red"), ["cart-ask-size", "cart-values-gone"], "cart/size", ["S"]),
        (Choice(5, "red", "M"), ["cart-kind-gone", "cart-ask-size", "cart-values-gone"], "cart/size", ["S"]),
        (Choice(5, "red", "L"), ["cart-kind-gone", "cart-ask-size", "cart-values-gone"], "cart/size", ["S"]),
        (Choice(5, "", "XXL"), ["cart-ask-color"], "cart/color", ["red", "blue"]),
        (Choice(5, "pink", "M"), ["cart-not-in", "cart-ask-color", "cart-values-gone"], "cart/color", ["blue"]),
    ],
)
def test_what_is_asked_and_offered(choice, codes, asked, labels):
    draft = added(Need(), dress, choice, (), base_vocabulary(), 7, NOW)
    assert [line.code for line in draft.lines] == codes
    assert draft.need.asked == asked
    assert [option.label.facts["value"] for option in draft.options if option.does.key == "pick"] == labels
    waits = [option for option in draft.options if option.does.key == "await"]
    assert bool(waits) == ("cart-kind-gone" in codes)
    for option in waits:
        assert read(option.does.detail, 5, dress) in (choice, replace(choice, size=""))
    assert not draft.effect


def test_no_more_go_in_than_there_are_of_the_variant(shop):
    draft = added(Need(), dress, Choice(0, "red", "S", 5), (), base_vocabulary(), 7, NOW)
    assert [line.code for line in draft.lines] == ["cart-added", "cart-only-left", "cart-holds"]
    draft.effect(shop)
    held = positions_of(shop, 7)
    assert [each.line.quantity for each in held] == [2]
    again = added(Need(), dress, Choice(0, "red", "S"), held, base_vocabulary(), 7, NOW)
    assert [line.code for line in again.lines] == ["cart-no-more"]
    other = added(Need(), dress, Choice(0, "blue", "M", 5), held, base_vocabulary(), 7, NOW)
    assert other.lines[0].facts["amount"] == Decimal("30.00")
    assert other.lines[0].facts["count"] == 5


def test_where_one_size_is_left_it_is_that_one(shop):
    last = varied(DRESS, [Variant("s", "", "S", 0), Variant("m", "", "M", 1)])
    draft = added(Need(), last, Choice(0), (), base_vocabulary(), 7, NOW)
    draft.effect(shop)
    [line] = shop.cart.of(7)
    assert (line.color, line.size) == ("", "M")
    other = added(Need(), last, Choice(5, "", "S"), (), base_vocabulary(), 7, NOW)
    assert [each.code for each in other.lines] == ["cart-only-left-in"]


@pytest.mark.parametrize(
    ("variant", "matter", "size"),
    [("red, S", Matter.SMALL, ""), ("blue, M", Matter.SMALL, "L"), ("L", Matter.BIG, "M"), ("S", Matter.SMALL, "M")],
)
def test_the_size_to_change_for_is_one_that_there_is(variant, matter, size):
    line = OrderLine("dress", "Dress", variant, 1, Decimal("20.00"))
    order = Order("SB-1", 7, OrderStatus.PLACED, NOW, "USD", Decimal("20.00"), (line,))
    assert other_size(Item(order, 0, line, dress), matter) == size
