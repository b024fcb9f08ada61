"""Messages written one by one: how a line is read, and which are held back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetune.grammar import GrammarError
from finetune.written import compiled, folded, held_back, written
from nlu.tags import Span
from storage.records import Context, Intent, SlotName


def test_a_line_says_intents_words_slots_and_what_was_on_the_screen():
    example = compiled(
        "add_to_cart,search | [the first one|item_ref], and a [hat|category] not in [!red|color] @shown=3", "en", "x"
    )
    assert (example.intent, example.also) == (Intent.ADD_TO_CART, (Intent.SEARCH,))
    assert example.utterance.text == "the first one, and a hat not in red"
    assert example.utterance.spans[-1] == Span(SlotName.COLOR, 32, 35, negated=True)
    assert example.context == Context(None, 3)


def test_chinese_lines_are_read_the_same_way():
    example = compiled("refine | 不要[!红色|color]的 @asked=color", "zh", "x")
    assert example.utterance.text == "不要红色的"
    assert example.utterance.spans == (Span(SlotName.COLOR, 2, 4, negated=True),)
    assert example.context.asked == "color"


@pytest.mark.parametrize(
    "line", ["search a hat", "wish | a hat", "search | a [hat|headgear]", "search | a [hat", "search | a {thing}"]
)
def test_a_line_that_cannot_be_read_is_named(line, tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "mine.txt").write_text(f"# mine\n\nsearch | a hat\n{line}\n", encoding="utf-8")
    with pytest.raises(GrammarError, match=r"mine\.txt:4"):
        written(tmp_path)


@given(st.lists(st.sampled_from(["a hat", "A hat!", "mugs", "三双袜子", "四双袜子", "ok", "next"]), max_size=12))
def test_the_same_words_are_held_back_together(texts):
    kept, held = held_back([compiled(f"search | {text}", "en", "x") for text in texts], 0.5)
    assert len(kept) + len(held) == len(texts)
    assert not {folded(e.utterance.text) for e in kept} & {folded(e.utterance.text) for e in held}
