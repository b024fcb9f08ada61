"""A property inside the name of a thing is a wish too."""

import pytest

from bot.understanding.implied import in_full, with_implied
from storage.records import Need, SlotName, Wish
from storage.terms import base_vocabulary


@pytest.mark.parametrize(
    ("text", "kind", "features"),
    [
        ("蓝牙耳机", "headphones", {"bluetooth"}),
        ("wireless earbuds", "headphones", {"wireless"}),
        ("Bluetooth headphones", "headphones", {"bluetooth"}),
        ("机械键盘", "keyboards", {"mechanical"}),
        ("earbuds", "headphones", set()),
        ("耳机", "headphones", set()),
        ("warmers", "socks", set()),
    ],
)
def test_what_a_name_says(text, kind, features):
    need = with_implied(Need(wishes=(Wish(SlotName.CATEGORY, kind, text),)), base_vocabulary())
    assert {wish.value for wish in need.wishes if wish.name is SlotName.FEATURE} == features
    assert need.wishes[-1].value == kind


@pytest.mark.parametrize(
    ("text", "kind", "people"),
    [
        ("女鞋", "shoes", {"women"}),
        ("男装外套", "jackets", {"men"}),
        ("鞋子", "shoes", set()),
        ("女儿鞋", "shoes", {"kids"}),
        ("男孩外套", "jackets", {"kids"}),
    ],
)
def test_whom_a_name_is_for(text, kind, people):
    need = with_implied(Need(wishes=(Wish(SlotName.CATEGORY, kind, text),)), base_vocabulary())
    assert {wish.value for wish in need.wishes if wish.name is SlotName.AUDIENCE} == people


def test_a_feature_that_was_said_or_refused_is_not_said_again():
    need = Need(
        wishes=(
            Wish(SlotName.CATEGORY, "headphones", "蓝牙耳机"),
            Wish(SlotName.FEATURE, "bluetooth", "蓝牙", negated=True),
        )
    )
    assert with_implied(need, base_vocabulary()) == need


@pytest.mark.parametrize(
    ("name", "text", "value", "expected"),
    [
        (SlotName.CATEGORY, "真皮沙发", "sofas", (SlotName.MATERIAL, "leather")),
        (SlotName.CATEGORY, "leather boots", "boots", (SlotName.MATERIAL, "leather")),
        (SlotName.CATEGORY, "formal dress", "dresses", (SlotName.FEATURE, "formal")),
        (SlotName.CATEGORY, "布艺沙发", "sofas", (SlotName.FEATURE, "布艺")),
        (SlotName.COLOR, "green cotton", "green", (SlotName.MATERIAL, "cotton")),
    ],
)
def test_what_a_span_swallowed_comes_back(name, text, value, expected):
    need = with_implied(Need(wishes=(Wish(name, value, text),)), base_vocabulary(), text)
    assert expected in {(wish.name, wish.value) for wish in need.wishes}


@pytest.mark.parametrize("text", ["black tea", "face cream", "皮带", "羊毛衫", "down coat"])
def test_a_name_that_the_vocabulary_lists_says_no_more(text):
    slots = {form: term.value for term in base_vocabulary().terms for form in (*term.en, *term.zh)}
    need = Need(wishes=(Wish(SlotName.CATEGORY, slots[text], text),))
    assert with_implied(need, base_vocabulary()) == need


def test_a_property_that_no_span_covered_is_a_wish():
    need = with_implied(Need(query="red", wishes=(Wish(SlotName.CATEGORY, "boots", "boots"),)), base_vocabulary())
    assert need.query == ""
    assert (SlotName.COLOR, "red") in {(wish.name, wish.value) for wish in need.wishes}


def test_what_was_dropped_is_not_read_again():
    need = Need(wishes=(Wish(SlotName.CATEGORY, "headphones", "蓝牙耳机"),))
    assert with_implied(need, base_vocabulary(), "黑色的") == need


@pytest.mark.parametrize("text", ["perfume", "香水"])
def test_a_kind_that_a_gift_must_not_be_is_kept_out(text):
    need = Need(query="gift", wishes=(Wish(SlotName.FEATURE, text, text, negated=True),))
    [wish] = in_full(need, base_vocabulary(), "").wishes
    assert (wish.name, wish.value, wish.negated) == (SlotName.CATEGORY, "perfume", True)


@pytest.mark.parametrize("text", ["polarized", "亮的"])
def test_a_colour_that_is_none_is_a_property(text):
    [wish] = in_full(Need(wishes=(Wish(SlotName.COLOR, text, text),)), base_vocabulary(), "").wishes
    assert wish.name is SlotName.FEATURE


@pytest.mark.parametrize("text", ["cats", "猫"])
def test_what_is_for_an_animal_is_its_supplies(text):
    [wish] = in_full(Need(wishes=(Wish(SlotName.AUDIENCE, text, text),)), base_vocabulary(), "").wishes
    assert (wish.name, wish.value) == (SlotName.CATEGORY, "cat supplies")
