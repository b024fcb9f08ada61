"""What writing may cost: limits of a shopper and of a day hold whatever happens between reserving and settling."""

from datetime import date, timedelta

import pytest

from storage import forgetting
from storage.spending import KEPT_DAYS, Spent

DAY, ANN, BEN = date(2026, 11, 27), 7_123_456_789, 8_987_654_321


def reserve(shop, user=ANN, tokens=100, day=DAY, shopper_limit=250, day_limit=400):
    return shop.spending.reserve(day, user, tokens, shopper_limit=shopper_limit, day_limit=day_limit)


def test_a_shopper_stops_at_the_shoppers_limit(shop):
    assert [reserve(shop) for _ in range(3)] == [True, True, False]
    assert shop.spending.of(DAY, ANN) == Spent(200, 2)
    assert reserve(shop, BEN)


def test_all_together_stop_at_the_limit_of_the_day(shop):
    assert [reserve(shop, user) for user in (1, 2, 3, 4, 5)] == [True, True, True, True, False]
    assert shop.spending.total(DAY) == Spent(400, 4)
    assert reserve(shop, 5, day=DAY + timedelta(days=1))


@pytest.mark.parametrize("used", [0, 40, 130])
def test_settling_puts_what_was_used_in_the_place_of_what_was_reserved(shop, used):
    reserve(shop)
    shop.spending.settle(DAY, ANN, reserved=100, used=used)
    assert shop.spending.of(DAY, ANN) == Spent(used, 1) == shop.spending.total(DAY)


def test_what_is_never_settled_stays_spent(shop):
    reserve(shop, tokens=250)
    assert not reserve(shop, tokens=1)


def test_a_limit_of_nothing_allows_nothing(shop):
    assert not reserve(shop, shopper_limit=0)
    assert not reserve(shop, day_limit=0)
    assert shop.spending.total(DAY) == Spent()


def test_a_shopper_who_is_erased_leaves_only_the_sum_of_the_day(shop):
    reserve(shop)
    forgetting.erase(shop, ANN)
    shop.spending.settle(DAY, ANN, reserved=100, used=60)
    assert shop.spending.of(DAY, ANN) == Spent()
    assert shop.spending.total(DAY) == Spent(60, 1)


def test_days_of_shoppers_are_forgotten_after_a_month(shop):
    reserve(shop)
    reserve(shop, BEN, day=DAY + timedelta(days=KEPT_DAYS + 1))
    assert shop.spending.of(DAY, ANN) == Spent()
    assert shop.spending.total(DAY) == Spent(100, 1)
