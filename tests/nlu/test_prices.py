from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.amounts import LIMIT
from nlu.prices import merge, price_of, price_text, prices_in
from storage.records import PriceRange


def limits(text, *, asked=False):
    price = price_of(text, asked=asked)
    if price is None:
        return None
    return (price.min and str(price.min), price.max and str(price.max), price.currency)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("under $60", (None, "60", "USD")),
        ("below 60 bucks", (None, "60", "USD")),
        ("60 or less", (None, "60", None)),
        ("less than 60", (None, "60", None)),
        ("$20-$40", ("20", "40", "USD")),
        ("$20-40", ("20", "40", "USD")),
        ("20 to 40 dollars", ("20", "40", "USD")),
        ("between 20 and 40", ("20", "40", None)),
        ("around 50", ("40", "60", None)),
        ("about a hundred dollars", ("80", "120", "USD")),
        ("over 100", ("100", None, None)),
        ("at least 30 dollars", ("30", None, "USD")),
        ("$50+", ("50", None, "USD")),
        ("max 30", (None, "30", None)),
        ("100 dollars max", (None, "100", "USD")),
        ("sixty dollars", (None, "60", "USD")),
        ("a dress under a hundred", (None, "100", None)),
        ("one hundred and fifty bucks", (None, "150", "USD")),
        ("under 1.5k", (None, "1500", None)),
        ("$1-2k", ("1000", "2000", "USD")),
        ("$1,299.00", (None, "1299", "USD")),
        ("€1.299,50", (None, "1299.5", "EUR")),
        ("€30", (None, "30", "EUR")),
        ("£15", (None, "15", "GBP")),
        ("30 usd", (None, "30", "USD")),
        ("30 yuan", (None, "30", "CNY")),
        ("30 rmb", (None, "30", "CNY")),
        ("under$60", (None, "60", "USD")),
        ("nothing over 100", (None, "100", None)),
        ("not more than 50", (None, "50", None)),
        ("I don't want to spend more than 75", (None, "75", None)),
        ("can't go over eighty", (None, "80", None)),
        ("no less than 40", ("40", None, None)),
        ("my budget is around 50", ("40", "60", None)),
        ("over $20 but under $50", ("20", "50", "USD")),
        ("iphone 13 case under 20", (None, "20", None)),
        ("shoes size 38 under $50", (None, "50", "USD")),
        ("200元以内", (None, "200", "CNY")),
        ("不超过三百块", (None, "300", "CNY")),
        ("两百左右", ("160", "240", None)),
        ("100到200", ("100", "200", None)),
        ("一百五以下", (None, "150", None)),
        ("50块钱", (None, "50", "CNY")),
        ("¥199", (None, "199", "CNY")),
        ("￥１９９", (None, "199", "CNY")),
        ("1千5左右", ("1200", "1800", None)),
        ("两三百", ("200", "300", None)),
        ("两三百块", ("200", "300", "CNY")),
        ("几十块的", ("10", "99", "CNY")),
        ("三百多块", ("300", "399", "CNY")),
        ("1.2万以内", (None, "12000", None)),
        ("一到两千", ("1000", "2000", None)),
        ("百元以内", (None, "100", "CNY")),
        ("9块9包邮", (None, "9.9", "CNY")),
        ("预算500", (None, "500", None)),
        ("预算500左右", ("400", "600", None)),
        ("预算100-200", ("100", "200", None)),
        ("不要超过300", (None, "300", None)),
        ("超过500的不要", (None, "500", None)),
        ("至少100", ("100", None, None)),
        ("100以上", ("100", None, None)),
        ("低于80", (None, "80", None)),
        ("不低于100元", ("100", None, "CNY")),
        ("50刀以内", (None, "50", "USD")),
        ("兩百塊以內的連衣裙", (None, "200", "CNY")),
    ],
)
def test_price_phrases(text, expected):
    assert limits(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "7岁",
        "iphone 13",
        "2 pack",
        "size 38",
        "20% off",
        "5 star",
        "under 5 stars",
        "kids 6-12 years",
        "at least 3 pockets",
        "up to 3 pairs",
        "within 3 days",
        "4k tv",
        "三块手表",
        "3件以内",
        "2号",
        "order 48213",
        "订单20240518001",
        "for women over 50",
        "dress 60",
        "第二个",
        "买两件",
        "元旦礼物",
        "我们一块买",
        "18岁以上",
    ],
)
def test_other_numbers_are_not_prices(text):
    assert price_of(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50", (None, "50", None)),
        ("50-80", ("50", "80", None)),
        ("a hundred", (None, "100", None)),
        ("两百", (None, "200", None)),
    ],
)
def test_a_bare_number_answers_the_question_for_a_budget(text, expected):
    assert limits(text) is None or "-" in text
    assert limits(text, asked=True) == expected


def test_a_size_stays_a_size_even_when_a_budget_was_asked():
    assert price_of("size 38", asked=True) is None
    assert price_of("喜欢第一个，再来一些", asked=True) is None


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("a red dress under $60, please", "under $60"),
        ("200元以内的蓝牙耳机", "200元以内"),
        ("shoes between 20 and 40 dollars in blue", "between 20 and 40 dollars"),
        ("不超过三百块的鞋", "不超过三百块"),
    ],
)
def test_the_span_is_the_whole_phrase(text, phrase):
    (span,) = prices_in(text)
    assert text[span.start : span.end] == phrase


def test_merging_keeps_what_was_said_last_and_never_an_empty_range():
    said = [PriceRange(min=Decimal(20)), PriceRange(max=Decimal(50), currency="USD"), PriceRange(max=Decimal(40))]
    assert merge(said) == PriceRange(Decimal(20), Decimal(40), "USD")
    assert merge([PriceRange(min=Decimal(50)), PriceRange(max=Decimal(20))]) == PriceRange(Decimal(20), Decimal(50))
    assert merge([]) is None


def test_a_range_reads_as_text():
    assert price_text(price_of("under $60")) == "<=60 USD"
    assert price_text(price_of("100以上")) == ">=100"
    assert price_text(price_of("$20-$40")) == "20-40 USD"
    assert price_text(None) == ""


@given(st.text(alphabet="0123456789,.-$¥€元块千百万一二两三几十多k under toor以内左右", max_size=30), st.booleans())
def test_malformed_amounts_never_raise_and_stay_in_bounds(text, asked):
    for span in prices_in(text, asked=asked):
        assert 0 <= span.start < span.end <= len(text)
        low, high = span.range.min, span.range.max
        assert low is None or 0 <= low <= LIMIT
        assert high is None or 0 <= high <= LIMIT
        assert low is None or high is None or low <= high


@given(
    st.integers(1, 9_999_999),
    st.sampled_from(["under ${}", "{}元以内", "不超过{}块", "less than {} dollars", "max ${:,}"]),
)
def test_every_whole_amount_is_read_exactly(amount, phrase):
    assert price_of(phrase.format(amount)).max == amount
