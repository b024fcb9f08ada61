"""What a reading's spans cannot mean is put right before anything is done about it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.understanding.slips import put_right
from nlu.rules import RulesUnderstander
from storage.records import PriceRange, Slot, SlotName
from storage.terms import base_vocabulary

VOCABULARY = base_vocabulary()
RULES = RulesUnderstander(VOCABULARY)


def read(text, *spans, price=None):
    """The slots, as (name, value, refused), of a message in which the model found the spans (name, words, value,
    refused).
    """
    slots = []
    for name, words, value, *refused in spans:
        start = text.index(words)
        slots.append(Slot(SlotName(name), words, value, start, start + len(words), bool(refused and refused[0])))
    said = put_right(replace(RULES.understand(text), slots=tuple(slots), price=price), VOCABULARY)
    return said, [(slot.name.value, slot.value, slot.negated) for slot in said.slots]


@pytest.mark.parametrize(
    ("text", "who", "value"),
    [
        ("我婆婆说要红色的", "我婆婆", "我婆婆"),
        ("我妈觉得红色的好看", "我妈", "women"),
        ("my husband says red", "my husband", "men"),
        ("你好孩子，要红色的", "孩子", "kids"),
        ("hi mom, the red one", "mom", "women"),
    ],
)
def test_who_says_so_or_is_greeted_is_nobody_to_buy_for(text, who, value):
    word = "red" if text.isascii() else "红色"
    said, slots = read(text, ("audience", who, value), ("color", word, "red"))
    assert slots == [("color", "red", False)]
    assert who not in said.text and len(said.text) == len(text)


@pytest.mark.parametrize(
    ("text", "who"), [("送给我妈的红色围巾", "我妈"), ("my daughter wants a red scarf", "my daughter")]
)
def test_whom_it_is_for_stays(text, who):
    assert read(text, ("audience", who, "women"))[1] == [("audience", "women", False)]


def test_a_person_and_a_property_in_one_span_are_two():
    _, slots = read("适合长辈的羊毛围巾", ("audience", "长辈的羊毛", "长辈的羊毛"), ("category", "围巾", "scarves"))
    assert slots == [("audience", "长辈", False), ("material", "wool", False), ("category", "scarves", False)]


@pytest.mark.parametrize(("text", "word"), [("不对，还是钱包", "钱包"), ("no, wallets", "wallets")])
def test_a_thing_is_no_price(text, word):
    assert read(text, ("price", word, word))[1] == [("category", "wallets", False)]


@pytest.mark.parametrize(("text", "word"), [("4k的", "4k的"), ("a 4k one", "4k one")])
def test_4k_is_a_picture_and_no_limit(text, word):
    said, slots = read(text, ("price", word, "<=4000"), price=PriceRange(None, Decimal(4000)))
    assert (slots, said.price) == ([("feature", "4k", False)], None)


@pytest.mark.parametrize(("text", "word"), [("不超过4k", "4k"), ("under 4k", "4k")])
def test_4k_after_words_of_a_limit_is_one(text, word):
    price = PriceRange(None, Decimal(4000))
    assert read(text, ("price", word, "<=4000"), price=price)[0].price == price


@pytest.mark.parametrize(
    ("text", "word", "value"),
    [("没有线的", "线", "wireless"), ("without wires", "wires", "wireless"), ("no sleeves", "sleeves", "sleeveless")],
)
def test_without_wires_is_wireless(text, word, value):
    assert read(text, ("feature", word, word, True))[1] == [("feature", value, False)]


@pytest.mark.parametrize(
    ("text", "word", "value"),
    [
        ("莫得红色的", "红色", "red"),
        ("拒绝红色", "红色", "red"),
        ("红的达咩", "红的", "red"),
        ("red is a no-no", "red", "red"),
    ],
)
def test_dialect_and_slang_refuse_too(text, word, value):
    assert read(text, ("color", word, value))[1] == [("color", value, True)]


def test_a_reading_without_slips_is_itself():
    said = RULES.understand("a red dress under $60")
    assert put_right(said, VOCABULARY) is said


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("灰的红的都看过，最后决定买米色的", "灰的", "米色"), ("grey or red, in the end beige", "grey", "beige")],
)
def test_what_was_decided_on_is_wished_for_alone(text, first, last):
    assert read(text, ("color", first, "grey"), ("color", last, "beige"))[1] == [("color", "beige", False)]


def test_a_size_in_words_is_one():
    assert read("八岁穿三十二码")[1] == [("size", "32", False)]
    assert read("八岁穿三十二码，要M码", ("size", "M码", "M"))[1] == [("size", "M", False)]


@pytest.mark.parametrize(
    ("text", "word"), [("没有灰色的？", "灰色"), ("没有灰色的吗", "灰色"), ("no grey ones?", "grey")]
)
def test_what_is_missed_is_wished_for(text, word):
    assert read(text, ("color", word, "grey", True))[1] == [("color", "grey", False)]


@pytest.mark.parametrize(("text", "word"), [("没有灰色的", "灰色"), ("no grey ones", "grey")])
def test_without_a_question_it_is_refused(text, word):
    assert read(text, ("color", word, "grey", True))[1] == [("color", "grey", True)]


def test_a_thing_written_by_its_sound_is_looked_for():
    said, slots = read("我想买蓝呀耳机", ("category", "蓝呀耳机", "headphones"))
    assert (said.text, said.slots[0].text, slots) == ("我想买蓝牙耳机", "蓝牙耳机", [("category", "headphones", False)])


def test_what_stands_before_a_thing_may_be_of_its_name():
    said, slots = read("那种蓝呀耳机", ("category", "耳机", "headphones"))
    assert (said.slots[0].text, said.slots[0].start, slots) == ("蓝牙耳机", 2, [("category", "headphones", False)])


def test_typed_in_latin_letters_it_is_looked_for_in_chinese():
    said, slots = read("lanya erji")
    assert (said.text, said.language, said.intent) == ("蓝牙耳机", "zh", "search")
    assert slots == [("category", "headphones", False)]


def test_a_size_in_words_that_was_found_is_the_number():
    assert read("穿三十二码", ("size", "三十二码", "三十二码"))[1] == [("size", "32", False)]


def test_a_refusal_inside_the_span_refuses_too():
    assert read("棕色达咩，黑色", ("color", "棕色达", "brown"), ("color", "黑色", "black"))[1] == [
        ("color", "brown", True),
        ("color", "black", False),
    ]


@pytest.mark.parametrize(
    ("text", "praise", "thing"), [("绝绝子的卫衣", "绝绝子", "卫衣"), ("awesome hoodies", "awesome", "hoodies")]
)
def test_mere_praise_is_no_brand(text, praise, thing):
    assert read(text, ("brand", praise, praise), ("category", thing, "hoodies"))[1] == [("category", "hoodies", False)]


@pytest.mark.parametrize(("text", "fault"), [("跑鞋，白色容易脏", "容易脏"), ("shoes, white gets dirty", "gets dirty")])
def test_a_fault_is_never_wished_for(text, fault):
    assert read(text, ("feature", fault, fault))[1] == [("feature", fault, True)]


def test_a_property_and_the_head_of_one_kind_are_that_kind():
    assert read("机械表", ("category", "机械表", "机械表"))[1] == [("category", "watches", False)]
    assert read("电表", ("category", "电表", "电表"))[1] == [("category", "电表", False)]


@pytest.mark.parametrize(
    ("text", "words"), [("merino wool", "merino"), ("有冇M码", "M码"), ("a piano stool", "piano stool")]
)
def test_a_no_inside_a_word_refuses_nothing(text, words):
    assert read(text, ("feature", words, words))[1] == [("feature", words, False)]


def test_a_person_who_is_told_more_of_stays_one():
    assert read("上幼儿园的儿子", ("audience", "上幼儿园的儿子", "kids"))[1] == [("audience", "kids", False)]


def test_what_somebody_has_to_spend_is_money():
    price = PriceRange(None, Decimal(4000))
    assert read("i only have 4k", ("price", "4k", "<=4000"), price=price)[0].price == price


def test_coriander_is_no_fragrance():
    assert read("别带香菜的", ("feature", "香菜", "香菜", True))[1] == [("feature", "香菜", True)]
    assert read("没香味的", ("feature", "香味", "香味", True))[1] == [("feature", "fragrance free", False)]
