"""For whom a thing is, by sure words. Pure."""

from dataclasses import replace

import pytest

from bot.understanding.for_whom import for_whom
from nlu.rules import RulesUnderstander
from storage.records import Intent, Need, SlotName, Wish
from storage.terms import base_vocabulary

RULES = RulesUnderstander(base_vocabulary())
SON = Need(wishes=(Wish(SlotName.AUDIENCE, "kids", "my son"),))


def people(text, need=Need()):
    said = replace(RULES.understand(text), intent=Intent.SEARCH)
    return for_whom(said, need).values(SlotName.AUDIENCE)


@pytest.mark.parametrize(
    "text, value",
    [
        ("I'm a woman, not floral", "women"),
        ("im a tall guy", "men"),
        ("我是女生，不要碎花", "women"),
        ("我是男的", "men"),
    ],
)
def test_who_says_what_they_are_looks_for_themselves(text, value):
    assert people(text) == (value,)


@pytest.mark.parametrize("text", ["a water bottle for him", "给他买个水杯"])
def test_him_after_a_child_is_the_child(text):
    assert people(text, SON) == ("kids",)
    assert people(text) == ("men",)


@pytest.mark.parametrize("text", ["slippers for my granny", "给外婆买拖鞋"])
def test_a_grandmother_is_a_woman(text):
    assert people(text) == ("women",)
