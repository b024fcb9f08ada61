"""Things written by their sound, in characters and in Latin letters."""

import pytest

from nlu.homophones import sounds_of, thing_right, typed_right
from nlu.lexicon import lexicon_of
from storage.terms import base_vocabulary

LEXICON = lexicon_of(base_vocabulary())


@pytest.mark.parametrize(
    ("written", "meant"),
    [("耳基", "耳机"), ("蓝呀耳机", "蓝牙耳机"), ("保文杯", "保温杯"), ("连一裙", "连衣裙"), ("运动写", "运动鞋")],
)
def test_a_thing_that_sounds_so_is_meant(written, meant):
    assert thing_right(written, LEXICON) == meant


@pytest.mark.parametrize(
    "written", ["耳机", "雨伞", "夹子", "香蕉", "魔镜", "尾翼", "空气净化器", "订书机", "被芯", "婴儿辅食", "", "龘龘"]
)
def test_a_word_of_its_own_stays_what_it_is(written):
    assert thing_right(written, LEXICON) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("lanya erji", "蓝牙耳机"), ("erji", "耳机"), ("wo xiang mai yundongxie", "运动鞋"), ("Baowenbei!", "保温杯")],
)
def test_so_is_one_typed_in_latin_letters(typed, meant):
    assert typed_right(typed, LEXICON) == meant


@pytest.mark.parametrize("typed", ["hello", "show me shoes", "add to cart", "M", "", "erji please", "lanya"])
def test_english_is_not_read_aloud(typed):
    assert typed_right(typed, LEXICON) == ""


def test_a_character_that_is_not_listed_has_no_sound():
    assert sounds_of("耳机") == ("er", "ji")
    assert sounds_of("龘机") == ()
