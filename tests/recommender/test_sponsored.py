"""Paid places: one a page at most, within every limit, labelled in both languages, and outside score and log."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.render import Renderer
from bot.wording import Wording
from recommender import bandit
from recommender.exact import ExactIndex
from recommender.filters import admits, filters_of
from recommender.recommender import Recommender
from storage.records import Act, Need, PriceRange, ReasonCode, Rule, SlotName, Wish
from tests.recommender.conftest import ENCODER, NOW
from tests.recommender.test_hand import Rules

needs = st.builds(
    Need,
    query=st.sampled_from(["", "leather", "boots for winter", "红色靴子", "亚麻"]),
    language=st.sampled_from(["en", "zh"]),
    wishes=st.lists(
        st.builds(Wish, st.just(SlotName.CATEGORY), st.sampled_from(["boots", "dresses", "mugs"]))
        | st.builds(Wish, st.just(SlotName.COLOR), st.sampled_from(["red", "blue"]), st.just(""), st.booleans())
        | st.builds(Wish, st.just(SlotName.AUDIENCE), st.just("women")),
        max_size=3,
    ).map(tuple),
    price=st.none() | st.builds(PriceRange, st.none(), st.integers(15, 95).map(Decimal), st.just("USD")),
    like_product=st.sampled_from(["", "", "p3", "p40"]),
)


class Unpaid:
    """The same catalogue with nothing sponsored."""

    def __init__(self, catalogue):
        self._catalogue = catalogue

    def __getattr__(self, name):
        return getattr(self._catalogue, name)

    def get(self, ids):
        return {id: replace(product, sponsored=False) for id, product in self._catalogue.get(ids).items()}


@pytest.fixture(scope="module")
def crowded(make_shop, make_encoder, tmp_path_factory):
    """A shop in which every third product is sponsored, and the same shop with none."""
    shop, encode = make_shop(tmp_path_factory.mktemp("crowded")), make_encoder()
    products = shop.catalogue.get([f"p{n}" for n in range(72)]).values()
    shop.catalogue.upsert([replace(p, sponsored=number % 3 == 0) for number, p in enumerate(products)])
    index = ExactIndex(shop.catalogue, shop.vectors, encode, ENCODER)
    words = shop.catalogue.vocabulary()
    yield tuple(Recommender(each, index, encode, words) for each in (shop.catalogue, Unpaid(shop.catalogue)))
    shop.close()


@given(need=needs, seed=st.integers(0, 50), policy=st.sampled_from(["thompson", "greedy"]), size=st.integers(1, 5))
def test_one_a_page_within_the_limits_labelled_and_outside_the_score(crowded, ask, need, seed, policy, size):
    paid, unpaid = (
        each.recommend(ask(need, seed=seed, policy=policy, page_size=size, now=NOW, relax=False)) for each in crowded
    )
    limits = filters_of(need, crowded[0]._vocabulary)
    shown = [item for item in paid.page if item.product.sponsored]
    assert len(shown) <= 1
    for item in paid.page:
        assert admits(limits, item.product)
        labelled = [reason.code for reason in item.reasons].count(ReasonCode.SPONSORED)
        assert labelled == int(item.product.sponsored)
        assert bandit.teaches(item.features) is not item.product.sponsored
    scores = {item.product.id: item.score for item in unpaid.items}
    for item in paid.items:
        assert scores.get(item.product.id, item.score) == item.score


@given(need=needs, seed=st.integers(0, 20), pinned=st.integers(0, 71))
def test_where_limits_give_way_nothing_is_sold_pinned_or_tried_past_them(crowded, ask, need, seed, pinned):
    recommender = crowded[0]
    recommender._hand = Rules([Rule(Act.PIN, f"product:p{pinned}", place=1, category="boots")])
    slate = recommender.recommend(ask(need, seed=seed, policy="thompson", relax=True))
    recommender._hand = None
    limits = filters_of(need, recommender._vocabulary)
    assert sum(item.product.sponsored for item in slate.page) <= 1
    for item in slate.page:
        if not admits(limits, item.product):
            assert slate.ways
            assert not item.product.sponsored
            assert not {"pinned", "explored"} & item.features.keys()


@pytest.mark.parametrize(("language", "label"), [("en", "Sponsored"), ("zh", "广告")])
def test_the_card_says_so_in_the_shoppers_language(crowded, ask, language, label):
    render = Renderer(Wording(strict=True))
    need = Need(language=language, wishes=(Wish(SlotName.CATEGORY, "boots", "boots"),))
    cards = [(item, render.card(item, language)) for item in crowded[0].recommend(ask(need)).page]
    assert any(item.product.sponsored for item, _ in cards)
    for item, card in cards:
        assert (label in card.html) is item.product.sponsored
