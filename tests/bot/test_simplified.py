"""Traditional characters are read as simplified ones, wherever the bot compares words."""

import pytest

from bot.cues import cue
from bot.understanding.simplified import in_simplified
from nlu.rules import RulesUnderstander
from storage.terms import base_vocabulary

RULES = RulesUnderstander(base_vocabulary())


@pytest.mark.parametrize(
    ("text", "words"),
    [("看圖片", "pictures"), ("另一個顏色", "another-color"), ("重新開始", "afresh"), ("評價好的", "best-rated")],
)
def test_a_cue_is_found_whatever_script_it_is_written_in(text, words):
    assert cue(words).search(in_simplified(RULES.understand(text)).text)


def test_spans_stay_where_they_are_and_other_texts_are_untouched():
    said = RULES.understand("紅色連衣裙，200元以內")
    read = in_simplified(said)
    assert [(slot.start, slot.end) for slot in read.slots] == [(slot.start, slot.end) for slot in said.slots]
    assert all(read.text[slot.start : slot.end] == slot.text for slot in read.slots)
    plain = RULES.understand("Ａ red dress，“红色”")
    assert in_simplified(plain) is plain
