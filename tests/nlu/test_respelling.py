"""Slips in a message put right before it is read again."""

import pytest

from nlu.lexicon import lexicon_of
from nlu.respelling import respelled
from storage.terms import base_vocabulary

LEXICON = lexicon_of(base_vocabulary())


@pytest.mark.parametrize(
    "text, right",
    [
        ("headfones bluetooth", "headphones bluetooth"),
        ("a jaket for fall", "a jacket for fall"),
        ("sneekers for runing", "sneakers for running"),
        ("brown lether boots", "brown leather boots"),
        ("a kichen knife", "a kitchen knife"),
        ("waht is teh frist one made of", "what is teh first one made of"),
        ("chepaer pls", "cheaper pls"),
        ("put the secnd one in my crat", "put the second one in my cart"),
        ("a hoody", "a hoodie"),
        ("ad it to my crat", "add it to my cart"),
    ],
)
def test_what_is_misspelt_is_written_as_the_shop_writes_it(text, right):
    assert respelled(text, LEXICON) == right


@pytest.mark.parametrize(
    "text",
    [
        "a quiet keyboard, not coarse",
        "something sweeter",
        "ask for Marlow or Fenn",
        "the coast in autumn",
        "write to jo@headfones.com",
        "ENGSH-2222B",
        "蓝牙耳机",
        "it hates water",
        "one that doesnt leak, whats new",
        "comfy and cosy tees",
        "matte lipstick, a latex pillow and a matcha whisk",
    ],
)
def test_words_that_are_right_stay(text):
    assert respelled(text, LEXICON) == text


def test_words_of_the_products_are_known():
    assert respelled("a marled jumper", LEXICON, {"marled"}) == "a marled jumper"
    assert respelled("a shert", LEXICON, {"shert"}) == "a shert"
