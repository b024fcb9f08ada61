"""The owner's hand: it bends the page within every limit, leaves the score alone, and says so in the log."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import bandit
from recommender.filters import admits, filters_of
from recommender.hand import Hand, lifted, pages_by_hand, widened
from recommender.page import build_pages
from recommender.question import Question
from recommender.recommender import Recommender
from storage.records import Act, Feedback, Need, PriceRange, Reaction, Rule, SlotName, Wish
from tests.recommender.conftest import NOW
from tests.recommender.test_page import shelves

BOOTS = Need(wishes=(Wish(SlotName.CATEGORY, "boots", "boots"),))
BOOTS_ZH = Need(query="靴子", language="zh", wishes=(Wish(SlotName.CATEGORY, "boots", "靴子"),))


@pytest.fixture
def ruled(shop, index, encode):
    """A recommender with these rules."""

    def make(*rules):
        for rule in rules:
            shop.merchandising.add(rule)
        return Recommender(shop.catalogue, index, encode, shop.catalogue.vocabulary, hand=shop.merchandising)

    return make


def ids(slate):
    return [item.product.id for item in slate.page]


def item_of(slate, id):
    return next(item for item in slate.items if item.product.id == id)


class TestPins:
    @pytest.mark.parametrize("need", [BOOTS, BOOTS_ZH])
    @pytest.mark.parametrize("place", [1, 2, 3])
    def test_a_pin_stands_at_its_place_where_its_category_is_wanted(self, ruled, ask, need, place):
        recommender = ruled(Rule(Act.PIN, "product:p34", place=place, category="boots"))
        page = ids(recommender.recommend(ask(need)))
        assert page[place - 1] == "p34"
        assert len(page) == 3
        assert "p34" not in ids(recommender.recommend(ask(Need(wishes=(Wish(SlotName.CATEGORY, "mugs", "mug"),)))))

    def test_a_query_must_hold_all_of_its_words(self, ruled, ask):
        recommender = ruled(Rule(Act.PIN, "product:p34", place=1, query="leather boots"))
        assert ids(recommender.recommend(ask(Need(query="black leather boot"))))[0] == "p34"
        assert ids(recommender.recommend(ask(Need(query="leather mug"))))[:1] != ["p34"]

    def test_without_a_wish_it_is_for_pages_of_ideas(self, ruled, ask):
        recommender = ruled(Rule(Act.PIN, "product:p34", place=1))
        assert ids(recommender.recommend(ask()))[0] == "p34"
        assert ids(recommender.recommend(ask(Need(query="linen mug"))))[0] != "p34"

    def test_no_pin_breaks_a_limit_shows_what_is_sold_out_or_comes_twice(self, ruled, ask):
        cheap = Need(wishes=BOOTS.wishes, price=PriceRange(max=Decimal(11), currency="USD"))
        recommender = ruled(Rule(Act.PIN, "product:p34", place=1, category="boots"))
        assert "p34" not in ids(recommender.recommend(ask(cheap)))
        assert "p34" not in ids(recommender.recommend(ask(BOOTS, seen=frozenset({"p34"}))))
        sold_out = ruled(Rule(Act.PIN, "product:p33", place=2, category="boots"))
        assert "p33" not in ids(sold_out.recommend(ask(BOOTS)))

    def test_a_list_from_the_cheapest_is_left_alone(self, ruled, ask):
        need = Need(wishes=BOOTS.wishes, cheapest=True)
        page = ruled(Rule(Act.PIN, "product:p34", place=1, category="boots")).recommend(ask(need)).page
        prices = [item.product.price for item in page]
        assert prices == sorted(prices)

    def test_it_is_certain_marked_and_teaches_nothing(self, ruled, ask):
        recommender = ruled(Rule(Act.PIN, "product:p34", place=2, category="boots"))
        request = ask(BOOTS, policy="thompson")
        slate = recommender.recommend(request)
        item = item_of(slate, "p34")
        assert (item.features["pinned"], item.features["rule:1"], item.position) == (1.0, 2.0, 2)
        assert recommender.propensities(request, slate)["p34"] == 1.0
        taste = bandit.newcomer(7)
        assert bandit.update(taste, item.features, Feedback(1, 7, Reaction.LIKE, NOW)) is taste


class TestBoosts:
    def test_boost_and_bury_move_the_page_and_not_the_score(self, ruled, recommender, ask):
        before = recommender.recommend(ask(BOOTS))
        lower, higher = before.page[0].product, before.items[6].product
        moving = ruled(
            Rule(Act.BURY, f"product:{lower.id}", factor=0.5), Rule(Act.BOOST, f"product:{higher.id}", factor=2.0)
        )
        after = moving.recommend(ask(BOOTS))
        assert higher.id in ids(after)
        assert lower.id not in ids(after)
        for id in (lower.id, higher.id):
            assert item_of(after, id).score == item_of(before, id).score
            assert item_of(after, id).parts == item_of(before, id).parts
        assert item_of(after, higher.id).features["rule:2"] == 2.0
        assert item_of(after, lower.id).features["rule:1"] == 0.5

    def test_a_boost_does_not_bring_what_does_not_fit(self, ruled, ask):
        boosted = ruled(Rule(Act.BOOST, "category:mugs", factor=2.0))
        page = boosted.recommend(ask(Need(query="leather boots"))).page
        assert all("boots" in item.product.categories for item in page)

    @pytest.mark.parametrize("subject", ["brand:larkhill", "tag:cut=slim", "tag:slim"])
    def test_brands_and_tags(self, ruled, ask, shop, subject):
        from dataclasses import replace

        slim = [
            replace(p, attributes={"cut": "Slim"})
            for p in shop.catalogue.get([f"p{n}" for n in range(0, 72, 2)]).values()
        ]
        shop.catalogue.upsert(slim)
        recommender = ruled(Rule(Act.BOOST, subject, factor=2.0))
        page = recommender.recommend(ask(BOOTS)).page
        assert all(item.product.brand == "Larkhill" for item in page if not item.product.sponsored)


class TestHiding:
    def test_what_is_hidden_is_on_no_page_not_even_an_anonymous_one(self, ruled, ask):
        recommender = ruled(Rule(Act.HIDE, "category:boots"), Rule(Act.HIDE, "brand:norrland"))
        for request in (ask(Need(query="leather")), ask(), ask(Need(query="boots"), mode="anonymous", page_size=40)):
            items = recommender.recommend(request).items
            assert items
            assert all("boots" not in i.product.categories and i.product.brand != "Norrland" for i in items)

    def test_dates_are_kept(self, ruled, ask):
        recommender = ruled(
            Rule(Act.HIDE, "category:boots", begins=NOW + timedelta(days=1), ends=NOW + timedelta(days=3))
        )
        shown = [bool(ids(recommender.recommend(ask(BOOTS, now=NOW + timedelta(days=n))))) for n in (0, 2, 4)]
        assert shown == [True, False, True]


def test_an_anonymous_search_knows_no_pin_and_no_boost(ruled, recommender, ask):
    request = ask(Need(query="leather boots"), mode="anonymous", page_size=10)
    plain = recommender.recommend(request).items
    rules = (Rule(Act.PIN, "product:p34", place=1, category="boots"), Rule(Act.BOOST, "brand:norrland", factor=2.0))
    assert ruled(*rules).recommend(request).items == plain


class TestSynonyms:
    @pytest.mark.parametrize(("word", "means"), [("stompers", "boots"), ("踏踏乐", "靴子"), ("stompers", "靴子")])
    def test_the_owners_word_finds_what_it_means(self, ruled, recommender, ask, word, means):
        need = Need(query=word, language="zh" if word == "踏踏乐" else "en")
        assert not all("boots" in i.product.categories for i in recommender.recommend(ask(need, mode="anonymous")).page)
        page = ruled(Rule(Act.SYNONYM, word, means)).recommend(ask(need, mode="anonymous")).page
        assert page
        assert all("boots" in item.product.categories for item in page)

    def test_one_way_is_one_way(self, ask):
        rule = Rule(Act.SYNONYM, "kicks", "sneakers", both=False)
        there, back = (widened(Question(word, (word,)), [rule], ask()) for word in ("red kicks", "sneakers"))
        assert there == Question("red kicks sneakers", ("red kicks", "red sneakers"))
        assert back == Question("sneakers", ("sneakers",))

    def test_part_of_a_word_is_not_the_word(self, ask):
        question = Question("kickstand", ("kickstand",))
        assert widened(question, [Rule(Act.SYNONYM, "kick", "sneaker")], ask()) == question


@st.composite
def hands(draw):
    scores, rules = draw(shelves())
    n = len(scores)
    rows = draw(st.lists(st.integers(0, n - 1), max_size=3, unique=True))
    places = draw(st.lists(st.integers(1, 5), min_size=len(rows), max_size=len(rows), unique=True))
    factors = np.array(draw(st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=n, max_size=n)))
    return scores, rules, Hand(factors, tuple(sorted(zip(places, rows, strict=True))))


@given(hands(), st.integers(1, 5))
def test_no_page_by_hand_repeats_crowds_or_sells_twice(case, size):
    scores, rules, hand = case
    [page] = pages_by_hand(scores[None, :], rules, hand, size)
    shown = [int(row) for row in page if row >= 0]
    assert len(set(shown)) == len(shown) <= size
    assert not rules.alike[np.ix_(shown, shown)].any()
    assert rules.sponsored[shown].sum() <= 1
    for place, row in hand.pins:
        assert place > size or row not in shown or page[place - 1] == row or rules.sponsored[row]


@given(hands(), st.integers(1, 4))
def test_many_pages_at_once_are_the_pages_one_by_one(case, size):
    scores, rules, hand = case
    draws = np.random.default_rng(3).permuted(np.tile(scores, (5, 1)), axis=1)
    many = pages_by_hand(draws, rules, hand, size).tolist()
    assert many == [pages_by_hand(draw[None, :], rules, hand, size)[0].tolist() for draw in draws]


@given(shelves(), st.integers(1, 4))
def test_an_idle_hand_leaves_the_page_alone(shelf, size):
    scores, rules = shelf
    assert (pages_by_hand(scores[None, :], rules, Hand(), size) == build_pages(scores[None, :], rules, size)).all()


@given(st.floats(-1, 1), st.floats(0.5, 2))
def test_a_factor_moves_a_score_its_own_way(score, factor):
    moved = float(lifted(np.array([[score]]), np.array([factor]))[0, 0])
    assert (moved - score) * (factor - 1) >= 0
    assert abs(moved - score) <= abs(score)


acts = st.one_of(
    st.builds(Rule, st.just(Act.PIN), st.integers(0, 71).map(lambda n: f"product:p{n}"), place=st.integers(1, 3),
              category=st.sampled_from(["", "boots", "shoes", "dresses"])),
    st.builds(Rule, st.just(Act.BOOST), st.sampled_from(["brand:larkhill", "category:mugs"]), factor=st.just(2.0)),
    st.builds(Rule, st.just(Act.HIDE), st.integers(0, 71).map(lambda n: f"product:p{n}")),
)  # fmt: skip
needs = st.builds(
    Need,
    query=st.sampled_from(["", "leather", "红色连衣裙"]),
    wishes=st.lists(
        st.builds(Wish, st.just(SlotName.CATEGORY), st.sampled_from(["boots", "dresses"]))
        | st.builds(Wish, st.just(SlotName.COLOR), st.just("red"), st.just(""), st.booleans()),
        max_size=2,
    ).map(tuple),
    price=st.none() | st.builds(PriceRange, st.none(), st.integers(20, 90).map(Decimal), st.just("USD")),
)


class Rules:
    """Rules without a database."""

    def __init__(self, rules):
        self._rules = tuple(rules)

    def rules(self):
        return self._rules


@given(rules=st.lists(acts, max_size=4), need=needs, seed=st.integers(0, 9))
def test_no_rule_gets_a_card_past_a_limit(shop, index, encode, ask, rules, need, seed):
    recommender = Recommender(shop.catalogue, index, encode, shop.catalogue.vocabulary, hand=Rules(rules))
    strict = replace(need, firm=("all",))  # limits that give way are for test_sponsored
    page = recommender.recommend(ask(strict, seed=seed, policy="thompson")).page
    limits = filters_of(need, shop.catalogue.vocabulary())
    hidden = {rule.subject.removeprefix("product:") for rule in rules if rule.act is Act.HIDE}
    assert all(admits(limits, item.product) and item.product.id not in hidden for item in page)
    assert sum(item.product.sponsored for item in page) <= 1
