"""From a request to a slate, on a real catalogue."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import bandit
from recommender.config import RecommenderConfig
from recommender.filters import admits, filters_of
from recommender.recommender import Recommender
from recommender.relaxing import loosened
from recommender.request import Request
from storage.records import Feedback, Need, PriceRange, Reaction, ReasonCode, SlotName, Stage, Wish
from tests.recommender.conftest import KINDS, NOW

RED_DRESS = Need(wishes=(Wish(SlotName.COLOR, "red", "red"), Wish(SlotName.CATEGORY, "dresses", "dress")))


def ids(slate):
    return [item.product.id for item in slate.page]


class TestPages:
    def test_a_page_is_what_was_asked_for(self, recommender, ask):
        page = recommender.recommend(ask(RED_DRESS)).page
        assert [item.position for item in page] == [1, 2, 3]
        assert all("dresses" in item.product.categories for item in page)
        assert all(item.product.colors in ((), ("red",)) for item in page)

    def test_the_next_candidates_are_logged_unshown(self, recommender, ask):
        slate = recommender.recommend(ask(Need(query="leather")))
        assert [item.position for item in slate.items[3:]] == [0] * 20
        scores = [item.score for item in slate.items[3:]]
        assert scores == sorted(scores, reverse=True)

    def test_a_score_is_the_sum_of_its_parts(self, recommender, ask):
        for policy in ("thompson", "greedy", "linucb"):
            for item in recommender.recommend(ask(Need(query="cotton mug"), policy=policy)).items:
                assert sum(item.parts.values()) == pytest.approx(item.score)

    def test_what_was_seen_is_not_shown_again(self, recommender, ask):
        seen, pages = frozenset(), []
        while page := ids(recommender.recommend(ask(RED_DRESS, seen=seen))):
            assert not seen & set(page)
            seen |= set(page)
            pages.append(page)
        assert len(seen) == recommender.recommend(ask(RED_DRESS)).admitted > 3

    def test_the_same_request_gives_the_same_slate(self, recommender, ask):
        first, second = (recommender.recommend(ask(RED_DRESS, policy="thompson")) for _ in range(2))
        assert first.items == second.items

    def test_another_seed_may_give_another_page(self, recommender, ask):
        need = Need(query="leather things")
        pages = {tuple(ids(recommender.recommend(ask(need, policy="thompson", seed=seed)))) for seed in range(20)}
        assert len(pages) > 1

    def test_ideas_need_no_words(self, recommender, ask):
        slate = recommender.recommend(ask())
        assert len(slate.page) == 3
        assert not slate.degraded

    def test_ideas_follow_what_was_liked(self, recommender, ask, event):
        liked = event("p54", Reaction.LIKE)
        page = recommender.recommend(ask(events=(liked,))).page
        assert sum("mugs" in item.product.categories for item in page) >= 2

    def test_nothing_admitted_is_an_empty_page(self, recommender, ask):
        need = Need(query="dress", price=PriceRange(max=Decimal("0.01"), currency="USD"))
        slate = recommender.recommend(ask(need))
        assert slate.items == ()
        assert slate.admitted == 0

    def test_an_empty_shop_answers_too(self, shop, recommender, ask):
        shop.catalogue.upsert([], replace=True)
        assert recommender.recommend(ask(Need(query="dress"))).items == ()


class TestLikingAndDisliking:
    def test_more_like_this_is_near_the_anchor_and_not_the_anchor(self, recommender, ask):
        page = recommender.recommend(ask(Need(like_product="p2"))).page
        assert "p2" not in [item.product.id for item in page]
        assert all("dresses" in item.product.categories for item in page)

    def test_a_like_changes_the_next_page(self, recommender, ask, event):
        need = Need(query="leather")
        before = ids(recommender.recommend(ask(need)))
        after = ids(recommender.recommend(ask(need, events=(event("p70", Reaction.LIKE),))))
        assert before != after

    def test_what_was_refused_does_not_come_back(self, recommender, ask, event):
        first = ids(recommender.recommend(ask(RED_DRESS)))[0]
        for reaction in (Reaction.DISLIKE, Reaction.LESS_LIKE):
            assert first not in ids(recommender.recommend(ask(RED_DRESS, events=(event(first, reaction),))))

    def test_a_learned_taste_moves_the_ranking(self, recommender, ask):
        need = Need(query="leather")
        slate = recommender.recommend(ask(need))
        last = next(item for item in reversed(slate.items) if not item.product.sponsored)
        taste = bandit.newcomer(7)
        for number in range(6):
            taste = bandit.update(taste, last.features, Feedback(number, 7, Reaction.BUY, NOW))
        again = recommender.recommend(ask(need, taste=taste))
        gained = {item.product.id: item.score for item in again.items}
        assert gained[last.product.id] - last.score > 0.1
        assert again.taste_version == 6


class TestAnonymous:
    def test_taste_events_and_money_do_not_matter(self, recommender, ask, event):
        need = Need(query="leather boots")
        taste = bandit.update(bandit.newcomer(7), {"bias": 1.0}, Feedback(1, 7, Reaction.BUY, NOW))
        plain = recommender.recommend(ask(need, mode="anonymous"))
        known = recommender.recommend(
            ask(need, mode="anonymous", taste=taste, events=(event("p1", Reaction.LIKE),), seed=99, policy="thompson")
        )
        assert plain.items == known.items
        assert all(reason.code is not ReasonCode.SPONSORED for item in plain.page for reason in item.reasons)

    def test_the_order_is_that_of_the_scores(self, recommender, ask):
        page = recommender.recommend(ask(Need(query="mug"), mode="anonymous", page_size=40)).page
        assert len(page) == 40
        assert [item.score for item in page] == sorted((item.score for item in page), reverse=True)


class TestSponsored:
    def test_at_most_one_labelled_and_within_the_limits(self, recommender, ask):
        shown = 0
        for kind, *_ in KINDS:
            need = Need(wishes=(Wish(SlotName.CATEGORY, kind, kind),))
            page = recommender.recommend(ask(need)).page
            paid = [item for item in page if item.product.sponsored]
            shown += len(paid)
            assert len(paid) <= 1
            for item in page:
                codes = [reason.code for reason in item.reasons]
                assert (ReasonCode.SPONSORED in codes) is item.product.sponsored
                assert kind in item.product.categories
        assert shown

    def test_reactions_to_paid_places_teach_nothing(self, recommender, ask):
        need = Need(wishes=(Wish(SlotName.CATEGORY, "boots", "boots"),))
        paid = [item for item in recommender.recommend(ask(need)).items if item.product.sponsored]
        assert paid
        taste = bandit.newcomer(7)
        for item in paid:
            assert bandit.update(taste, item.features, Feedback(1, 7, Reaction.LIKE, NOW)) is taste


class TestPropensities:
    def test_every_logged_candidate_has_a_chance(self, recommender, ask):
        request = ask(Need(query="leather"), policy="thompson")
        slate = recommender.recommend(request)
        chances = recommender.propensities(request, slate)
        assert set(chances) == {item.product.id for item in slate.items}
        assert all(0 < chance < 1 for chance in chances.values())

    def test_the_estimate_can_be_made_again_later(self, recommender, shop, index, encode, ask):
        request = ask(Need(query="leather"), policy="thompson")
        slate = recommender.recommend(request)
        later = Recommender(shop.catalogue, index, encode, shop.catalogue.vocabulary)
        assert later.propensities(request, slate) == recommender.propensities(request, slate)

    def test_pages_of_many_seeds_come_as_often_as_estimated(self, recommender, ask):
        need = Need(query="leather")
        slate = recommender.recommend(ask(need, policy="thompson"))
        chances = recommender.propensities(ask(need, policy="thompson"), slate)
        best = max(chances, key=chances.__getitem__)
        shown = [best in ids(recommender.recommend(ask(need, policy="thompson", seed=s))) for s in range(120)]
        assert abs(np.mean(shown) - chances[best]) < 0.15

    def test_a_policy_without_a_draw_is_certain(self, recommender, ask):
        request = ask(Need(query="leather"))
        slate = recommender.recommend(request)
        assert recommender.propensities(request, slate) == {
            item.product.id: float(item.position > 0) for item in slate.items
        }


class TestFailing:
    def test_without_an_encoder_the_words_alone_are_searched(self, shop, index, ask):
        def broken(texts):
            raise RuntimeError("no model")

        slate = Recommender(shop.catalogue, index, broken, shop.catalogue.vocabulary).recommend(ask(RED_DRESS))
        assert slate.degraded
        assert len(slate.page) == 3

    def test_without_an_index_the_words_alone_are_searched(self, shop, index, encode, ask):
        class Broken(type(index)):
            def near(self, vector, flags, limit):
                raise RuntimeError("no index")

        broken = Broken(shop.catalogue, shop.vectors, encode, encode.version)
        slate = Recommender(shop.catalogue, broken, encode, shop.catalogue.vocabulary).recommend(ask(RED_DRESS))
        assert slate.degraded
        assert len(slate.page) == 3

    @pytest.mark.parametrize(
        ("changed", "problem"),
        [
            ({"now": NOW.replace(tzinfo=None)}, "time zone"),
            ({"page_size": 0}, "page_size"),
            ({"policy": "best"}, "policy"),
            ({"mode": "secret"}, "mode"),
        ],
    )
    def test_a_request_that_cannot_be_meant_is_refused(self, changed, problem):
        fields = {
            "user_id": 1,
            "need": Need(),
            "stage": Stage.BROWSE,
            "taste": None,
            "events": (),
            "seen": frozenset(),
            "now": NOW,
            "seed": 1,
        }
        with pytest.raises(ValueError, match=problem):
            Request(**(fields | changed))


wishes = st.one_of(
    st.builds(Wish, st.just(slot), st.sampled_from(values), st.just(""), st.booleans())
    for slot, values in {
        SlotName.COLOR: ["red", "blue", "black"],
        SlotName.CATEGORY: ["dresses", "fashion", "boots", "shoes", "mugs"],
        SlotName.MATERIAL: ["linen", "leather"],
        SlotName.AUDIENCE: ["women", "kids"],
        SlotName.FEATURE: ["waterproof"],
    }.items()
)
needs = st.builds(
    Need,
    query=st.sampled_from(["", "leather", "红色连衣裙", "summer days"]),
    wishes=st.lists(wishes, max_size=3).map(tuple),
    price=st.none() | st.builds(PriceRange, st.none(), st.integers(5, 90).map(Decimal), st.just("USD")),
)


@given(need=needs, seed=st.integers(0, 9), policy=st.sampled_from(["thompson", "greedy", "linucb"]))
def test_no_card_ever_breaks_a_hard_limit(recommender, shop, ask, need, seed, policy):
    limits = filters_of(need, shop.catalogue.vocabulary())
    slate = recommender.recommend(ask(need, seed=seed, policy=policy, relax=False))
    assert all(admits(limits, item.product) for item in slate.items)
    assert len(slate.page) == min(3, len(slate.items)) or any(item.product.sponsored for item in slate.items)


@given(need=needs, seed=st.integers(0, 9))
def test_no_limit_gives_way_in_silence(recommender, shop, ask, need, seed):
    limits = filters_of(need, shop.catalogue.vocabulary())
    slate = recommender.recommend(ask(need, seed=seed))
    assert all(any(admits(loosened(limits, way), item.product) for way in ((), *slate.ways)) for item in slate.items)
    said = [any(reason.code is ReasonCode.OFF_LIMIT for reason in item.reasons) for item in slate.page]
    assert said == [not admits(limits, item.product) for item in slate.page] == sorted(said)
    assert not slate.ways or any(said)


def test_a_changed_stock_is_seen_without_a_refresh(recommender, shop, ask):
    from dataclasses import replace

    request = ask(Need(query="Red linen dress 0"))
    first = recommender.recommend(request).page[0].product
    shop.catalogue.upsert([replace(first, stock=0)])
    assert first.id not in [item.product.id for item in recommender.recommend(request).items]


def test_a_new_product_is_found_by_meaning_after_a_refresh(recommender, shop, ask, index):
    from dataclasses import replace

    old = shop.catalogue.get(["p1"])["p1"]
    shop.catalogue.upsert([replace(old, id="new", title="Turquoise kaftan", stock=9)])
    assert index.refresh(shop.catalogue) == 1
    item = recommender.recommend(ask(Need(query="turquoise kaftan"))).page[0]
    assert item.product.id == "new"
    assert item.features["text_dense"] > 0.3


def test_big_pages_are_filled(shop, index, encode, ask):
    recommender = Recommender(shop.catalogue, index, encode, shop.catalogue.vocabulary, RecommenderConfig(candidates=5))
    assert len(recommender.recommend(ask(Need(query="leather"), mode="anonymous", page_size=30)).page) == 30
