import pytest

from nlu.fold import fold
from nlu.lexicon import lexicon_of
from nlu.rules import RulesUnderstander
from nlu.spans import read
from nlu.spelling import corrected
from nlu.things import unlisted_thing
from storage.records import Context, SlotName
from storage.terms import base_vocabulary

LEXICON = lexicon_of(base_vocabulary())


def slots(text, context=None):
    return [(slot.name.value, slot.text, slot.negated) for slot in read(text, context or Context(), LEXICON).slots]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("too flashy", [("feature", "flashy", True)]),
        ("太花哨了", [("feature", "花哨", True)]),
        ("太好看了", []),
        ("shoes for my 7 year old", [("category", "shoes", False), ("audience", "my 7 year old", False)]),
        (
            "two black t-shirts",
            [("quantity", "two", False), ("color", "black", False), ("category", "t-shirts", False)],
        ),
        ("order 20240518001 under $50", [("order_id", "20240518001", False), ("price", "under $50", False)]),
        ("送女朋友的红色包", [("audience", "女朋友", False), ("color", "红色", False), ("category", "包", False)]),
        ("连衣裙 38码 不要红色", [("category", "连衣裙", False), ("size", "38码", False), ("color", "红色", True)]),
    ],
)
def test_the_surer_reading_of_the_same_characters_wins(text, expected):
    assert slots(text) == expected


def test_figures_come_only_from_spans_that_were_kept():
    reading = read("the second one, two of them, under 50 euros", Context(shown=3), LEXICON)
    assert reading.item_refs == (2,)
    assert reading.quantity == 2
    assert (str(reading.price.max), reading.price.currency) == ("50", "EUR")


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("show me some hovercrafts under 50", "hovercrafts"),
        ("red snow globe for my mum", "snow globe"),
        ("投影仪", "投影仪"),
        ("something for photography", None),
        ("where is my order", None),
    ],
)
def test_things_that_no_vocabulary_lists(text, thing):
    reading = read(text, Context(), LEXICON)
    found = unlisted_thing(fold(text), reading.slots, "zh" if text.startswith("投") else "en")
    assert (found and text[found[0] : found[1]]) == thing


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("take the shoes uot", "take the shoes uot"),
        ("chekout please", "checkout please"),
        ("shippnig cost", "shipping cost"),
        ("walnut desk", "walnut desk"),
    ],
)
def test_slips_in_the_words_of_the_phrase_table(written, meant):
    assert corrected(written, LEXICON.words) == meant


def test_a_search_names_the_thing_it_could_not_look_up():
    understood = RulesUnderstander(base_vocabulary()).understand("show me some hovercrafts under $50")
    assert understood.values(SlotName.CATEGORY) == ("hovercrafts",)
