"""Replies as messages."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import Rates
from bot.reply import Chip, Line, Option, Reply
from bot.telegram.outgoing import CardMessage, Kind
from bot.telegram.render import Renderer
from bot.telegram.split import CAPTION_LIMIT, TEXT_LIMIT, plain, weight
from bot.wording import Wording
from storage.records import Product, Reason, ReasonCode, Recommendation

RATES = Rates("USD", {"CNY": Decimal("7.11")}, date(2026, 11, 20))
RENDERER = Renderer(Wording(strict=True), RATES)


def test_a_card_says_what_the_catalogue_says():
    card = _card(rating=4.6, rating_count=812, stock=3, sponsored=True)
    assert plain(RENDERER.card(card, "en").html).splitlines() == [
        "2. Linen dress",
        "$39.50",
        "★4.6 (812) · Only 3 left · Sponsored",
        "– $39.50, within $60",
        "– In stock now",
        "See it in the shop",
    ]


def test_a_written_sentence_takes_the_place_of_the_templates_and_of_nothing_else():
    card = _card(rating=4.6, rating_count=812, sponsored=True)
    shown = plain(RENDERER.card(card, "en", "A <b>linen</b> dress & more.").html).splitlines()
    assert shown[-2:] == ["A <b>linen</b> dress & more.", "See it in the shop"]
    assert not any(line.startswith("–") for line in shown)
    assert "Sponsored" in shown[2]


def test_a_limit_that_gave_way_is_said_beside_a_written_sentence():
    off = Reason(ReasonCode.OFF_LIMIT, {"slot": "color", "value": "burgundy", "wanted": "red"})
    card = replace(_card(), reasons=(off, Reason(ReasonCode.IN_STOCK)))
    shown = plain(RENDERER.card(card, "en", "A linen dress.").html)
    [told] = [line for line in shown.splitlines() if line.startswith("–")]
    assert "burgundy" in told.casefold()
    assert "A linen dress." in shown


def test_chinese_readers_see_about_how_many_yuan():
    assert plain(RENDERER.card(_card(), "zh").html).splitlines()[1] == "US$39.50 ≈ ¥281"
    assert "≈" not in RENDERER.card(_card(), "en").html
    assert "≈" not in Renderer(Wording(strict=True)).card(_card(), "zh").html
    assert "≈" not in RENDERER.card(_card(currency="CNY"), "zh").html


@pytest.mark.parametrize(
    ("stock", "words"), [(None, ""), (20, ""), (5, "Only 5 left"), (1, "Only 1 left"), (0, "Out of stock")]
)
def test_stock_is_told_when_it_is_low(stock, words):
    third = plain(RENDERER.card(_card(stock=stock), "en").html).splitlines()[2]
    assert (third == words) if words else third.startswith("–")


def test_catalogue_text_is_harmless():
    card = _card(title="<script>\u202eevil\u200b</b> & co", url='https://x.example/?a="><b>')
    message = RENDERER.card(card, "en")
    assert message.html.startswith("2. <b>&lt;script&gt;evil&lt;/b&gt; &amp; co</b>")
    assert 'href="https://x.example/?a=&quot;&gt;&lt;b&gt;"' in message.html


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "tg://resolve", "ftp://x", "https://" + "x" * 2000])
def test_only_web_links_are_shown(url):
    assert "<a" not in RENDERER.card(_card(url=url), "en").html
    opening = Option(Line("button-more"), url=url) if url else Option(Line("button-more"), text="more")
    reply = Reply(7, "en", (Line("help"),), options=(opening, Option(Line("button-why"), url="https://shop.example")))
    buttons = [button for row in RENDERER.messages(reply)[0].keyboard for button in row]
    assert [button.url for button in buttons if button.url] == ["https://shop.example"]


def test_the_header_carries_chips_options_and_more():
    reply = Reply(
        turn_id=7,
        language="en",
        lines=(Line("looking-for", {"what": "dress"}), Line("relax-hint")),
        chips=tuple(
            Chip(f"w{n}", Line("chip-value", {"value": word})) for n, word in enumerate(["red", "cotton", "M"])
        ),
        options=(Option(Line("button-more"), "more"),),
        has_more=True,
    )
    [header] = RENDERER.messages(reply)
    assert header.kind is Kind.HEADER
    assert [[button.label for button in row] for row in header.keyboard] == [
        ["More"],
        ["✕ red", "✕ cotton"],
        ["✕ M"],
        ["More"],
    ]


def test_lines_in_front_come_first():
    reply = Reply(1, "en", (Line("thanks"),))
    [message] = RENDERER.messages(reply, ("stale-apology",))
    assert message.html == "Sorry for the late answer, I was away.\nYou are welcome!"


def test_a_page_without_lines_gets_a_header_for_its_buttons():
    reply = Reply(1, "zh", (), cards=(_card(),), has_more=True)
    header, card = RENDERER.messages(reply)
    assert header.html == "请看："
    assert isinstance(card, CardMessage)


def test_a_long_text_becomes_several_messages_with_the_buttons_on_the_last():
    reply = Reply(1, "en", (Line("quote", {"text": "word " * 200}),) * 10, has_more=True)
    messages = RENDERER.messages(reply)
    assert len(messages) == 3
    assert [bool(message.keyboard) for message in messages] == [False, False, True]
    assert [message.kind for message in messages] == [Kind.TEXT, Kind.TEXT, Kind.HEADER]


ANYTHING = st.text(max_size=20).map(lambda text: text * 150)


@given(title=ANYTHING, url=st.text(max_size=1200), words=ANYTHING, language=st.sampled_from(["en", "zh"]))
def test_no_catalogue_breaks_a_card(title, url, words, language):
    card = replace(
        _card(title=title, url="https://" + url), reasons=(Reason(ReasonCode.MATCHES_WORDS, {"words": words}),)
    )
    html = RENDERER.card(card, language).html
    assert weight(html) <= CAPTION_LIMIT
    _parse(html)


@given(text=ANYTHING, label=ANYTHING)
def test_no_shopper_breaks_a_header(text, label):
    chips = (Chip("w0", Line("chip-value", {"value": label})),)
    for message in RENDERER.messages(Reply(1, "en", (Line("quote", {"text": text}), Line("thanks")), chips)):
        assert 0 < weight(message.html) <= TEXT_LIMIT
        _parse(message.html)


def _card(**facts):
    base = Product(
        id="p1",
        title="Linen dress",
        title_zh="亚麻连衣裙",
        price=Decimal("39.50"),
        currency="USD",
        url="https://shop.example/p1",
    )
    reasons = (
        Reason(ReasonCode.SPONSORED),
        Reason(ReasonCode.WITHIN_BUDGET, {"price": Decimal("39.50"), "limit": Decimal(60), "currency": "USD"}),
        Reason(ReasonCode.IN_STOCK, {"count": 3}),
    )
    return Recommendation(replace(base, **facts), 2, 1.0, {}, {}, reasons, id=11)


class _Strict(HTMLParser):
    """Telegram's rules in small: known tags, properly nested, all closed."""

    def __init__(self):
        super().__init__()
        self.opened = []

    def handle_starttag(self, tag, attrs):
        assert tag in {"b", "i", "a"}
        self.opened.append(tag)

    def handle_endtag(self, tag):
        assert self.opened.pop() == tag


def _parse(html):
    parser = _Strict()
    parser.feed(html)
    parser.close()
    assert parser.opened == []
