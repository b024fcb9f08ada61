"""Masking keeps every place, redaction moves the spans along, and doing it twice does no more than once."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from bot.privacy.finding import find_personal
from bot.privacy.masking import masked, redacted

PIECES = st.sampled_from(
    [
        *("415-555-0132", "13800138000", "my name is ", "John ", "order ", "#1234", "张伟", "我叫", "12 Main Street"),
        *("北京市朝阳区建国路88号", "a@b.com", "微信", "wx: abc123", "4111 1111 1111 1111", "一二三四五六七八"),
        *("<phone>", "•", "$60", "100元", "尺码", "12", "3-4", "apt 4B", " ", ",", "，", "DOB 1990-01-02"),
        *("P.O. Box 12", "NY 10001", "@joe_b", "QQ 123456", "ISBN 9787302423287", "號"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=9).map("".join)
)  # fmt: skip


@given(TEXTS)
def test_findings_are_sorted_apart_and_inside(text):
    found = find_personal(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(TEXTS)
@example("311111111111111134")
def test_masking_keeps_the_length_and_is_done_once(text):
    hidden = masked(text)
    assert len(hidden) == len(text)
    assert all(new in (old, "•") for old, new in zip(text, hidden, strict=True))
    assert masked(hidden) == hidden


@given(TEXTS)
@example("order 415-555-0132415-555-0132415-555-0132415-555-01324111 1111 1111 1111")
def test_redaction_is_done_once(text):
    replaced, _ = redacted(text)
    assert redacted(replaced)[0] == replaced


@given(st.lists(PIECES, min_size=1, max_size=8).map(" ".join), st.data())
def test_a_span_of_untouched_words_still_holds_them(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    replaced, ((moved_start, moved_end),) = redacted(text, [(start, end)])
    assert 0 <= moved_start <= moved_end <= len(replaced)
    found = find_personal(text)
    grown = sum(len(each.kind) + 2 - (each.end - each.start) for each in found)
    if (
        start < end
        and all(each.end <= start or end <= each.start for each in found)
        and len(replaced) == len(text) + grown
    ):
        assert replaced[moved_start:moved_end] == text[start:end]


def test_a_span_over_something_personal_holds_its_placeholder():
    text = "order 123456789, the red dress, call 415-555-0132"
    replaced, spans = redacted(text, [(6, 15), (21, 24), (25, 30), (8, 12)])
    assert replaced == "order <order>, the red dress, call <phone>"
    assert [replaced[a:b] for a, b in spans] == ["<order>", "red", "dress", "<order>"]


def test_chinese_spans_move_too():
    text = "我叫张伟，要红色连衣裙，寄到北京市朝阳区建国路88号"
    at = text.index("红色")
    replaced, ((start, end),) = redacted(text, [(at, at + 2)])
    assert replaced == "我叫<name>，要红色连衣裙，寄到<address>"
    assert replaced[start:end] == "红色"
    assert masked(text) == "我叫••，要红色连衣裙，寄到" + "•" * 12
