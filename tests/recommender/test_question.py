"""What the retrievers are asked."""

import numpy as np

from recommender.question import question_of
from storage.records import Need, SlotName, Wish
from storage.terms import base_vocabulary

WORDS = base_vocabulary()


def test_wishes_join_the_shoppers_words_in_the_order_of_a_phrase():
    need = Need(
        query="maxi",
        wishes=(
            Wish(SlotName.CATEGORY, "dresses", "dress"),
            Wish(SlotName.COLOR, "red", "red"),
            Wish(SlotName.OCCASION, "beach", "beach"),
        ),
    )
    assert question_of(need, WORDS).phrases == ("red maxi dress beach",)


def test_a_chinese_need_is_searched_for_in_both_languages():
    need = Need(
        language="zh", wishes=(Wish(SlotName.COLOR, "red", "红色"), Wish(SlotName.CATEGORY, "dresses", "连衣裙"))
    )
    found = question_of(need, WORDS)
    assert {"red", "红色", "dress", "连衣裙"} <= set(found.words.split())
    assert found.phrases == ("red dress",)


def test_chinese_words_without_a_normal_form_stay_chinese():
    need = Need(query="法式", language="zh", wishes=(Wish(SlotName.CATEGORY, "dresses", "连衣裙"),))
    assert question_of(need, WORDS).phrases == ("法式连衣裙", "法式 dress")


def test_a_person_is_not_searched_for_by_name():
    """ "Something for my mom" found mom jeans."""
    mom = Need(wishes=(Wish(SlotName.AUDIENCE, "women", "my mom"),))
    assert "mom" not in question_of(mom, WORDS).words
    unknown = Need(wishes=(Wish(SlotName.AUDIENCE, "my twin", "my twin"),))
    assert "twin" in question_of(unknown, WORDS).words
    chinese = Need(language="zh", wishes=(Wish(SlotName.AUDIENCE, "women", "女朋友"),))
    assert "女朋友" not in question_of(chinese, WORDS).words.split()


def test_what_is_unwanted_is_not_searched_for():
    need = Need(query="boots leather", wishes=(Wish(SlotName.MATERIAL, "leather", "leather", negated=True),))
    found = question_of(need, WORDS)
    assert "leather" not in found.words
    assert found.phrases == ("boots",)


def test_no_words_ask_nothing(encode):
    assert question_of(Need(), WORDS).embed(encode) is None


def test_two_phrases_make_one_unit_vector(encode):
    need = Need(query="法式", language="zh", wishes=(Wish(SlotName.CATEGORY, "dresses", "连衣裙"),))
    vector = question_of(need, WORDS).embed(encode)
    assert vector.shape == (384,)
    assert abs(np.linalg.norm(vector) - 1) < 1e-5


def test_a_kind_is_asked_for_by_the_name_that_says_which_of_it():
    def phrases(text):
        return question_of(Need(wishes=(Wish(SlotName.CATEGORY, "coffee makers", text),)), WORDS).phrases

    assert phrases("espresso machine") == phrases("espresso machines") == ("espresso machine",)
    assert phrases("that coffee thing") == phrases("咖啡机") == ("coffee maker",)
