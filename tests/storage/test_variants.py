"""What a product can be bought in: its own columns are true of its variants, and a choice means one of them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.demo.catalogue import demo_products
from storage.records import Product, SlotName, Variant
from storage.variants import Offer, dearest, offer_of, sold_out_in, there_in, varied

SHIRT = Product("shirt", "Shirt", Decimal("30.00"), "USD", colors=("white",), former_price=Decimal("40.00"))
HELD = (
    Variant("r-s", "red", "S", 2),
    Variant("r-m", "red", "M", 0, Decimal("25.00")),
    Variant("r-l", "red", "L", None, Decimal("35.00")),
    Variant("b-m", "blue", "M", 4, Decimal("32.00")),
    Variant("g-m", "green", "M", 0),
)
shirt = varied(SHIRT, HELD)


def test_the_products_columns_say_what_can_be_had():
    assert (shirt.price, shirt.stock, shirt.former_price) == (Decimal("30.00"), 6, None)
    assert (shirt.colors, shirt.sizes) == (("red", "blue"), ("S", "L", "M"))
    assert dearest(shirt) == Decimal("35.00")
    gone = varied(SHIRT, [Variant("1", "red", "S", 0), Variant("2", "blue", "S", 0)])
    assert (gone.stock, gone.colors, gone.sizes, gone.former_price) == (0, ("red", "blue"), ("S",), SHIRT.former_price)
    assert gone.variants == (Variant("1", "red", "", 0), Variant("2", "blue", "", 0))


def test_a_choice_means_one_variant_or_none():
    assert offer_of(shirt, "red", "S") == Offer("r-s", Decimal("30.00"), 2)
    assert offer_of(shirt, "red", "L") == Offer("r-l", Decimal("35.00"), None)
    assert offer_of(shirt, "blue", "") == Offer("b-m", Decimal("32.00"), 4)
    assert offer_of(shirt, "red", "M") == Offer("r-m", Decimal("25.00"), 0)
    assert not offer_of(shirt, "red", "M").there
    assert offer_of(shirt, "blue", "S") is offer_of(shirt, "red", "") is None
    assert offer_of(SHIRT, "white", "M") == Offer("shirt", Decimal("30.00"), None)


def test_what_comes_with_a_choice_and_what_of_it_is_gone():
    assert there_in(shirt, SlotName.SIZE, color="red") == ("S", "L")
    assert sold_out_in(shirt, SlotName.SIZE, color="red") == ("M",)
    assert there_in(shirt, SlotName.COLOR, size="M") == ("blue",)
    assert sold_out_in(shirt, SlotName.COLOR, size="M") == ("red", "green")
    assert sold_out_in(shirt, SlotName.COLOR) == ("green",)
    assert there_in(SHIRT, SlotName.COLOR) == ("white",)
    assert sold_out_in(SHIRT, SlotName.COLOR) == ()


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["red", "blue", "green"]), st.sampled_from(["S", "M", "L"])),
        st.sampled_from([None, 0, 0, 1, 5]),
        min_size=1,
    )
)
def test_what_is_offered_after_a_choice_can_be_bought(held):
    found = varied(SHIRT, [Variant("", *pair, pieces) for pair, pieces in held.items()])
    if not any(each.there for each in found.variants):
        return
    for color in there_in(found, SlotName.COLOR) or ("",):
        sizes = there_in(found, SlotName.SIZE, color=color)
        for size in sizes or ("",):
            assert offer_of(found, color, size).there
        assert not {*sizes} & {*sold_out_in(found, SlotName.SIZE, color=color)}


@pytest.fixture(scope="module")
def worn():
    return [each for each in demo_products() if each.variants]


def test_the_demo_shop_counts_clothes_and_shoes_by_size(worn):
    assert len(worn) > 600
    for each in worn:
        assert sum(variant.stock for variant in each.variants) == each.stock
        assert {variant.price for variant in each.variants} == {None}
        assert len({variant.id for variant in each.variants}) == len(each.variants)
    assert {"dresses", "boots"} <= {each.category for each in worn}
    assert all(len(each.sizes) > 1 for each in worn if each.stock)
    gone = [each for each in worn if each.stock and sold_out_in(each, SlotName.SIZE)]
    assert len(gone) > len(worn) / 4
    assert any(len(each.colors) > 1 and each.variants[0].color for each in worn)
