"""Cutting Telegram HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.split import plain, shorten, split, weight

WORDS = st.sampled_from(
    [
        "a",
        "dress ",
        "&lt;",
        "&amp; ",
        "\n",
        "\n\n",
        "红色",
        "é",
        "e\u0301",
        "👨\u200d👩\u200d👧",
        "👍🏽",
        "averyverylongword",
        " ",
    ]
)


@st.composite
def markups(draw, depth=2):
    parts = []
    for _ in range(draw(st.integers(0, 8))):
        if depth and draw(st.booleans()):
            tag = draw(st.sampled_from(["b", "i", "code", 'a href="https://x.example/?a=1&amp;b=2"']))
            parts.append(f"<{tag}>{draw(markups(depth - 1))}</{tag.split()[0]}>")
        else:
            parts.append("".join(draw(st.lists(WORDS, max_size=12))))
    return "".join(parts)


@given(markups(), st.integers(4, 40))
def test_pieces_fit_parse_and_lose_nothing_but_white_space(markup, limit):
    pieces = split(markup, limit)
    assert all(0 < weight(piece) <= limit for piece in pieces)
    assert all(_balanced(piece) for piece in pieces)
    assert _solid("".join(map(plain, pieces))) == _solid(plain(markup))


@given(markups(), st.integers(4, 40))
def test_composed_characters_stay_whole(markup, limit):
    for piece in split(markup, max(limit, 8)):
        text = plain(piece).strip()
        assert not text.startswith(("\u0301", "\u200d", "🏽"))
        assert not text.endswith("\u200d")


@given(markups(), st.integers(4, 40))
def test_shortening_keeps_the_beginning(markup, limit):
    short = shorten(markup, limit)
    assert weight(short) <= limit
    assert _balanced(short)
    if weight(markup) > limit:
        assert plain(short).endswith("…")


@pytest.mark.parametrize(
    ("markup", "limit", "pieces"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("first line\nsecond line", 15, ["first line", "second line"]),
        ("<b>one two three</b>", 8, ["<b>one two</b>", "<b>three</b>"]),
        ("&lt;&lt;&lt;&lt;", 2, ["&lt;&lt;", "&lt;&lt;"]),
        ("   ", 2, []),
        ("short", 4096, ["short"]),
    ],
)
def test_borders(markup, limit, pieces):
    assert split(markup, limit) == pieces


def test_a_ten_thousand_character_text_is_cut_quickly():
    assert [weight(piece) for piece in split("x" * 10_000)] == [4096, 4096, 1808]


def _balanced(markup):
    opened = []
    for closing, name in re.findall(r"<(/?)(\w+)[^<>]*>", markup):
        if closing:
            if not opened or opened.pop() != name:
                return False
        else:
            opened.append(name)
    return not opened


def _solid(text):
    return "".join(text.split())
