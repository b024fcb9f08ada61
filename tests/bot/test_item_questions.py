"""Questions about shown items that were read for something else."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.recall import Before
from bot.understanding.item_questions import read_as_question
from nlu.rules import RulesUnderstander
from storage.records import Intent, Need, Product, Recommendation, Turn
from storage.terms import base_vocabulary
from tests.support.talk import START

VOCABULARY = base_vocabulary()
RULES = RulesUnderstander(VOCABULARY)
SHOWN = tuple(Recommendation(Product(f"p{n}", f"Lamp {n}", Decimal(9), "USD"), n, 0.0, {}, {}) for n in (1, 2, 3))


def read(text, top, page=SHOWN, focus=0):
    before = Before(Turn(1, 1, 1, text, START, "en"), need=Need(query="lamp"), page=page, focus=focus)
    (intent, chance), *_ = top
    guess = replace(RULES.understand(text), intent=intent, confidence=chance, top=top, also=(), item_refs=())
    return read_as_question(guess, before, VOCABULARY)


NOTHING_ELSE = ((Intent.OUT_OF_SCOPE, 0.3), (Intent.ASK_PRODUCT, 0.2))


@pytest.mark.parametrize("text", ["is it any good on calls?", "do they get hot", "打电话清楚吗", "能打奶泡吗"])
def test_a_question_on_a_guess_is_about_what_is_shown(text):
    asked = read(text, NOTHING_ELSE, focus=2)
    assert (asked.intent, asked.item_refs) == (Intent.ASK_PRODUCT, (2,))
    assert read(text, NOTHING_ELSE, page=()) is None


@pytest.mark.parametrize("text", ["is it any good on calls?", "打电话清楚吗"])
def test_that_a_person_may_be_meant_too_changes_nothing(text):
    assert read(text, ((Intent.OUT_OF_SCOPE, 0.3), (Intent.HUMAN, 0.25))).intent is Intent.ASK_PRODUCT
    assert read(text, ((Intent.HUMAN, 0.3),)) is None


@pytest.mark.parametrize("text", ["will it arrive before saturday?", "周六前能到吗", "盒子扔了有影响吗"])
def test_where_a_matter_of_the_shop_is_likely_it_stays_what_it_was(text):
    assert read(text, ((Intent.OUT_OF_SCOPE, 0.3), (Intent.SHIPPING, 0.25))) is None


@pytest.mark.parametrize("text", ["show me another", "有红色的吗", "再看看"])
def test_what_is_no_question_about_an_item_is_none(text):
    assert read(text, NOTHING_ELSE) is None


@pytest.mark.parametrize("text", ["what do people complain about", "大家都吐槽啥"])
def test_what_others_say_is_asked_of_the_item_spoken_of_last(text):
    asked = read(text, ((Intent.INSPIRE, 0.95),), focus=3)
    assert (asked.intent, asked.item_refs) == (Intent.ASK_PRODUCT, (3,))


WISH = ((Intent.REFINE, 0.9),)


@pytest.mark.parametrize(
    "text",
    [
        "有弹力吗",
        "要不要自己装",
        "戴着疼不疼",
        "确定没有羊毛吧",
        "any pockets?",
        "are you sure there's no wool in it?",
        "it's not wool, right?",
    ],
)
def test_whether_it_is_so_is_asked_of_what_is_shown_however_sure_the_wish_seemed(text):
    asked = read(text, WISH, focus=2)
    assert (asked.intent, asked.item_refs) == (Intent.ASK_PRODUCT, (2,))
    assert read(text, WISH, page=()) is None


@pytest.mark.parametrize(
    "text",
    [
        "有红色的吗",
        "有没有便宜点的",
        "有套装吗",
        "要不要换一批",
        "能不能便宜点",
        "any in red?",
        "any deals?",
        "any quieter?",
        "any wireless?",
        "是不是有不反光的",
        "有结实点的吗",
        "你帅不帅",
    ],
)
def test_a_wish_in_the_words_of_a_question_stays_one(text):
    assert read(text, WISH, focus=2) is None


RATED = tuple(replace(card, product=replace(card.product, attributes={"refresh rate": "75 Hz"})) for card in SHOWN)


@pytest.mark.parametrize("text", ["刷新率多少", "what's the refresh rate?"])
def test_a_figure_that_the_shop_states_is_asked_of_what_is_shown(text):
    assert read(text, ((Intent.PAYMENT, 0.4),), page=RATED).intent is Intent.ASK_PRODUCT
    assert read(text, ((Intent.PAYMENT, 0.4),)) is None


@pytest.mark.parametrize("text", ["有人说声音小吗", "does it say so anywhere"])
def test_a_question_is_no_call_for_a_person(text):
    assert read(text, ((Intent.HUMAN, 0.5),), focus=1).intent is Intent.ASK_PRODUCT
