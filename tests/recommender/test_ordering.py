"""Pages in an order that was asked for."""

from dataclasses import replace
from decimal import Decimal

import pytest

from storage.records import Need, PriceRange, ReasonCode, SlotName, Wish

BOOTS = Need(wishes=(Wish(SlotName.CATEGORY, "boots", "boots"),), best_rated=True)


def shown(recommender, ask, need):
    return [item.product for item in recommender.recommend(ask(need, page_size=20, relax=False)).page]


def test_the_best_rated_come_first_and_what_nobody_rated_last(recommender, ask):
    rated = [product.rating_count > 0 for product in shown(recommender, ask, BOOTS)]
    assert rated == sorted(rated, reverse=True)
    assert len(set(rated)) == 2
    first, *_, last = [p for p in shown(recommender, ask, BOOTS) if p.rating_count]
    assert first.rating > last.rating


def test_few_ratings_move_a_mean_less_than_many(recommender, shop, ask):
    one, other, *_ = [product for product in shown(recommender, ask, BOOTS) if not product.sponsored]
    shop.catalogue.upsert([replace(one, rating=5.0, rating_count=1), replace(other, rating=4.8, rating_count=900)])
    ids = [product.id for product in shown(recommender, ask, BOOTS)]
    assert ids.index(other.id) < ids.index(one.id)


def test_a_good_rating_is_the_first_reason_where_it_is_true(recommender, ask):
    page = recommender.recommend(ask(BOOTS, page_size=10)).page
    for item in page:
        good = item.product.rating is not None and item.product.rating >= 4 and item.product.rating_count >= 5
        codes = [why.code for why in item.reasons if why.code is not ReasonCode.SPONSORED]
        assert (codes[:1] == [ReasonCode.WELL_RATED]) is good


def test_both_orders_are_the_lowest_prices_among_what_is_well_rated(recommender, ask):
    products = shown(recommender, ask, replace(BOOTS, cheapest=True))
    good = [p for p in products if p.rating is not None and p.rating >= 4 and p.rating_count >= 5]
    assert products[: len(good)] == good
    assert [p.price for p in good] == sorted(p.price for p in good)


def test_a_limit_still_holds(recommender, ask):
    limit = PriceRange(max=Decimal(40), currency="USD")
    assert all(p.price <= 40 for p in shown(recommender, ask, replace(BOOTS, price=limit)))


@pytest.mark.parametrize("order", ["cheapest", "best_rated"])
def test_an_order_leaves_nothing_to_chance(recommender, ask, order):
    request = ask(Need(wishes=BOOTS.wishes, **{order: True}), policy="thompson")
    slate = recommender.recommend(request)
    assert set(recommender.propensities(request, slate).values()) == {0.0, 1.0}
