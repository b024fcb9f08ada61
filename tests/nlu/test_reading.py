import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlu.base import MAX_TOKENS, VOCABULARY
from nlu.cuts import BEGINS, CUTS, GOES_ON
from nlu.reading import Reader, inputs_of, words_of
from nlu.tags import HINTS, TAGS
from nlu.tokens import load_tokenizer
from storage.records import Context
from storage.terms import base_vocabulary

TOKENIZER = load_tokenizer("红色连衣裙")
READER = Reader(TOKENIZER, base_vocabulary())


def test_the_context_is_said_in_words():
    assert words_of(Context()) == ""
    assert words_of(Context(asked="order_id", shown=3)) == "asked order id shown 3"
    assert words_of(Context(shown=40)) == "shown 9"


def test_added_characters_have_numbers_of_their_own_and_other_text_is_cut_as_before():
    assert min(TOKENIZER.encode("红色").ids[1:-1]) >= VOCABULARY
    assert TOKENIZER.encode("a linen shirt").ids == load_tokenizer().encode("a linen shirt").ids


def test_offsets_are_positions_in_the_original():
    text = "Ｒed 連衣裙"
    words = READER(text, Context(asked="color", shown=2)).words
    assert [text[start:end] for start, end in words.offsets] == ["Ｒed", "連", "衣", "裙"]


def test_what_the_rules_noticed_is_a_hint_on_its_tokens():
    message = READER("not red, a dress", Context(shown=2))
    said = {token: hint for token, hint in zip(message.encoding.tokens, message.hints, strict=True) if hint}
    assert said == {"red": TAGS.index("B-color") + len(TAGS), "dress": TAGS.index("B-category")}


def test_where_chinese_words_begin_goes_along():
    message = READER("买太阳镜", Context())
    assert [hint // HINTS for hint in message.hints[1:-1]] == [BEGINS, BEGINS, GOES_ON, GOES_ON]


def test_the_context_is_a_segment_of_its_own():
    messages = [READER("red", Context(shown=2)), READER("red", Context())]
    inputs = inputs_of([m.encoding for m in messages], [m.hints for m in messages])
    assert inputs["token_type_ids"][0].tolist() == [0, 0, 0, 1, 1, 1]
    assert inputs["attention_mask"].sum(1).tolist() == [6, 3]
    assert {array.shape for array in inputs.values()} == {(2, 6)}


@given(st.text(max_size=2000), st.text(max_size=100) | st.none(), st.integers(-5, 10**9))
def test_any_message_fits(text, asked, shown):
    message = READER(text, Context(asked, shown))
    assert len(message.encoding.ids) == len(message.hints) <= MAX_TOKENS
    assert all(0 <= start <= end <= len(text) for start, end in message.words.offsets)
    assert 0 <= min(message.hints) <= max(message.hints) < HINTS * CUTS
    assert np.count_nonzero(message.hints) <= len(message.words.places)


def test_a_long_message_leaves_room_for_its_context():
    encoding = READER("word " * 2000, Context(asked="color", shown=3)).encoding
    assert len(encoding.ids) <= MAX_TOKENS
    assert sum(sequence == 1 for sequence in encoding.sequence_ids) == 4
