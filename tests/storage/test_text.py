"""Folding: what looks alike to a shopper compares alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.text import fold, has_chinese


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ｒｅｄ　ＤＲＥＳＳ", "red dress"),
        ("藍牙耳機", "蓝牙耳机"),
        ("連衣裙 Ｍ碼", "连衣裙 m码"),
        ("Straße", "strasse"),
        ("２００元", "200元"),
        ("", ""),
    ],
)
def test_one_form_for_what_means_the_same(written, folded):
    assert fold(written) == folded


@given(st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0x2FFF)))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="连衣裙蓝牙耳机红色鞋子 abcXYZ012"))
def test_case_and_width_do_not_matter(text):
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c != " " else c for c in text.upper())
    assert fold(wide) == fold(text)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_folded(text):
    assert unicodedata.is_normalized("NFC", fold(text)) or has_chinese(fold(text))


@pytest.mark.parametrize(("text", "chinese"), [("耳机", True), ("red 鞋", True), ("かな", False), ("abc", False)])
def test_chinese_is_told_by_its_script(text, chinese):
    assert has_chinese(text) is chinese
