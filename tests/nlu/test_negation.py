import pytest

from nlu.fold import fold
from nlu.lexicon import lexicon_of
from nlu.negation import Marked, negated_among
from storage.terms import base_vocabulary


def refused(text):
    found = lexicon_of(base_vocabulary()).matches(fold(text))
    flags = negated_among(text, [Marked(match.start, match.end, match.slot) for match in found])
    return [text[match.start : match.end] for match, flag in zip(found, flags, strict=True) if flag]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not red", ["red"]),
        ("no leather", ["leather"]),
        ("a bag without leather", ["leather"]),
        ("anything but black", ["black"]),
        ("any color except pink", ["pink"]),
        ("I don't want polyester", ["polyester"]),
        ("I don’t want polyester", ["polyester"]),
        ("it isn't cotton, is it", ["cotton"]),
        ("something that isn't leather", ["leather"]),
        ("no red or blue", ["red", "blue"]),
        ("not red, blue or green", ["red", "blue", "green"]),
        ("a dress, not red, blue please", ["red"]),
        ("not leather but cotton", ["leather"]),
        ("no leather shoes", ["leather"]),
        ("not a leather bag", ["leather"]),
        ("no boots please", ["boots"]),
        ("non-leather belt", ["leather"]),
        ("leather-free belt", ["leather"]),
        ("leather is out, I have cats", ["leather"]),
        ("wool's out of the question", ["wool"]),
        ("polyester is a no-go", ["polyester"]),
        ("is the leather out of stock?", []),
        ("the leather one is out now", []),
        ("not too formal", ["formal"]),
        ("instead of cotton I want linen", ["cotton"]),
        ("I'm allergic to wool", ["wool"]),
        ("don't you have red", []),
        ("no problem, red", []),
        ("不要红色", ["红色"]),
        ("别太休闲", ["休闲"]),
        ("除了黑色都行", ["黑色"]),
        ("不是皮的", ["皮"]),
        ("非皮的包", ["皮"]),
        ("不要红色和蓝色的", ["红色", "蓝色"]),
        ("不要红色，要蓝色的", ["红色"]),
        ("红色和蓝色的都不要", ["红色", "蓝色"]),
        ("皮的不要", ["皮"]),
        ("不要红色的裙子", ["红色"]),
        ("连衣裙不要黑色", ["黑色"]),
        ("我对羊毛过敏", ["羊毛"]),
        ("有没有红色的", []),
        ("是不是真皮", []),
        ("不错的红色裙子", []),
        ("特别保暖的外套", []),
        ("无线耳机", []),
    ],
)
def test_scope(text, expected):
    assert refused(text) == expected
