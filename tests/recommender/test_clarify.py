"""The question beside a page: when there is one, and what it is about."""

import itertools
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.candidates import facts_of
from recommender.clarify import (
    MOST_ANSWERS,
    belief_in,
    clarification,
    part_of,
    perplexity,
    vague,
)
from recommender.price_bands import bands_of, inside
from storage.records import Need, Product, SlotName, Wish

COLORS = ("red", "blue", "black", "green")


def product(number, **facts):
    fields = {"title": f"Thing {number}", "price": Decimal(20), "currency": "USD"}
    return Product(id=f"p{number}", **(fields | facts))


def asked(products, need=None, scores=None, shown=(0, 1, 2)):
    scores = np.zeros(len(products)) if scores is None else np.array(scores, dtype=float)
    return clarification(need or Need(query="thing"), facts_of(products), scores, shown, 3)


def coloured(count=40):
    return [product(n, colors=(COLORS[n % 4],)) for n in range(count)]


class TestWhatIsAsked:
    def test_the_attribute_that_tells_most_with_its_counts(self):
        question = asked(coloured())
        assert question.slot is SlotName.COLOR
        assert {(answer.value, answer.count) for answer in question.answers} == {(color, 10) for color in COLORS}

    def test_what_everybody_can_answer_goes_before_what_tells_a_little_more(self):
        products = [
            product(n, audience=("women", "men")[n % 2 :][:1], materials=(("wood", "wool", "silk")[n % 3],))
            for n in range(60)
        ]
        assert asked(products).slot is SlotName.AUDIENCE

    def test_below_a_kind_only_narrower_kinds_are_offered(self):
        kinds = [("boots", "shoes"), ("heels", "shoes"), ("sandals", "shoes"), ("shoes",)]
        products = [product(n, categories=kinds[n % 4], category=kinds[n % 4][0]) for n in range(60)]
        shoes = Need(wishes=(Wish(SlotName.CATEGORY, "shoes", "shoes"),))
        assert {answer.value for answer in asked(products, shoes).answers} == {"boots", "heels", "sandals"}

    def test_prices_are_asked_in_round_ranges(self):
        products = [product(n, price=Decimal(10 + 3 * n)) for n in range(60)]
        question = asked(products)
        assert question.slot is SlotName.PRICE
        assert [(a.price.min, a.price.max) for a in question.answers] == [
            (None, Decimal(75)),
            (Decimal(75), Decimal(100)),
            (Decimal(100), None),
        ]

    def test_no_more_answers_than_fit_a_phone(self):
        assert len(asked([product(n, brand=f"B{n % 9}") for n in range(90)]).answers) == MOST_ANSWERS


class TestWhenNothingIsAsked:
    def test_what_the_wish_names_already(self):
        assert asked(coloured(), Need(wishes=(Wish(SlotName.COLOR, "red", "red"),))) is None

    def test_what_was_asked_before(self):
        assert asked(coloured(), Need(query="thing", inquired=("color",))) is None

    def test_what_few_products_state(self):
        products = [*coloured(12), *(product(100 + n) for n in range(60))]
        assert asked(products) is None

    def test_a_few_candidates_are_quicker_shown(self):
        assert asked(coloured(8)) is None

    def test_a_clear_favourite_leaves_nothing_to_ask(self):
        scores = [0.5, 0.45, 0.4, *[0.0] * 37]
        assert asked(coloured(), scores=scores) is None

    @pytest.mark.parametrize(
        "need",
        [
            Need(query="wireless vertical mouse"),
            Need(query="无线蓝牙降噪运动耳机"),
            Need(query="mouse", cheapest=True),
            Need(query="mouse", like_product="p1"),
        ],
    )
    def test_a_wish_that_says_a_lot(self, need):
        assert not vague(need)
        assert asked(coloured(), need) is None

    @pytest.mark.parametrize("query", ["mouse", "red mouse", "苹果", "蓝牙耳机", ""])
    def test_a_short_wish_is_vague(self, query):
        assert vague(Need(query=query))


@st.composite
def candidates(draw):
    n = draw(st.integers(1, 40))
    values = st.lists(st.sampled_from(COLORS), max_size=3, unique=True).map(tuple)
    prices = st.decimals(1, 500, places=2)
    kinds = st.sampled_from([(), ("boots", "shoes"), ("mugs", "kitchen"), ("shoes",)])
    products = [
        product(at, colors=draw(values), price=draw(prices), categories=draw(kinds), brand=draw(st.sampled_from("XY")))
        for at in range(n)
    ]
    scores = draw(st.lists(st.floats(-0.3, 0.3), min_size=n, max_size=n))
    return products, scores


@given(candidates())
def test_every_answer_is_true_of_as_many_candidates_as_it_says(drawn):
    products, scores = drawn
    question = asked(products, Need(), scores, shown=range(min(3, len(products))))
    if question is None:
        return
    assert len(question.answers) >= 2
    assert question.bits > 0
    assert question.gain > 0
    for answer in question.answers:
        if answer.price:
            held = [each for each in products if inside(each.price, answer.price)]
        elif question.slot is SlotName.BRAND:
            held = [each for each in products if each.brand == answer.value]
        else:
            held = [each for each in products if answer.value in each.values(question.slot)]
        assert answer.count == len(held) > 0


@given(st.lists(st.decimals(1, 9999, places=2), max_size=60))
def test_ranges_leave_no_gap(prices):
    bands = bands_of(prices, "USD")
    assert all(any(inside(price, band) for band in bands) for price in prices if bands)
    assert all(one.max == other.min for one, other in itertools.pairwise(bands))
    assert bands == () or (bands[0].min is None and bands[-1].max is None)


def test_prices_close_together_make_no_ranges():
    assert bands_of([Decimal(20 + n % 5) for n in range(40)], "USD") == ()


def test_the_belief_is_a_chance():
    belief = belief_in(np.array([0.1, 0.1, 0.1, 0.1]))
    assert belief.sum() == pytest.approx(1)
    assert perplexity(belief) == pytest.approx(4)


def test_a_price_is_asked_under_the_name_the_understander_knows():
    assert part_of(SlotName.PRICE) == "budget"
