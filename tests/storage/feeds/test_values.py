"""Cells to values: exact money, bounded text, and never a crash."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.feeds import values
from storage.feeds.records import RowError


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("$1,299.00", "1299.00", "USD"),
        ("1.299,00 EUR", "1299.00", "EUR"),
        ("¥199", "199", "CNY"),
        ("￥1,299", "1299", "CNY"),
        ("199元", "199", "CNY"),
        ("HK$ 88", "88", "HKD"),
        ("£5.50", "5.50", "GBP"),
        ("15.00 USD", "15.00", "USD"),
        ("EUR 7", "7", "EUR"),
        (129.99, "129.99", "USD"),
        (7, "7", "USD"),
        ("0", "0", "USD"),
    ],
)
def test_prices_are_exact_in_their_currency(cell, amount, currency):
    assert values.price_of(cell, "USD") == (Decimal(amount), currency)


def test_a_yen_shop_means_yen():
    assert values.price_of("¥1200", "JPY") == (Decimal(1200), "JPY")


@given(st.decimals(min_value=0, max_value=9_999_999, places=2))
def test_any_amount_written_the_english_way_is_read_back_exactly(amount):
    assert values.price_of(f"${amount:,.2f}", "USD") == (amount, "USD")


@given(
    st.one_of(st.text(max_size=80), st.floats(), st.integers(), st.none(), st.lists(st.text(max_size=5), max_size=3))
)
def test_any_cell_is_a_price_or_a_reason(cell):
    try:
        amount, currency = values.price_of(cell, "USD")
    except RowError as error:
        assert str(error)
    else:
        assert amount.is_finite()
        assert 0 <= amount <= 10_000_000
        assert len(currency) == 3


@given(st.text(max_size=500))
def test_any_text_comes_out_bounded_on_one_line_without_controls(text):
    clean = values.text_of(text, 100)
    assert len(clean) <= 100
    assert clean == clean.strip()
    assert clean.isprintable() or all(ord(c) > 127 or c.isprintable() for c in clean)


@given(st.text(max_size=60))
def test_any_text_is_a_count_or_unknown(text):
    found = values.count_of(text)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("in stock", None),
        ("https://schema.org/OutOfStock", 0),
        ("12 pcs", 12),
        ("-3", 0),
        (True, None),
        (False, 0),
        ("售罄", 0),
    ],
)
def test_stock_words(cell, count):
    assert values.count_of(cell) == count


def test_instants_are_aware():
    assert values.instant_of("2026-05-01") == datetime(2026, 5, 1, tzinfo=UTC)
    assert values.instant_of("2026-05-01T10:00:00+02:00").hour == 10
    assert values.instant_of(1_700_000_000).tzinfo is UTC
    assert values.instant_of("yesterday") is None
