"""Which words name the lowest rating that will do."""

import pytest

from bot.understanding.stars import least_rating, without_stars
from nlu.rules import RulesUnderstander
from storage.terms import base_vocabulary

RULES = RulesUnderstander(base_vocabulary())


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("4 stars and up", 4.0),
        ("four-star or better", 4.0),
        ("at least 4.5 stars please", 4.5),
        ("above 4 and a half stars", 4.5),
        ("4+ stars", 4.0),
        ("rated 4.5 or higher", 4.5),
        ("with a rating above 4", 4.0),
        ("headphones under $100 with ratings of at least 4.2", 4.2),
        ("四星以上", 4.0),
        ("4颗星以上的", 4.0),
        ("四星半以上", 4.5),
        ("评分4.5以上", 4.5),
        ("评分要在4.5分以上", 4.5),
        ("评价至少四点五", 4.5),
        ("至少4星的", 4.0),
        ("4.8分以上的", 4.8),
    ],
)
def test_a_number_of_stars_is_a_limit(text, stars):
    assert least_rating(text) == stars
    assert without_stars(RULES.understand(text)).price == RULES.understand(text).price


@pytest.mark.parametrize(
    "text",
    [
        *("with good reviews", "how many stars does it have", "at least 4 pieces", "over 45 stars", "size 4 and up"),
        *("at least 6 stars", "评价好的", "四个以上", "14星以上", "评分高的", "100分以上", "第四个"),
    ],
)
def test_other_words_and_numbers_are_none(text):
    assert least_rating(text) is None


@pytest.mark.parametrize("text", ["rated above 4.5", "评分4.5以上", "评分要至少4.5"])
def test_a_rating_is_no_price(text):
    assert RULES.understand(text).price is None


@pytest.mark.parametrize(
    ("text", "stars"), [("ok 3.5 stars is fine too", 3.5), ("没有就4星吧", 4.0), ("in blue", None)]
)
def test_beside_such_a_limit_a_bare_number_of_stars_is_another(text, stars):
    assert least_rating(text, limited=True) == stars
    assert least_rating(text) is None
