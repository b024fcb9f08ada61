from decimal import Decimal

import pytest

from nlu.merge import merge
from nlu.spans import Reading
from storage.records import PriceRange, Slot, SlotName

SIXTY = PriceRange(max=Decimal(60), currency="USD")


def slot(text, name, said, value=None, negated=False):
    start = text.index(said)
    return Slot(name, said, said if value is None else value, start, start + len(said), negated)


def test_a_price_has_the_rules_value_even_where_the_network_saw_a_part_of_it():
    text = "a dress under $60"
    read = [slot(text, SlotName.CATEGORY, "dress"), slot(text, SlotName.PRICE, "$60")]
    merged = merge(read, Reading((slot(text, SlotName.PRICE, "under $60", "<=60 USD"),), SIXTY))
    assert [(s.text, s.value) for s in merged.slots] == [("dress", "dress"), ("$60", "<=60 USD")]
    assert merged.price == SIXTY


@pytest.mark.parametrize("name", [SlotName.PRICE, SlotName.ORDER_ID])
def test_a_price_or_an_order_number_is_never_missed(name):
    text = "a dress, 60 please"
    number = slot(text, name, "60")
    assert merge([slot(text, SlotName.CATEGORY, "dress")], Reading((number,))).slots[1] == number
    size = slot(text, SlotName.SIZE, "60")
    assert merge([size], Reading((number,))).slots == (size,)


def test_a_price_that_only_the_network_saw_is_read_from_its_words():
    text = "sixty bucks max"
    merged = merge([slot(text, SlotName.PRICE, "sixty bucks max")], Reading())
    assert merged.price is not None
    assert merged.price.max == 60


def test_what_is_refused_is_the_networks_word():
    text = "anything but red"
    read = [slot(text, SlotName.COLOR, "red", negated=True)]
    merged = merge(read, Reading((slot(text, SlotName.COLOR, "red"),)))
    assert [s.negated for s in merged.slots] == [True]


def test_positions_and_pieces_come_from_the_slots_that_hold():
    text = "two of the second one and the last"
    read = [
        slot(text, SlotName.QUANTITY, "two", "2"),
        slot(text, SlotName.ITEM_REF, "the second one", "2"),
        slot(text, SlotName.ITEM_REF, "the last", ""),
    ]
    ruled = Reading((slot(text, SlotName.ITEM_REF, "the last", "-1"),), item_refs=(-1,))
    merged = merge(read, ruled)
    assert merged.item_refs == (2, -1)
    assert merged.quantity == 2


def test_a_number_that_the_network_reads_as_a_size_is_no_quantity():
    text = "in 42 please"
    size = slot(text, SlotName.SIZE, "42")
    merged = merge([size], Reading((slot(text, SlotName.QUANTITY, "42"),), quantity=42))
    assert merged.slots == (size,)
    assert merged.quantity is None


def test_one_span_over_two_values_is_parted_each_with_its_own_refusal():
    text = "not black, blue instead"
    span = slot(text, SlotName.COLOR, "black, blue", "blue", negated=True)
    black, blue = slot(text, SlotName.COLOR, "black", negated=True), slot(text, SlotName.COLOR, "blue")
    assert merge([span], Reading((black, blue))).slots == (black, blue)
    dress = slot("a maxi dress", SlotName.CATEGORY, "maxi dress", "dresses")
    assert merge([dress], Reading((slot("a maxi dress", SlotName.CATEGORY, "dress", "dresses"),))).slots == (dress,)
