"""Which shown item a few sure words mean. Pure."""

from decimal import Decimal

import pytest

from bot.on_screen import read_on_screen
from bot.recall import Before
from nlu.rules import RulesUnderstander
from storage.records import Intent, Need, Product, Recommendation, Turn
from storage.terms import base_vocabulary
from tests.support.talk import START

VOCABULARY = base_vocabulary()
RULES = RulesUnderstander(VOCABULARY)


def card(place, price, rating=None, count=0):
    product = Product(f"p{place}", f"Lamp {place}", Decimal(price), "USD", rating=rating, rating_count=count)
    return Recommendation(product, place, 0.0, {}, {})


def meant(text, *cards):
    before = Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="lamp"), page=cards)
    read = read_on_screen(RULES.understand(text), before, VOCABULARY)
    return read.item_refs if read.intent is Intent.ASK_PRODUCT else ()


@pytest.mark.parametrize("text", ["the best rated one", "评分最高的那个"])
def test_of_two_rated_alike_more_buyers_count(text):
    assert meant(text, card(1, "9.00", 4.5, 12), card(2, "8.00", 4.5, 90), card(3, "7.00", 5.0, 0)) == (2,)


@pytest.mark.parametrize("text", ["the cheapest one", "最便宜的那个"])
def test_of_two_that_cost_the_same_none_is_meant(text):
    assert meant(text, card(1, "9.00"), card(2, "8.00")) == (2,)
    assert meant(text, card(1, "8.00"), card(2, "8.00")) == ()


@pytest.mark.parametrize("text", ["the cheapest coffee maker", "最便宜的咖啡机"])
def test_another_kind_of_thing_is_none_of_those_shown(text):
    assert meant(text, card(1, "9.00"), card(2, "8.00")) == ()
