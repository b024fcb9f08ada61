"""Reasons are true, few, and tell cards apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.reasons import MOST
from recommender.request import Request
from storage.records import Event, Need, PriceRange, Product, Reaction, ReasonCode, SlotName, Wish
from tests.recommender.conftest import NOW

wishes = st.one_of(
    st.builds(Wish, st.just(slot), st.sampled_from(values))
    for slot, values in {
        SlotName.COLOR: ["red", "blue"],
        SlotName.MATERIAL: ["linen", "leather"],
        SlotName.CATEGORY: ["dresses", "shoes", "mugs"],
        SlotName.AUDIENCE: ["women"],
        SlotName.OCCASION: ["summer"],
    }.items()
)
needs = st.builds(
    Need,
    query=st.sampled_from(["", "leather boots", "for summer days", "红色靴子"]),
    language=st.sampled_from(["en", "zh"]),
    wishes=st.lists(wishes, max_size=3).map(tuple),
    price=st.none() | st.builds(PriceRange, st.none(), st.integers(20, 90).map(Decimal), st.just("USD")),
    like_product=st.sampled_from(["", "", "p3", "p40"]),
)
events = st.lists(
    st.builds(
        Event,
        st.integers(0, 71).map(lambda n: f"p{n}"),
        st.sampled_from(Reaction),
        st.integers(0, 80).map(lambda hours: NOW - timedelta(hours=hours)),
    ),
    max_size=4,
).map(tuple)


@dataclass(frozen=True)
class Case:
    """A card and one of its reasons, checked as a reader would: from the row and the request alone."""

    row: Product
    facts: Mapping
    request: Request
    products: Mapping

    @property
    def words(self):
        row = self.row
        return " ".join((row.title, row.title_zh, row.description, row.description_zh)).casefold()

    @property
    def liked(self):
        refused = (Reaction.DISLIKE, Reaction.LESS_LIKE)
        return [self.products[e.product_id] for e in self.request.events if e.reaction not in refused]

    @property
    def other(self):
        return self.products[self.facts["product_id"]]

    def wished(self):
        pairs = {(wish.name.value, wish.value) for wish in self.request.need.wishes if not wish.negated}
        slot, value = self.facts["slot"], self.facts["value"]
        return (slot, value) in pairs and (value in self.row.values(SlotName(slot)) or value in self.words)

    def shares(self):
        if "slot" not in self.facts:
            return True
        slot, value = SlotName(self.facts["slot"]), self.facts["value"]
        return value in self.row.values(slot) and value in self.other.values(slot)

    def liked_today(self):
        today = {e.product_id for e in self.request.events if e.at.date() == NOW.date()}
        return self.other.id in today and self.other in self.liked

    def takes_to(self, slot):
        value = self.facts["value"].casefold()
        return value in self.row.values(slot) and any(value in product.values(slot) for product in self.liked)

    def says_words(self):
        said = self.facts["words"].split()
        return bool(said) and all(word in self.words and word in self.request.need.query.casefold() for word in said)

    def within(self):
        price, limit = self.facts["price"], self.facts["limit"]
        return price == self.row.price <= limit == self.request.need.price.max

    def beyond(self):
        """A limit that gave way: what the row has in the place of what was asked for."""
        if self.facts["slot"] == "price":
            limit = self.request.need.price.max
            return limit == self.facts["limit"] < self.facts["price"] == self.row.price <= limit * Decimal("1.2")
        carried = self.row.values(SlotName(self.facts["slot"]))
        wanted = {wish.value for wish in self.request.need.wishes if wish.name.value == self.facts["slot"]}
        return self.facts["value"] in carried and self.facts["wanted"] in wanted and not wanted & set(carried)

    def rated(self):
        rating, count = self.facts["rating"], self.facts["count"]
        return rating == self.row.rating >= 4 and count == self.row.rating_count >= 5


TRUE = {
    ReasonCode.OFF_LIMIT: Case.beyond,
    ReasonCode.MATCHES_WORDS: Case.says_words,
    ReasonCode.MATCHES_MEANING: lambda case: case.request.need.query,
    ReasonCode.HAS_WISH: Case.wished,
    ReasonCode.WITHIN_BUDGET: Case.within,
    ReasonCode.WELL_RATED: Case.rated,
    ReasonCode.POPULAR: lambda case: case.facts["count"] == case.row.rating_count >= 100,
    ReasonCode.NEW: lambda case: timedelta(0) <= NOW - case.row.created_at <= timedelta(days=31),
    ReasonCode.IN_STOCK: lambda case: case.facts["count"] == case.row.stock > 0,
    ReasonCode.LIKE_SESSION: lambda case: case.liked_today() and case.shares(),
    ReasonCode.LIKE_PRODUCT: lambda case: case.other.id == case.request.need.like_product and case.shares(),
    ReasonCode.IN_SEASON: lambda case: case.facts["season"] == "summer" and "summer" in case.words,
    ReasonCode.SPONSORED: lambda case: case.row.sponsored,
    ReasonCode.LIKES_BRAND: lambda case: case.takes_to(SlotName.BRAND),
    ReasonCode.LIKES_CATEGORY: lambda case: case.takes_to(SlotName.CATEGORY),
    ReasonCode.LIKES_COLOR: lambda case: case.takes_to(SlotName.COLOR),
    ReasonCode.LIKES_MATERIAL: lambda case: case.takes_to(SlotName.MATERIAL),
}


@given(need=needs, happened=events, policy=st.sampled_from(["greedy", "thompson"]), seed=st.integers(0, 5))
def test_every_reason_is_true(recommender, shop, ask, need, happened, policy, seed):
    request = ask(need, events=happened, policy=policy, seed=seed)
    products = shop.catalogue.get([f"p{n}" for n in range(72)])
    for item in recommender.recommend(request).items:
        speaking_for = [reason.code for reason in item.reasons if reason.code is not ReasonCode.OFF_LIMIT]
        assert len(speaking_for) <= (MOST if item.position else 0)
        assert len(set(speaking_for)) == len(speaking_for)
        for reason in item.reasons:
            assert TRUE[reason.code](Case(item.product, reason.facts, request, products)), reason


@given(need=needs, happened=events)
def test_two_cards_are_not_given_the_same_reasons(recommender, ask, need, happened):
    page = recommender.recommend(ask(need, events=happened)).page
    given_reasons = [tuple((r.code, tuple(sorted(map(str, r.facts.items())))) for r in item.reasons) for item in page]
    told = [reasons for reasons in given_reasons if reasons]
    assert len(set(told)) == len(told)


def test_a_like_proves_no_taste_for_the_product_itself(recommender, ask, event):
    happened = (event("p3", Reaction.LIKE),)
    page = recommender.recommend(ask(Need(query="Red cotton dress 3"), events=happened)).page
    assert page[0].product.id == "p3"
    assert not [reason for reason in page[0].reasons if reason.code.startswith("likes_")]


def test_a_budget_and_a_wish_are_named(recommender, ask):
    need = Need(
        wishes=(Wish(SlotName.CATEGORY, "dresses", "dress"), Wish(SlotName.COLOR, "red", "red")),
        price=PriceRange(max=Decimal(60), currency="USD"),
    )
    page = recommender.recommend(ask(need)).page
    codes = {reason.code for item in page for reason in item.reasons}
    assert {ReasonCode.WITHIN_BUDGET, ReasonCode.HAS_WISH} & codes
    for item in page:
        for reason in item.reasons:
            if reason.code is ReasonCode.WITHIN_BUDGET:
                assert reason.facts == {"price": item.product.price, "limit": Decimal(60), "currency": "USD"}


def test_likeness_to_what_was_liked_today_is_named(recommender, ask, event):
    page = recommender.recommend(ask(Need(query="boots"), events=(event("p20", Reaction.LIKE),), page_size=12)).page
    reasons = [reason for item in page for reason in item.reasons if reason.code is ReasonCode.LIKE_SESSION]
    assert reasons
    assert reasons[0].facts["product_id"] == "p20"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_titles_in_reasons_are_in_the_shoppers_language(recommender, shop, ask, language):
    anchor = shop.catalogue.get(["p2"])["p2"]
    page = recommender.recommend(ask(Need(like_product="p2", language=language))).page
    titles = [r.facts["title"] for item in page for r in item.reasons if r.code is ReasonCode.LIKE_PRODUCT]
    assert set(titles) == {anchor.title_in(language)}
