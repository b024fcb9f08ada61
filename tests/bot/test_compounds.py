"""Half a name is completed by the talk, and by nothing else."""

import pytest

from bot.understanding.compounds import made_whole
from nlu.rules import RulesUnderstander
from storage.records import Intent, Need, SlotName, Wish
from storage.terms import base_vocabulary

WORDS = base_vocabulary()
RULES = RulesUnderstander(WORDS)


def talk_of(value, text):
    return Need(wishes=(Wish(SlotName.CATEGORY, value, text),))


COFFEE, COFFEE_ZH = talk_of("coffee makers", "coffee machine"), talk_of("coffee makers", "咖啡机")


@pytest.mark.parametrize(("text", "need"), [("beans", COFFEE), ("what about beans?", COFFEE), ("豆子", COFFEE_ZH)])
def test_beans_in_a_talk_of_coffee_are_coffee_beans(text, need):
    whole = made_whole(RULES.understand(text), need, WORDS)
    assert whole.intent in (Intent.SEARCH, Intent.REFINE)
    assert whole.values(SlotName.CATEGORY) == ("coffee",)


def test_a_case_in_a_talk_of_phones_is_a_phone_case():
    for text, need in (("cases", talk_of("phones", "phone")), ("壳子", talk_of("phones", "手机"))):
        assert made_whole(RULES.understand(text), need, WORDS).values(SlotName.CATEGORY) == ("phone cases",)


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("beans", Need()),
        ("beans", talk_of("boots", "boots")),
        ("shoes", talk_of("running shoes", "running shoes")),
        ("coffee beans", COFFEE),
        ("豆子", talk_of("boots", "靴子")),
    ],
)
def test_without_the_other_half_in_the_talk_words_stay_as_they_are(text, need):
    assert made_whole(RULES.understand(text), need, WORDS) is None
