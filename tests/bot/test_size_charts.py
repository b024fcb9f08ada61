"""Sizes of other countries in a shop that lists EU sizes and letters."""

import pytest

from bot.understanding.size_charts import in_listed_sizes, size_lines, with_regions
from nlu.rules import RulesUnderstander
from storage.records import Need, SlotName, Term, Vocabulary, Wish
from storage.terms import base_vocabulary

SIZES = tuple(Term(SlotName.SIZE, str(number)) for number in range(35, 47))
WORDS = Vocabulary((*base_vocabulary().terms, *SIZES))
RULES = RulesUnderstander(WORDS)


def read(text):
    said = with_regions(RULES.understand(text))
    wishes = tuple(Wish(s.name, s.value, s.text) for s in said.slots if s.name is not SlotName.ITEM_REF)
    need = in_listed_sizes(Need(wishes=wishes), text, WORDS)
    return need, [line.code for line in size_lines(need, said, WORDS)]


def sizes(need):
    return [wish.value for wish in need.wishes if wish.name is SlotName.SIZE]


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("women's sneakers size 9 US", ["40"]),
        ("men's boots US 9", ["42"]),
        ("us size 10.5 mens boots", ["43", "44"]),
        ("men's boots UK 8", ["42"]),
        ("sneakers, 9 US", ["40", "42"]),
        ("男款运动鞋美码9码", ["42"]),
        ("女士靴子，美码7", ["38"]),
        ("8美码的女鞋", ["39"]),
        ("a US 6 dress", ["S"]),
        ("a dress, UK size 12", ["M"]),
        ("men's shirt US 40", ["L"]),
        ("男士衬衫美码40", ["L"]),
    ],
)
def test_a_size_is_looked_for_as_the_shop_lists_it_and_that_is_said(text, listed):
    need, codes = read(text)
    assert sizes(need) == listed
    assert len(codes) == 1 and codes[0].startswith("size-taken")


@pytest.mark.parametrize(
    ("text", "listed"), [("boys' sneakers US 1", "32"), ("女童运动鞋，美码11", "28"), ("kids' boots UK 1", "33")]
)
def test_sizes_of_childrens_shoes_have_a_chart_of_their_own(text, listed):
    small = Vocabulary((*WORDS.terms, *(Term(SlotName.SIZE, str(number)) for number in range(26, 35))))
    said = with_regions(RULES.understand(text))
    wishes = tuple(Wish(s.name, s.value, s.text) for s in said.slots if s.name is not SlotName.ITEM_REF)
    need = in_listed_sizes(Need(wishes=wishes), text, small)
    assert sizes(need) == [listed]


@pytest.mark.parametrize("text", ["men's jeans US 34", "男士牛仔裤美码34"])
def test_what_men_wear_on_the_waist_is_not_read_by_the_chest(text):
    need, codes = read(text)
    assert sizes(need) == ["US 34"] and codes == ["size-no-chart"]


@pytest.mark.parametrize("text", ["kids' boots US 2", "men's boots US 22"])
def test_where_no_chart_has_it_that_is_said(text):
    need, codes = read(text)
    assert sizes(need)[0].startswith("US ") and codes == ["size-no-chart"]


@pytest.mark.parametrize(
    "text", ["size 39 boots", "tell us 9 of them", "call us at 9 am", "穿42码的鞋", "a dress in M"]
)
def test_other_sizes_and_words_are_left_as_they_are(text):
    said = RULES.understand(text)
    assert with_regions(said) == said


def test_a_shop_that_lists_such_sizes_is_asked_for_them():
    words = Vocabulary((*WORDS.terms, Term(SlotName.SIZE, "US 9")))
    need = Need(wishes=(Wish(SlotName.CATEGORY, "boots", "boots"), Wish(SlotName.SIZE, "US 9", "US 9")))
    assert in_listed_sizes(need, "boots US 9", words) == need
