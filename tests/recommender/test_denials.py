"""What a shop's text denies is no reason for a product."""

from decimal import Decimal

import pytest

from recommender.denials import Said, said
from recommender.wishes import wanted_of, words_pattern
from storage.records import Need, Product, SlotName, Wish
from storage.terms import base_vocabulary

DENIED = [
    ("waterproof", "Light, but not waterproof."),
    ("waterproof", "This is not fully waterproof"),
    ("waterproof", "A non-waterproof jacket"),
    ("waterproof", "It isn't waterproof."),
    ("waterproof", "it isn’t waterproof"),
    ("hood", "Comes without hood"),
    ("hood", "comes without a hood"),
    ("latex", "Latex-free gloves"),
    ("alcohol", "free of alcohol"),
    ("防水", "轻便，不防水"),
    ("防水", "面料不是防水的"),
    ("防水", "非防水款"),
    ("酒精", "不含酒精配方"),
    ("兜帽", "没有兜帽"),
]
NAMED = [
    ("waterproof", "Waterproof, free shipping"),
    ("waterproof", "Not only light. Waterproof too."),
    ("waterproof", "no zip, waterproof seams"),
    ("waterproof", "not waterproof when open, waterproof when closed"),
    ("waterproof", "waterproof without compromise"),
    ("wireless", "A wireless mouse"),
    ("waterproof", "Not only waterproof but warm"),
    ("waterproof", "not just waterproof: warm"),
    ("防水", "不仅防水，还保暖"),
    ("防水", "不但防水而且透气"),
    ("防水", "防水面料"),
    ("防水", "不易脏，防水面料"),
    ("防水", "不怕雨的防水鞋"),
    ("保暖", "冬天必备，保暖"),
]


@pytest.mark.parametrize(("word", "text"), DENIED)
def test_a_denied_word_is_not_had(word, text):
    assert said(text.casefold(), words_pattern((word,))) is Said.DENIED


@pytest.mark.parametrize(("word", "text"), NAMED)
def test_a_named_word_is(word, text):
    assert said(text.casefold(), words_pattern((word,))) is Said.NAMED


@pytest.mark.parametrize(
    ("text", "granted", "denied"),
    [("A waterproof coat.", True, False), ("Not waterproof.", False, True), ("A coat.", False, False)],
)
def test_wishes_follow(text, granted, denied):
    need = Need(wishes=(Wish(SlotName.FEATURE, "waterproof", "waterproof"),))
    [wish] = wanted_of(need, base_vocabulary()).wishes
    coat = Product("a", "Coat", Decimal(10), "USD", description=text)
    assert (wish.granted(coat), wish.denied(coat)) == (granted, denied)
