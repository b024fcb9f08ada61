"""Words that want nothing more, and one that buys. Pure."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.recall import Before
from bot.understanding.courtesies import read_courtesy
from nlu.rules import RulesUnderstander
from storage.records import Intent, Need, Product, Recommendation, Turn
from storage.terms import base_vocabulary
from tests.support.talk import START

RULES = RulesUnderstander(base_vocabulary())
PAGE = (Recommendation(Product("p1", "Lamp", Decimal(9), "USD"), 1, 0.0, {}, {}),)


def read(text, intent=Intent.LIKE, confidence=0.3, focus=0):
    said = replace(RULES.understand(text), intent=intent, confidence=confidence)
    turn = Turn(1, 1, 1, text, START, "en")
    found = read_courtesy(said, Before(turn, need=Need(query="lamp"), page=PAGE, focus=focus))
    return found.intent if found else None


@pytest.mark.parametrize("text", ["k thx", "ok ta!", "lovely, that is everything then", "好的，就这些了", "谢啦"])
def test_thanks_in_few_letters(text):
    assert read(text) is Intent.THANKS


@pytest.mark.parametrize("text", ["I'll think about it", "hmm maybe later", "我再想想吧", "改天再说"])
def test_who_thinks_it_over_wants_nothing_now(text):
    assert read(text) is Intent.DENY
    assert read(text, confidence=0.99) is None


@pytest.mark.parametrize("text", ["buy", "ok buy it", "买了吧"])
def test_buy_is_said_of_what_was_spoken_of(text):
    assert read(text, Intent.CHECKOUT, 0.9, focus=1) is Intent.ADD_TO_CART
    assert read(text, Intent.CHECKOUT, 0.9) is None
