"""HTML as Telegram's servers read it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.entities import parse_html, utf16_length
from bot.simulator.errors import ApiError
from bot.simulator.formatting import detect, formatted, trim


def read(text: str, **options):
    return formatted(
        text, options.pop("mode", "HTML"), [], limit=4096, empty="message text is empty", too_long="message is too long"
    )


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>hi</b>", "hi", [("bold", 0, 2)]),
        ("<strong>a</strong><em>b</em>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<del>c</del><ins>d</ins>", "cd", [("strikethrough", 0, 1), ("underline", 1, 1)]),
        ("😀<b>é</b>", "😀é", [("bold", 2, 1)]),
        ("<b>x<i>y</i></b>", "xy", [("bold", 0, 2), ("italic", 1, 1)]),
        ("&lt;&gt;&amp;&quot;&#65;&#x4e2d;&nbsp;", '<>&"A中&nbsp;', []),
        ('<span class="tg-spoiler">s</span>', "s", [("spoiler", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("<b></b>x", "x", []),
        ("<B>x</B >", "x", None),
        ("a > b", "a > b", []),
    ],
)
def test_tags_become_entities_in_utf16_units(html, text, entities):
    if entities is None:  # end tags are compared as they are written
        with pytest.raises(ApiError, match='expected "</b>", found "</B>"'):
            parse_html(html)
        return
    found, got = parse_html(html)
    assert found == text
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in got] == entities


def test_links_and_code_languages():
    _, [link] = parse_html('<a href="https://a.example/?x=1&amp;y=2">go</a>')
    assert link["url"] == "https://a.example/?x=1&y=2"
    _, [code] = parse_html('<pre><code class="language-python">x</code></pre>')
    assert code == {"type": "pre", "offset": 0, "length": 1, "language": "python"}
    assert parse_html('<a href="javascript:alert(1)">go</a>') == ("go", [])


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("ab <x>", 'Unsupported start tag "x" at byte offset 3'),
        ("中<x>", 'Unsupported start tag "x" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<i><b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
    ],
)
def test_broken_html_is_refused_with_telegrams_words(html, reason):
    with pytest.raises(ApiError) as refused:
        parse_html(html)
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_limits_count_code_points_after_parsing():
    assert read("<b>" + "😀" * 4096 + "</b>")[0] == "😀" * 4096
    with pytest.raises(ApiError, match="message is too long"):
        read("x" * 4097)
    with pytest.raises(ApiError, match="message text is empty"):
        read(" <b> </b>\n")


def test_white_space_around_is_dropped_and_entities_move():
    assert trim("  ab ", [{"type": "bold", "offset": 0, "length": 5}]) == (
        "ab",
        [{"type": "bold", "offset": 0, "length": 2}],
    )


def test_commands_links_and_tags_are_seen_without_markup():
    found = detect("/start 去 https://a.example/b, @shop_bot #夏天", [])
    assert [entity["type"] for entity in found] == ["bot_command", "url", "mention", "hashtag"]
    assert found[1]["length"] == len("https://a.example/b")
    assert detect("a/b 1/2 https://x.example/start", [])[0]["type"] == "url"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_escaped_text_comes_back_as_it_was(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"<b>{escaped}</b>")[0] == text


@given(st.text(alphabet="<>/bia &;\"'=#x1中😀", max_size=40))
def test_any_input_is_parsed_or_refused_and_entities_stay_inside(text):
    try:
        plain, entities = parse_html(text)
    except ApiError as refused:
        assert re.match(r"Bad Request: can't parse entities: ", refused.description)
        return
    for entity in entities:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(plain)
