"""Which kind of thing a message is after, where its words say so surely. Pure."""

from dataclasses import replace

import pytest

from bot.recall import Before
from bot.understanding.kinds import read_kind
from nlu.rules import RulesUnderstander
from storage.records import Intent, Need, Product, Recommendation, Slot, SlotName, Turn, Wish
from storage.terms import base_vocabulary
from tests.support.talk import START

WORDS = base_vocabulary()
RULES = RulesUnderstander(WORDS)
DRESSES = Need(wishes=(Wish(SlotName.COLOR, "red", "red"), Wish(SlotName.CATEGORY, "dresses", "dress")))
SOFAS = Need(wishes=(Wish(SlotName.CATEGORY, "sofas", "沙发"),))
SHOWN = (Recommendation(Product("p1", "Dress", 9, "USD", categories=("dresses", "fashion")), 1, 0.0, {}, {}),)


def read(text, need, intent=None, confidence=0.4, slots=None):
    said = RULES.understand(text)
    said = replace(said, intent=intent or said.intent, confidence=confidence, slots=slots or said.slots)
    return read_kind(said, Before(Turn(1, 1, 1, text, START, "en"), need=need, page=SHOWN), WORDS)


@pytest.mark.parametrize("text", ["not a dress, a skirt", "不要连衣裙，要半身裙"])
def test_this_and_not_that_changes_the_kind(text):
    found = read(text, DRESSES)
    assert found.intent is Intent.REFINE
    assert [slot.value for slot in found.slots if slot.name is SlotName.CATEGORY] == ["skirts"]


@pytest.mark.parametrize("text", ["some socks, too", "再来双袜子"])
def test_what_is_not_on_screen_is_looked_for_and_not_bought(text):
    assert read(text, DRESSES, Intent.ADD_TO_CART).intent is Intent.SEARCH
    assert read("the dress, please", DRESSES, Intent.ADD_TO_CART, confidence=0.95) is None


@pytest.mark.parametrize("text", ["white skirts", "白色半身裙"])
def test_a_kind_said_barely_is_looked_for_where_it_was_guessed_at(text):
    assert read(text, DRESSES, Intent.ASK_PRODUCT).intent is Intent.SEARCH
    assert read(text, DRESSES, Intent.ASK_PRODUCT, confidence=0.95) is None


def test_a_word_that_is_no_kind_of_thing_here_is_said_of_the_kind_looked_for():
    slots = (Slot(SlotName.COLOR, "灰色", "grey", 0, 2), Slot(SlotName.CATEGORY, "布艺", "布艺", 3, 5))
    found = read("灰色的布艺", SOFAS, Intent.REFINE, slots=slots)
    assert [slot.name for slot in found.slots] == [SlotName.COLOR, SlotName.FEATURE]
    assert read("吊床", SOFAS, Intent.REFINE, slots=(Slot(SlotName.CATEGORY, "吊床", "吊床", 0, 2),)) is None


PHONES = Need(wishes=(Wish(SlotName.CATEGORY, "phones", "phone"),))


@pytest.mark.parametrize("text", ["good camera and long battery life", "相机好一点的"])
def test_what_a_thing_is_to_have_is_no_other_thing(text):
    found = read(text, PHONES, Intent.SEARCH, confidence=0.99)
    assert found.intent is Intent.REFINE
    assert not found.values(SlotName.CATEGORY)


@pytest.mark.parametrize("text", ["a good camera", "good cameras", "相机"])
def test_another_thing_stays_one(text):
    found = read(text, PHONES, Intent.SEARCH, confidence=0.99)
    assert found is None or found.values(SlotName.CATEGORY) == ("cameras",)


DESK = Need(
    wishes=(Wish(SlotName.CATEGORY, "lamps", "lamp"), Wish(SlotName.CATEGORY, "chairs", "chair")),
)


@pytest.mark.parametrize("text", ["the lamp first", "台灯"])
def test_one_of_several_kinds_keeps_what_was_said_of_all(text):
    found = read(text, DESK, Intent.SEARCH, confidence=0.9)
    assert found is not None and found.intent is Intent.REFINE
    assert read(text, PHONES, Intent.SEARCH, confidence=0.9) is None
