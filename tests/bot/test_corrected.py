"""What a message takes back of itself. Pure."""

import pytest

from bot.understanding.corrected import corrected
from nlu.rules import RulesUnderstander
from storage.records import SlotName
from storage.terms import base_vocabulary

RULES = RulesUnderstander(base_vocabulary())


def kinds(text):
    return corrected(RULES.understand(text)).values(SlotName.CATEGORY)


@pytest.mark.parametrize(
    "text",
    [
        "i need boots no wait a backpack for my son",
        "forget kettles, a backpack",
        "never mind the dress, a backpack please",
        "我要靴子，不对，要双肩包",
        "别看水壶了，双肩包吧",
    ],
)
def test_what_is_taken_back_is_not_looked_for(text):
    assert kinds(text) == ("backpacks",)


@pytest.mark.parametrize("text", ["boots and a backpack", "靴子和双肩包", "forget the kettle", "no wait"])
def test_what_is_not_replaced_stays(text):
    said = RULES.understand(text)
    assert corrected(said) is said


@pytest.mark.parametrize(
    "text", ["not black because i already have a black one", "不要黑色的，因为我已经有一件黑色的了"]
)
def test_what_is_there_already_is_no_wish(text):
    colors = [slot for slot in corrected(RULES.understand(text)).slots if slot.name is SlotName.COLOR]
    assert [(slot.value, slot.negated) for slot in colors] == [("black", True)]
