import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.fold import fold
from nlu.language import language_of
from nlu.lexicon import lexicon_of
from nlu.normalise import normalise
from nlu.sizes import sizes_in
from storage.records import SlotName, Term, Vocabulary
from storage.terms import base_vocabulary

BASE = base_vocabulary()


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        ("category", "frocks", "dresses"),
        ("category", "Summer Dress", "dresses"),
        ("category", "dreses", "dresses"),
        ("category", "蓝牙耳机", "headphones"),
        ("category", "hovercraft", "hovercraft"),
        ("color", "红的", "red"),
        ("color", "紅色", "red"),
        ("color", "dark green", "green"),
        ("color", "酒红色的", "burgundy"),
        ("audience", "my dad", "men"),
        ("audience", "我女朋友", "women"),
        ("audience", "my 7 year old", "kids"),
        ("audience", "18个月", "baby"),
        ("material", "leathery", "leather"),
        ("material", "羊毛的", "wool"),
        ("size", "38码", "38"),
        ("size", "size 38", "38"),
        ("size", "us 9", "US 9"),
        ("size", "a medium", "M"),
        ("size", "13寸", "13 inch"),
        ("price", "under $60", "<=60 USD"),
        ("price", "便宜点的", "cheaper"),
        ("item_ref", "the second one", "2"),
        ("item_ref", "最后一个", "-1"),
        ("item_ref", "it", ""),
        ("quantity", "half a dozen", "6"),
        ("quantity", "两件", "2"),
        ("order_id", "#a1234", "A1234"),
        ("brand", "Nike", "nike"),
    ],
)
def test_normal_forms(slot, text, value):
    assert normalise(SlotName(slot), text, language_of(text), BASE) == value


def test_the_shops_own_words_decide():
    shop = Vocabulary((Term(SlotName.CATEGORY, "gowns", en=("dress",)),))
    assert normalise(SlotName.CATEGORY, "dresses", "en", shop) == "gowns"


@given(st.sampled_from(SlotName), st.text(max_size=30))
def test_any_text_has_a_normal_form(slot, text):
    assert isinstance(normalise(slot, text, "en", BASE), str)


@given(st.text())
def test_folding_keeps_every_position_and_is_done_once(text):
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


def test_folding_unites_the_ways_of_writing():
    assert fold("ＡＢＣ １２３ “Café” 連衣裙") == 'abc 123 "cafe" 连衣裙'


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("red shoes", "en"),
        ("连衣裙", "zh"),
        ("我要 iPhone case", "zh"),
        ("T恤", "zh"),
        ("a 红 dress for my mum please", "en"),
        ("", "en"),
        ("😀 42", "en"),
    ],
)
def test_the_language_is_that_of_most_letters(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("clear my cart", []),
        ("包邮吗", []),
        ("打包带走", []),
        ("明白", []),
        ("light blue shirt", ["light blue", "shirt"]),
        ("黑裙子", ["黑", "裙子"]),
        ("给她买个包", ["她", "包"]),
        ("女鞋", ["女", "鞋"]),
        ("shortstop", []),
        ("running shoes", ["running shoes"]),
        ("sneekers", ["sneekers"]),
        ("throw it in", []),
    ],
)
def test_words_are_found_whole_and_in_safe_company(text, words):
    assert [text[match.start : match.end] for match in lexicon_of(BASE).matches(fold(text))] == words


def test_a_large_vocabulary_is_compiled_once():
    brands = tuple(Term(SlotName.BRAND, f"brand{n}x", en=(f"Brand{n}x",)) for n in range(3_000))
    shop = Vocabulary((*BASE.terms, *brands))

    assert lexicon_of(shop) is lexicon_of(shop)
    assert [match.value for match in lexicon_of(shop).matches("a brand2999x dress")] == ["brand2999x", "dresses"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("size 38", "38"),
        ("in M please", "M"),
        ("2XL", "2XL"),
        ("42号", "42"),
        ("32x34", "32x34"),
        ("13-inch", "13 inch"),
        ("500ml", "500 ml"),
        ("queen size", "queen"),
    ],
)
def test_sizes(text, value):
    assert [span.value for span in sizes_in(text)] == [value]


@pytest.mark.parametrize("text", ["I'm here", "M&M", "2号", "20% off", "it's fine"])
def test_other_letters_and_numbers_are_not_sizes(text):
    assert sizes_in(text) == ()
