"""What is popular and what trends: counts where they are fair, rates where showings are known."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.heat import COLD, Figures, HeatConfig, Trial, heat_of
from storage.records import Need, ReasonCode
from tests.recommender.conftest import NOW

CONFIG = HeatConfig()


@dataclass(frozen=True)
class Count:
    product_id: str
    day: str
    count: int
    kind: str = "order"
    position: int = 1
    reaction: str = "like"


def day(ago):
    return f"{NOW - timedelta(days=ago):%Y-%m-%d}"


def sold(product_id, ago, count=1, kind="order"):
    return Count(product_id, day(ago), count, kind)


def shown(product_id, count, position=1, ago=2):
    return Count(product_id, day(ago), count, position=position)


def liked(product_id, count, position=1, ago=2, reaction="like"):
    return Count(product_id, day(ago), count, position=position, reaction=reaction)


def heat(**figures):
    return heat_of(Figures(**figures), NOW, CONFIG)


class TestPopularity:
    def test_without_figures_ratings_alone_speak(self):
        assert COLD.popularity("a", 0.7) == heat().popularity("a", 0.7) == pytest.approx(0.7)

    def test_the_more_the_shop_knows_the_less_ratings_say(self):
        few, many = heat(done=[sold("a", 1, 3)]), heat(done=[sold("a", 1, 3_000)])
        assert few.known < 0.05 < 0.9 < many.known
        assert many.popularity("a", 0.1) > 0.9 > few.popularity("a", 0.1)

    def test_an_order_counts_more_than_a_cart_and_a_cart_more_than_a_view(self):
        found = heat(done=[sold("a", 1, 9), sold("b", 1, 9, "cart"), sold("c", 1, 9, "view")]).popular
        assert found["a"] > found["b"] > found["c"] > 0

    def test_old_orders_fade(self):
        found = heat(done=[sold("new", 1, 9), sold("old", 200, 9)]).popular
        assert found["new"] > 2 * found["old"]

    def test_one_order_is_no_bestseller(self):
        assert heat(done=[sold("a", 0)]).popular["a"] < 0.3

    def test_what_was_shown_more_is_not_for_that_more_popular(self):
        often, seldom = [shown("often", 1_000), shown("seldom", 100)], [liked("often", 100), liked("seldom", 30)]
        found = heat(shown=often, reacted=seldom).popular
        assert found["seldom"] > found["often"]

    def test_the_first_place_is_allowed_for(self):
        seen = [shown(f"{name}{place}", 500, place) for place in (1, 2, 3) for name in "ab"]
        got = [liked(f"{name}{place}", 120 // place, place) for place in (1, 2, 3) for name in "ab"]
        found = heat(shown=seen, reacted=got).popular
        assert found["a1"] == pytest.approx(found["a3"])

    def test_little_known_means_average(self):
        found = heat(shown=[shown("a", 1_000), shown("b", 1)], reacted=[liked("a", 100)])
        assert abs(found.popular["b"] - found.popular["a"]) < 0.05


class TestTrending:
    steady = tuple(sold(id, ago, 2) for id in "abcdefgh" for ago in range(60))

    def test_a_surge_trends_and_a_steady_bestseller_does_not(self):
        bestseller = [sold("best", ago, 20) for ago in range(60)]
        found = heat(done=[*self.steady, *bestseller, sold("a", 0, 8), sold("a", 1, 8)]).trending
        assert found["a"] > 0.5
        assert found.get("best", 0.0) < 0.1

    def test_a_sale_that_lifts_the_whole_shop_lifts_nothing_above_it(self):
        found = heat(done=[*self.steady, *(sold(id, 0, 30) for id in "abcdefgh")]).trending
        assert max(found.values(), default=0.0) < 0.25

    def test_one_order_is_chance(self):
        assert "x" not in heat(done=[*self.steady, sold("x", 0)]).trending

    def test_being_shown_more_is_no_surge(self):
        seen = [shown(id, 20, ago=ago) for id in "ab" for ago in range(1, 40)]
        got = [liked(id, 2, ago=ago) for id in "ab" for ago in range(1, 40)]
        found = heat(shown=[*seen, shown("a", 400, ago=0)], reacted=[*got, liked("a", 40, ago=0)])
        assert found.trending.get("a", 0.0) < 0.1

    def test_it_is_told_with_the_true_count_of_the_week(self):
        found = heat(done=[*self.steady, sold("a", 0, 20)], week={("a", "order"): 14, ("b", "order"): 14})
        assert found.told("a") == ("order", 14)
        assert found.told("b") is None

    def test_a_small_count_is_not_told(self):
        assert heat(done=[*self.steady, sold("a", 0, 20)], week={("a", "order"): 2, ("a", "view"): 9}).told("a") is None


def test_trials_never_count_more_likes_than_showings():
    found = heat(shown=[shown("a", 5)], reacted=[liked("a", 4), liked("a", 3, reaction="cart"), liked("a", 2, 2)])
    assert found.trials["a"] == Trial(5, 5)
    assert heat(shown=[shown("a", 5)], reacted=[liked("a", 2, reaction="dislike")]).trials["a"] == Trial(5, 0)


counts = st.lists(
    st.builds(
        Count,
        st.sampled_from("abc"),
        st.integers(0, 500).map(day),
        st.integers(1, 10_000),
        st.sampled_from(["view", "cart", "order"]),
        st.integers(1, 3),
        st.sampled_from(["like", "dislike", "cart", "open"]),
    ),
    max_size=12,
)


@given(counts, counts, counts)
def test_all_of_it_stays_between_nought_and_one(done, seen, got):
    found = heat_of(Figures(done, seen, got), NOW, CONFIG)
    values = [*found.popular.values(), *found.trending.values(), found.usual, found.known]
    assert all(0 <= value <= 1 for value in values)
    assert all(0 <= found.popularity(id, 0.4) <= 1 for id in "abcz")
    assert len(found.hottest(2)) <= 2


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_trending_product_rises_and_its_card_says_why(recommender, ask, language):
    need = Need(language=language)
    before = [item for item in recommender.recommend(ask(need)).items if not item.product.sponsored]
    rising = before[5].product
    done = [sold(rising.id, 0, 40), *(sold(item.product.id, 30, 3) for item in before)]
    recommender.heat = heat(done=done, week={(rising.id, "order"): 40})
    item = next(item for item in recommender.recommend(ask(need)).page if item.product.id == rising.id)
    assert item.features["trending"] > 0.5
    [told] = [dict(reason.facts) for reason in item.reasons if reason.code is ReasonCode.TRENDING]
    assert told == {"kind": "order", "count": 40, "days": 7}
