"""What looks like a photo: no other product is on the page, and the most alike stand first."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from storage.records import Need, PriceRange, Reaction, ReasonCode, SlotName, Wish


@pytest.fixture
def looks(shop):
    """Some of every kind and colour, to be had and none of them paid for, in an order that nothing else explains."""
    found = shop.catalogue.get(shop.catalogue.ids()).values()
    usual = [product.id for product in found if not product.sponsored and product.stock != 0 and product.colors]
    return tuple(random.Random(4).sample(usual, 10))


def ids_of(slate):
    return [item.product.id for item in slate.page]


def test_a_page_is_what_looks_most_like_the_photo(recommender, ask, looks):
    slate = recommender.recommend(ask(Need(looks=looks)))
    assert ids_of(slate) == list(looks[:3])
    assert slate.admitted == len(looks)
    assert {item.product.id for item in slate.items} <= set(looks)
    for item in slate.page:
        assert item.reasons[0].code is ReasonCode.LOOKS_ALIKE


def test_the_next_page_goes_on_where_the_first_ended(recommender, ask, looks):
    slate = recommender.recommend(ask(Need(looks=looks), seen=frozenset(looks[:3])))
    assert ids_of(slate) == list(looks[3:6])


def test_limits_hold_within_what_looks_alike(recommender, ask, looks, shop):
    found = shop.catalogue.get(list(looks))
    red = [id for id in looks if "red" in found[id].colors]
    need = Need(looks=looks, wishes=(Wish(SlotName.COLOR, "red", "red"),))
    assert ids_of(recommender.recommend(ask(need, relax=False, page_size=10))) == red
    cap = sorted(found[id].price for id in looks)[4]
    need = Need(looks=looks, price=PriceRange(max=cap, currency="USD"))
    assert ids_of(recommender.recommend(ask(need, relax=False, page_size=10))) == [
        id for id in looks if found[id].price <= cap
    ]


def test_limits_give_way_within_what_looks_alike(recommender, ask, looks, shop):
    found = shop.catalogue.get(list(looks))
    one = next(id for id in looks if "red" in found[id].colors)
    kept = (one, *(id for id in looks if "red" not in found[id].colors))
    slate = recommender.recommend(ask(Need(looks=kept, wishes=(Wish(SlotName.COLOR, "red", "red"),))))
    assert ids_of(slate)[0] == one
    assert len(slate.page) == 3
    assert slate.ways
    assert set(ids_of(slate)) <= set(kept)


def test_nothing_else_fills_the_page(recommender, ask, looks):
    assert ids_of(recommender.recommend(ask(Need(looks=looks[:1])))) == [looks[0]]
    assert ids_of(recommender.recommend(ask(Need(looks=("gone",))))) == []


def test_the_cheapest_of_what_looks_alike(recommender, ask, looks):
    slate = recommender.recommend(ask(Need(looks=looks, cheapest=True), page_size=10))
    prices = [item.product.price for item in slate.page]
    assert prices == sorted(prices)
    assert set(ids_of(slate)) <= set(looks)


def test_what_was_refused_stays_away(recommender, ask, looks, event):
    slate = recommender.recommend(ask(Need(looks=looks), events=(event(looks[0], Reaction.DISLIKE),)))
    assert ids_of(slate) == list(looks[1:4])


def test_what_is_sold_out_stays_away(recommender, ask, looks, shop):
    first = shop.catalogue.get([looks[0]])[looks[0]]
    shop.catalogue.upsert([replace(first, stock=0, price=Decimal(9))])
    assert ids_of(recommender.recommend(ask(Need(looks=looks)))) == list(looks[1:4])
