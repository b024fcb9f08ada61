"""Another language asked for in words is spoken from then on; what is written alike in all languages changes none."""

from dataclasses import replace

import pytest

from bot.cues import cue
from bot.recall import Before
from bot.understanding.meaning import language_for
from nlu.rules import RulesUnderstander
from storage.records import Need, Slot, SlotName, Turn
from storage.terms import base_vocabulary
from tests.support.talk import START

RULES = RulesUnderstander(base_vocabulary())


@pytest.mark.parametrize("text", ["in English please", "can you speak english", "English", "说英文", "请用英语回答"])
def test_english_is_asked_for(text):
    assert cue("speak-english").fullmatch(text)
    assert not cue("speak-chinese").fullmatch(text)


@pytest.mark.parametrize("text", ["讲中文", "能用中文吗", "还是说中文吧", "in chinese please", "Chinese"])
def test_chinese_is_asked_for(text):
    assert cue("speak-chinese").fullmatch(text)
    assert not cue("speak-english").fullmatch(text)


@pytest.mark.parametrize("text", ["an english teapot", "chinese tea", "英文书", "中文键盘"])
def test_a_thing_from_there_is_no_language(text):
    assert not cue("speak-english").fullmatch(text) and not cue("speak-chinese").fullmatch(text)


def language(text, slots=(), talk="zh", newcomer=False):
    before = Before(Turn(1, 1, 1, text, START, talk), need=Need(language=talk), newcomer=newcomer)
    return language_for(before, replace(RULES.understand(text), slots=slots))


@pytest.mark.parametrize("text", ["M", "xl", "OK", "EU 42"])
def test_a_size_leaves_the_language_as_it_is(text):
    assert language(text) == "zh"
    assert language(text, newcomer=True) == "en"


def test_so_does_the_name_of_a_brand():
    assert language("Wexcombe", (Slot(SlotName.BRAND, "Wexcombe", "wexcombe", 0, 8),)) == "zh"


@pytest.mark.parametrize("text", ["red", "show me shoes", "add to cart"])
def test_words_do_not(text):
    assert language(text) == "en"


@pytest.mark.parametrize("text", ["你们什么破店", "太坑人了", "your shop is a joke", "this is ridiculous", "骗子"])
def test_anger_is_heard(text):
    assert cue("angry").fullmatch(text)


@pytest.mark.parametrize("text", ["破洞牛仔裤", "垃圾桶", "a joke book", "this is great", "你们店在哪"])
def test_what_is_no_anger_is_not(text):
    assert not cue("angry").fullmatch(text)
