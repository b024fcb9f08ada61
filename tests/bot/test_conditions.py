"""What is said beside a purchase, and which item another one is. Pure."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.recall import Before
from bot.understanding.another_one import read_another_one
from bot.understanding.conditions import read_conditions
from nlu.rules import RulesUnderstander
from storage.records import Intent, Need, Product, Recommendation, SlotName, Turn, Wish
from storage.terms import base_vocabulary
from tests.support.talk import START

RULES = RulesUnderstander(base_vocabulary())


def page(*colors):
    products = [Product(f"p{at}", f"Bed {at}", Decimal(9), "USD", colors=(color,)) for at, color in enumerate(colors)]
    return tuple(Recommendation(product, at, 0.0, {}, {}) for at, product in enumerate(products, start=1))


def before(text, *colors, focus=1, need=Need(query="bed")):
    return Before(Turn(1, 1, 1, text, START, "en"), need=need, page=page(*colors), focus=focus)


def bought(text, refs=(2,)):
    return replace(RULES.understand(text), intent=Intent.ADD_TO_CART, also=(), item_refs=refs, confidence=0.9)


@pytest.mark.parametrize(
    "text",
    ["add the second one but only if it's hypoallergenic", "I'll take it if it is waterproof", "如果防水我就要第二个"],
)
def test_a_condition_is_asked_before_anything_is_put_in(text):
    found = read_conditions(bought(text), before(text, "red", "blue"))
    assert (found.intent, found.item_refs) == (Intent.ASK_PRODUCT, (2,))


@pytest.mark.parametrize("text", ["I'll take it, wrapped as a gift if that is possible", "要这个，包装成礼物"])
def test_gift_wrapping_is_asked_of_the_shop_too(text):
    found = read_conditions(bought(text), before(text, "red", "blue"))
    assert (found.intent, found.also) == (Intent.ADD_TO_CART, (Intent.SHIPPING,))


@pytest.mark.parametrize("text", ["add the second one", "要第二个"])
def test_a_plain_purchase_sets_no_condition(text):
    assert read_conditions(bought(text), before(text, "red", "blue")) is None


@pytest.mark.parametrize("text", ["the other brown one", "另一个棕色的"])
def test_the_other_one_of_a_colour(text):
    said = replace(RULES.understand(text), intent=Intent.REFINE, item_refs=())
    found = read_another_one(said, before(text, "brown", "red", "brown"))
    assert (found.intent, found.item_refs) == (Intent.ASK_PRODUCT, (3,))


@pytest.mark.parametrize("text", ["the other brown one", "另一个棕色的"])
def test_with_none_left_more_of_that_colour_is_wanted(text):
    said = replace(RULES.understand(text), intent=Intent.REFINE, item_refs=())
    assert read_another_one(said, before(text, "brown", "red")).intent is Intent.REFINE
    brown = Need(wishes=(Wish(SlotName.COLOR, "brown", "brown"),))
    assert read_another_one(said, before(text, "brown", "red", need=brown)).intent is Intent.MORE
    assert read_another_one(said, before(text, "brown", "red", focus=0, need=brown)).intent is Intent.MORE
    assert read_another_one(said, before(text, "red", "blue")) is None
