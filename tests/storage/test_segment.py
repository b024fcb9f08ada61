"""Segmenting: the same words come out of what is indexed and of what is asked."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.segment import Segmenter, base_words

segment = Segmenter(base_words())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A Red Dress for the beach", {"red", "dress", "beach"}),
        ("dresses shoes watches batteries boxes", {"dress", "shoe", "watch", "battery", "box"}),
        ("glass bus this chess", {"glass", "bus", "chess"}),
        ("T-shirts", {"tshirt", "shirt"}),
        ("women's crème", {"women", "creme"}),
        ("蓝牙耳机", {"蓝牙", "耳机", "蓝牙耳机"}),
        ("紅色連衣裙", {"红色", "连衣裙"}),
        ("Nike运动鞋42码", {"nike", "运动鞋", "42"}),
    ],
)
def test_words_are_found(text, words):
    assert words <= set(segment(text).split())


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂🙂", "的了吗", "the of and", "!!! --- ''' \"", "\x00"])
def test_what_says_nothing_yields_no_words(text):
    assert segment(text) == ""


def test_plain_and_plural_are_one_word():
    assert segment("dress") == segment("dresses")
    assert segment("shoe") == segment("shoes")


def test_a_shop_word_is_kept_whole_beside_its_pieces():
    pieces = set(Segmenter().tokens("云栖外套"))
    assert "云栖" not in pieces
    assert set(Segmenter(["云栖"]).tokens("云栖外套")) == pieces | {"云栖"}


@given(st.text(), st.lists(st.text(alphabet="云栖外套连衣裙鞋", min_size=2, max_size=4)))
def test_new_shop_words_never_take_a_word_away(text, words):
    assert set(Segmenter().tokens(text)) <= set(Segmenter(words).tokens(text))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_words_hold_nothing_that_a_query_language_could_read(text):
    assert all(re.fullmatch(r"\w+", word) for word in segment(text).split())


@given(st.lists(st.sampled_from(["red", "dress", "蓝牙耳机", "t-shirt", "连衣裙", "boots", "真丝", "waterproof"])))
def test_the_words_of_a_text_are_those_of_its_parts(parts):
    together = segment(" ".join(parts)).split()
    assert together == [word for part in parts for word in segment(part).split()]


def test_the_chinese_dictionary_is_loaded_for_chinese_only_and_in_silence():
    program = (
        "import sys; from storage.segment import Segmenter, base_words; segment = Segmenter(base_words());"
        "segment('red dress'); assert 'jieba' not in sys.modules;"
        "segment('耳机'); assert 'jieba' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
