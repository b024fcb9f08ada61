import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.items import item_refs_in
from nlu.orders import orders_in
from nlu.quantities import quantities_in


def refs(text, shown=0):
    return tuple(ref for span in item_refs_in(text, shown=shown) for ref in span.refs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the second one", (2,)),
        ("2nd", (2,)),
        ("#3", (3,)),
        ("number 2", (2,)),
        ("number two", (2,)),
        ("no. 2", (2,)),
        ("option b", (2,)),
        ("the last one", (-1,)),
        ("first and third", (1, 3)),
        ("the first two", (1, 2)),
        ("1 or 3?", (1, 3)),
        ("1 and 2", (1, 2)),
        ("add the 4th to my cart", (4,)),
        ("第二个", (2,)),
        ("第2款", (2,)),
        ("最后一个", (-1,)),
        ("倒数第二个", (-2,)),
        ("前两个", (1, 2)),
        ("第一个和第三个", (1, 3)),
        ("2号", (2,)),
        ("2还是3", (2, 3)),
        ("第一次买", ()),
        ("first time here", ()),
        ("20号之前能到吗", ()),
        ("size 1 or 2", ()),
        ("5-7 days", ()),
        ("no problem", ()),
    ],
)
def test_positions(text, expected):
    assert refs(text) == expected


@pytest.mark.parametrize(
    "text", ["is it waterproof", "this one", "that", "这个怎么样", "那款", "它防水吗", "I like these"]
)
def test_pronouns_point_without_a_number(text):
    (span,) = item_refs_in(text)
    assert span.refs == ()


@pytest.mark.parametrize("text", ["it's for my dad", "a dress that is red", "这个月", "red shoes"])
def test_words_that_only_look_like_pronouns(text):
    assert item_refs_in(text) == ()


def test_the_length_of_the_list_gives_the_last_ones_their_positions():
    assert refs("the last two") == (-2, -1)
    assert refs("the last two", shown=3) == (2, 3)
    assert refs("both", shown=2) == (1, 2)
    assert refs("2", shown=3) == (2,)
    assert refs("9", shown=3) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two of them", 2),
        ("x3", 3),
        ("3 pieces", 3),
        ("qty 2", 2),
        ("a dozen mugs", 12),
        ("2 pairs of socks", 2),
        ("add 2 of the first one", 2),
        ("两件", 2),
        ("来三个", 3),
        ("来一个", 1),
        ("我要十二个", 12),
    ],
)
def test_quantities(text, expected):
    assert [span.quantity for span in quantities_in(text)] == [expected]


@pytest.mark.parametrize("text", ["第二个", "前两个", "三个月", "一件连衣裙", "两个人", "3x3", "size 2", "这两件"])
def test_other_numbers_are_not_quantities(text):
    assert quantities_in(text) == ()


@pytest.mark.parametrize(
    ("text", "phrase", "number"),
    [
        ("has order 48213 shipped", "48213", "48213"),
        ("#A-48213-X", "#A-48213-X", "A-48213-X"),
        ("where is ord-1234?", "ord-1234", "ORD-1234"),
        ("订单号 20240518001", "20240518001", "20240518001"),
        ("单号SF123456789到哪了", "SF123456789", "SF123456789"),
        ("where's 48213, my parcel", "48213", "48213"),
    ],
)
def test_order_numbers(text, phrase, number):
    (span,) = orders_in(text)
    assert (text[span.start : span.end], span.number) == (phrase, number)


@pytest.mark.parametrize(
    "text", ["order 3 more", "under $50000", "a 20000 mAh power bank", "my order", "#2", "预算20000元"]
)
def test_other_numbers_are_not_orders(text):
    assert orders_in(text) == ()


@given(st.text(alphabet="第一二两3个号款#no. firstandlast,it这那x of订单A-4821", max_size=40), st.integers(0, 20))
def test_nothing_raises_and_spans_hold(text, shown):
    for spans in (item_refs_in(text, shown=shown), quantities_in(text), orders_in(text)):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
