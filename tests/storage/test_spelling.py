"""Unknown words read as known ones, and quantities in one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.records import Filters
from storage.segment import Segmenter
from storage.spelling import Speller

COUNTS = {"toilet": 120, "water": 400, "heater": 90, "ceramic": 30, "doorbell": 8, "door": 500, "bell": 40, "box": 9}
speller = Speller(COUNTS)


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("toitet", ("toilet",)),
        ("toliet", ("toilet",)),
        ("cermic", ("ceramic",)),
        ("waterheater", ("water", "heater")),
        ("toilet", ()),
        ("bx", ()),
        ("zzzzzz", ()),
        ("耳机", ()),
        ("lf50", ()),
        ("", ()),
    ],
)
def test_a_slip_is_read_as_the_word_that_was_meant(word, read):
    assert speller.read(word) == read


@given(st.sampled_from([word for word in COUNTS if len(word) >= 6]), st.data())
def test_any_one_letter_left_out_is_read(word, data):
    at = data.draw(st.integers(1, len(word) - 1))
    assert len(speller.read(word[:at] + word[at + 1 :])) >= 1


@given(st.text(max_size=40))
def test_whatever_is_read_is_known(word):
    assert set(speller.read(word)) <= COUNTS.keys()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3/4-inch", '0.75"'),
        ("3/4 in.", ".75in"),
        ("1-1/2 in", "1½ inches"),
        ("60-Watt", "60w"),
        ("6ft", "6 feet"),
        ("6'", "6 ft."),
        ("500ml", "500 milliliters"),
        ("1,000 sq. ft.", "1000 square feet"),
        ("2x4", "2 x 4"),
    ],
)
def test_a_quantity_is_one_word_however_it_is_written(one, other):
    assert set(Segmenter().tokens(one)) == set(Segmenter().tokens(other))


@pytest.mark.parametrize(
    ("text", "word"),
    [("500毫升", "500ml"), ("5号电池", "5no"), ("24寸", "24in"), ("2 in. x 4 in. x 8 ft.", "2x4"), ("1/0", "1")],
)
def test_quantities_give_their_words(text, word):
    assert word in Segmenter().tokens(text)


@pytest.mark.parametrize("text", ["lf50", "4k", "2xl", "3-in-1", "555-1234"])
def test_what_is_no_quantity_stays_a_word(text):
    assert not any(
        word.endswith(("in", "l")) and word[0].isdigit() and word != "2xl" for word in Segmenter().tokens(text)
    )


def test_a_misspelt_search_finds_in_both_directions(catalogue, make_product):
    catalogue.upsert(
        [
            make_product("bell", title="Wireless doorbell", category="", categories=()),
            make_product("pipe", title="3/4 in. copper pipe", category="", categories=()),
        ]
    )

    def found(text):
        return [id for id, _ in catalogue.search(text, Filters(), 5)]

    assert found("door bell") == ["bell"]
    assert found("wirelss") == ["bell"]
    assert found("coper 0.75 inch") == ["pipe"]
    assert catalogue.spelled("a wirelss Bell") == "a wireless Bell"
    assert catalogue.spelled("无线门铃") == "无线门铃"
