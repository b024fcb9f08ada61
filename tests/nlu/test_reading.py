from hypothesis import given
from hypothesis import strategies as st

from nlu.base import MAX_TOKENS, VOCABULARY
from nlu.reading import encode, inputs_of, words_in, words_of
from nlu.tokens import load_tokenizer
from storage.records import Context

TOKENIZER = load_tokenizer("红色连衣裙")


def test_the_context_is_said_in_words():
    assert words_of(Context()) == ""
    assert words_of(Context(asked="order_id", shown=3)) == "asked order id shown 3"
    assert words_of(Context(shown=40)) == "shown 9"


def test_added_characters_have_numbers_of_their_own_and_other_text_is_cut_as_before():
    assert min(encode(TOKENIZER, "红色", Context()).ids[1:-1]) >= VOCABULARY
    assert TOKENIZER.encode("a linen shirt").ids == load_tokenizer().encode("a linen shirt").ids


def test_offsets_are_positions_in_the_original():
    text = "Ｒed 連衣裙"
    words = words_in(encode(TOKENIZER, text, Context(asked="color", shown=2)))
    assert [text[start:end] for start, end in words.offsets] == ["Ｒed", "連", "衣", "裙"]


def test_the_context_is_a_segment_of_its_own():
    inputs = inputs_of([encode(TOKENIZER, "red", Context(shown=2)), encode(TOKENIZER, "red", Context())])
    assert inputs["token_type_ids"][0].tolist() == [0, 0, 0, 1, 1, 1]
    assert inputs["attention_mask"].sum(1).tolist() == [6, 3]


@given(st.text(max_size=2000), st.text(max_size=100) | st.none(), st.integers(-5, 10**9))
def test_any_message_fits(text, asked, shown):
    encoding = encode(TOKENIZER, text, Context(asked, shown))
    assert len(encoding.ids) <= MAX_TOKENS
    assert all(0 <= start <= end <= len(text) for start, end in words_in(encoding).offsets)


def test_a_long_message_leaves_room_for_its_context():
    encoding = encode(TOKENIZER, "word " * 2000, Context(asked="color", shown=3))
    assert len(encoding.ids) <= MAX_TOKENS
    assert sum(sequence == 1 for sequence in encoding.sequence_ids) == 4
