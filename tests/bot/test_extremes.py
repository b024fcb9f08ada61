"""The lightest of the shown items, by the figures that the shop states."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.recall import Before
from bot.understanding.extremes import extreme
from bot.understanding.on_screen import read_on_screen
from nlu.rules import RulesUnderstander
from storage.records import Intent, Need, Product, Recommendation, Turn
from storage.terms import base_vocabulary
from tests.support.talk import START

VOCABULARY = base_vocabulary()
RULES = RulesUnderstander(VOCABULARY)


def cameras(*weights):
    return [
        Product(f"p{at}", f"Camera {at}", Decimal(9), "USD", attributes={"weight": weight} if weight else {})
        for at, weight in enumerate(weights)
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [("the lightest one", 1), ("最轻的那个", 1), ("the heaviest", 2), ("最重的那台", 2), ("the cheapest one", None)],
)
def test_the_least_and_the_most_are_read_in_one_unit(text, place):
    assert extreme(text, cameras("450 g", "0.3 kg", "1.2 kg")) == place


@pytest.mark.parametrize("weights", [("450 g", "", "1.2 kg"), ("450 g", "0.45 kg"), ("", ""), ("175 gsm", "200 gsm")])
def test_where_not_all_state_it_or_two_are_alike_none_is_meant(weights):
    assert extreme("the lightest one", cameras(*weights)) is None


def read(text, products, intent):
    page = tuple(Recommendation(product, at, 0.0, {}, {}) for at, product in enumerate(products, start=1))
    before = Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="camera"), page=page)
    said = replace(RULES.understand(text), intent=intent, also=(), item_refs=())
    return read_on_screen(said, before, VOCABULARY)


@pytest.mark.parametrize("text", ["the lightest one", "最轻的那个"])
def test_it_is_told_of_and_put_into_the_cart_only_with_a_verb(text):
    told = read(text, cameras("450 g", "300 g"), Intent.ADD_TO_CART)
    assert (told.intent, told.item_refs) == (Intent.ASK_PRODUCT, (2,))


@pytest.mark.parametrize("text", ["add the lightest one to my cart", "把最轻的那个放进购物车"])
def test_with_a_verb_it_goes_into_the_cart(text):
    bought = read(text, cameras("450 g", "300 g"), Intent.ADD_TO_CART)
    assert (bought.intent, bought.item_refs) == (Intent.ADD_TO_CART, (2,))


@pytest.mark.parametrize("text", ["the lightest one", "最轻的那个"])
def test_where_it_is_not_stated_of_all_they_stand_side_by_side(text):
    compared = read(text, cameras("450 g", ""), Intent.ADD_TO_CART)
    assert (compared.intent, compared.item_refs) == (Intent.COMPARE, (1, 2))


@pytest.mark.parametrize(
    "text, place",
    [
        ("which has the biggest discount", 1),
        ("折扣最大的是哪个", 1),
        ("the one with the most reviews", 0),
        ("评价最多的那个", 0),
    ],
)
def test_savings_and_ratings_are_counted_of_all(text, place):
    first = Product("p1", "Lamp", Decimal(9), "USD", rating=4.0, rating_count=50)
    second = Product("p2", "Lamp", Decimal(9), "USD", former_price=Decimal(12), rating=4.0, rating_count=5)
    assert extreme(text, [first, second]) == place
