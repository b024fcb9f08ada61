"""Money is exact on the way in and on the way out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.money import MoneyError, exponent, from_minor, least_minor, most_minor, quantize, to_minor

CURRENCIES = st.sampled_from(["USD", "EUR", "CNY", "JPY", "KWD", "CLF"])
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=6)


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [("49.90", "USD", 4990), ("199", "CNY", 19900), ("1200", "JPY", 1200), ("1.234", "KWD", 1234), ("0", "EUR", 0)],
)
def test_minor_units_follow_the_currency(amount, currency, units):
    assert to_minor(Decimal(amount), currency) == units
    assert from_minor(units, currency) == Decimal(amount)


@given(units=st.integers(-(10**12), 10**12), currency=CURRENCIES)
def test_every_stored_amount_comes_back_as_it_was(units, currency):
    amount = from_minor(units, currency)
    assert to_minor(amount, currency) == units
    assert -amount.as_tuple().exponent == exponent(currency)


@given(amount=AMOUNTS, currency=CURRENCIES)
def test_rounding_moves_an_amount_by_half_a_unit_at_most(amount, currency):
    rounded = quantize(amount, currency)
    assert abs(rounded - amount) * 2 <= from_minor(1, currency)
    assert quantize(rounded, currency) == rounded


@given(amount=AMOUNTS, currency=CURRENCIES, units=st.integers(-(10**12), 10**12))
def test_inclusive_ends_admit_exactly_the_prices_between_them(amount, currency, units):
    price = from_minor(units, currency)
    assert (units >= least_minor(amount, currency)) == (price >= amount)
    assert (units <= most_minor(amount, currency)) == (price <= amount)


def test_halves_round_away_from_zero():
    assert quantize(Decimal("0.125"), "USD") == Decimal("0.13")


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "1e30", "0.001", "1e999999"])
def test_what_cannot_be_stored_exactly_is_refused(amount):
    with pytest.raises(MoneyError):
        to_minor(Decimal(amount), "USD")


@pytest.mark.parametrize("currency", ["", "usd", "US", "DOLLAR", "$"])
def test_a_currency_is_an_iso_code(currency):
    with pytest.raises(MoneyError, match="three capital letters"):
        to_minor(Decimal(1), currency)
