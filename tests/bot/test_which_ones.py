"""A word that says which ones, where no slot holds it. Pure."""

from dataclasses import replace

import pytest

from bot.understanding.which_ones import with_which_ones
from nlu.rules import RulesUnderstander
from storage.records import Intent, SlotName
from storage.terms import base_vocabulary

RULES = RulesUnderstander(base_vocabulary())


def read(text):
    return replace(RULES.understand(text), intent=Intent.REFINE, slots=())


@pytest.mark.parametrize(
    "text, word",
    [("strategy ones for 2 players", "strategy"), ("策略类的，两个人玩", "策略"), ("我想要策略类的", "策略")],
)
def test_the_word_before_ones_is_wished_for(text, word):
    [slot] = with_which_ones(read(text)).slots
    assert (slot.name, slot.value, text[slot.start : slot.end]) == (SlotName.FEATURE, word, word)


@pytest.mark.parametrize(
    "text", ["the other ones", "the first ones", "show me some ones", "这类的", "any ones", "哪类的", "小户型的"]
)
def test_words_that_point_are_none(text):
    said = read(text)
    assert with_which_ones(said) is said
