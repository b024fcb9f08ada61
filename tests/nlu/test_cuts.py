from hypothesis import given
from hypothesis import strategies as st

from nlu.cuts import BEGINS, GOES_ON, NO_WORD, cuts_in


def test_chinese_words_are_found_and_nothing_else():
    assert cuts_in("买太阳镜 red") == [BEGINS, BEGINS, GOES_ON, GOES_ON, *[NO_WORD] * 4]
    assert cuts_in("a red dress") == [NO_WORD] * 11
    assert cuts_in("") == []


@given(st.text(alphabet="太阳镜红色ab 1，", max_size=30))
def test_every_code_point_has_its_cut_and_no_word_goes_on_from_nothing(text):
    cuts = cuts_in(text)
    assert len(cuts) == len(text)
    assert all(cut != GOES_ON or (at and cuts[at - 1]) for at, cut in enumerate(cuts))
