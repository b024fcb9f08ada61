"""Limits said in another currency."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errands.currencies import code_in, currency_asked, money_lines, money_options
from bot.money import Rates
from storage.records import PriceRange

RATES = Rates("USD", {"CNY": Decimal("7.11"), "EUR": Decimal("0.86")}, date(2026, 11, 20))


def test_a_bare_number_is_in_the_shops_currency():
    assert RATES.to_shop(PriceRange(max=Decimal(60))) == PriceRange(max=Decimal(60), currency="USD")


def test_yuan_are_converted_and_rounded_in_the_shoppers_favour():
    assert RATES.to_shop(PriceRange(max=Decimal(200), currency="CNY")).max == Decimal("28.13")


@pytest.mark.parametrize(
    ("shop", "rate", "converted"),
    [("JPY", "0.0456", ("4385", "4386")), ("KWD", "23.1", ("8.658", "8.659")), ("USD", "7.11", ("28.12", "28.13"))],
)
def test_a_converted_limit_has_the_digits_of_the_shops_currency(shop, rate, converted):
    rates = Rates(shop, {"CNY": Decimal(rate)}, date(2026, 11, 20))
    found = rates.to_shop(PriceRange(Decimal(200), Decimal(200), "CNY"))
    assert (str(found.min), str(found.max)) == converted


def test_an_unknown_currency_has_no_limit():
    assert RATES.to_shop(PriceRange(max=Decimal(200), currency="XAU")) is None


def test_a_limit_out_of_all_bounds_is_still_a_limit():
    absurd = PriceRange(Decimal("1E+40"), Decimal("1E+40"), "CNY")
    assert RATES.to_shop(absurd).min > 10**9
    assert RATES.to_shop(PriceRange(max=Decimal("1E+40"))).max > 10**9


@given(st.decimals(min_value=1, max_value=100_000, places=2))
def test_an_item_at_the_limit_still_passes(limit):
    converted = RATES.to_shop(PriceRange(min=limit, max=limit, currency="CNY"))
    exact = limit / Decimal("7.11")
    assert converted.min <= exact <= converted.max
    assert converted.max - converted.min <= Decimal("0.01")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_currency_is_offered_only_where_the_shop_has_a_rate_for_it(language):
    assert money_options("prefs", Rates("USD"), None, language) == ()
    assert [line.code for line in money_lines(None, Rates("USD"), language)] == ["prefs-currency"]
    offered = [code_in(option.does.target) for option in money_options("prefs", RATES, "EUR", language)]
    assert offered == ["CNY", ""]
    assert [line.code for line in money_lines("EUR", RATES, language)] == ["prefs-currency", "prefs-money-near"]
    assert [line.code for line in money_lines("", RATES, language)] == ["prefs-currency"]
    assert [code_in(target) for target in (-1, 0, 1 << 24, 2**62)] == [""] * 4


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("show me all prices in euros", "EUR"),
        ("show prices in Hong Kong dollars", "HKD"),
        ("show me prices in mexican dollars", None),
        ("价格换成港币", "HKD"),
        ("能不能用人民币显示", "CNY"),
        ("a backpack under 30 euros", None),
        ("show me prices in the sale", None),
        ("能用人民币付款吗", None),
    ],
)
def test_the_currency_that_prices_are_asked_in(text, currency):
    assert currency_asked(text) == currency
