"""What shoppers send that is no plain wish: each gets a clear sentence in their language, and nothing is lost.

One bot serves the whole module over HTTP; after every test the log must be free of errors, for none of this is one.
"""

import asyncio
import json

import pytest

from tests.support.odd_input import (
    ABSURD,
    ABSURD_ZH,
    HOSTILE,
    HOSTILE_ZH,
    INTERNALS,
    PICTURE,
    UNMEETABLE,
    UNMEETABLE_ZH,
    UNREADABLE,
    check_words,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("quiet_log")]

TOO_LONG = {"en": "That was long, so I read the first part only.", "zh": "内容有点长，我只读了前面的部分。"}
NOTHING = {"en": "I found nothing for", "zh": "没有找到符合"}


# --- texts ----------------------------------------------------------------------------------------


async def side_by_side(stage, language, texts, check):
    """`check(shopper, text)` for each text, by a shopper of its own; a few at once."""
    room = asyncio.Semaphore(8)

    async def one(text):
        async with room, await stage.shopper("Ann", language) as shopper:
            try:
                await check(shopper, text)
            except AssertionError as error:
                raise AssertionError(f"{text[:60]!a}: {error}") from error

    await asyncio.gather(*(one(text) for text in texts))


@pytest.mark.long
@pytest.mark.parametrize(("language", "texts"), [("en", HOSTILE), ("zh", HOSTILE_ZH)], ids=["en", "zh"])
async def test_any_text_is_answered_and_kept(stage, language, texts):
    async def check(shopper, text):
        check_words(await shopper.says(text), language)
        if not text.startswith("/"):
            assert stage.turn_of(shopper).turn.text == text.strip()[:1000]

    await side_by_side(stage, language, texts, check)


async def test_where_the_message_has_no_letters_the_talk_keeps_its_language(stage):
    signs = ["😀🎉👗", "???", "100", "👍", "<>"]

    async def newcomer(ming, text):
        check_words(await ming.says(text), "zh")

    async def bilingual(both, text):
        for greeting, language in (("你好", "zh"), ("hello", "en")):
            await both.says(greeting)
            check_words(await both.says(text), language)

    await side_by_side(stage, "zh-hans", signs, newcomer)
    await side_by_side(stage, "en", signs, bilingual)


async def test_of_ten_thousand_characters_the_first_part_is_read(stage, ann):
    word = {"en": "red dress ", "zh": "红色连衣裙，"}[ann.language]
    messages = await ann.says(word * (10_000 // len(word)), whole=True)
    assert messages[0].text.startswith(TOO_LONG[ann.language])
    check_words(messages, ann.language)
    assert all(len(message.text) <= 4096 for message in messages)
    assert len(stage.turn_of(ann).turn.text) == 1000
    # One word of that length can be neither cut nor found.
    check_words(await ann.says({"en": "x", "zh": "裙"}[ann.language] * 10_000, whole=True), ann.language)


async def test_what_no_text_can_hold_is_left_out(stage, ann):
    texts = {"red \ud800dress\udfff": "red dress", "red\0 dress": "red dress", " \n\t ": " \n\t "}
    for text, kept in texts.items():
        await ann.sends({"text": text})
        await stage.settled()  # the cards of the page before are none of this one's
        assert stage.turn_of(ann).turn.text == kept
        assert not INTERNALS.search((await ann.last()).text)
    await ann.sends({"text": "\ud83d"})
    assert stage.outcomes_of(ann)[-1] == ("done", "unreadable"), "of half a character nothing is left"


async def test_what_is_searched_for_is_shown_as_it_was_said(stage):
    async def check(ann, text):
        header, *_ = messages = await ann.says(text, expect=4)
        check_words(messages, "en")
        assert "\u202e" not in header.text
        assert not header.raw.get("entities"), "the shopper's markup must not become ours"

    markup = [
        "looking for a <b>red</b> dress under 90 %s",
        'show me a "red" dress OR * NEAR(',
        "a red \u200bdress",
        "a dress\u202e <> { }",
    ]
    await side_by_side(stage, "en", markup, check)


@pytest.mark.parametrize(
    ("language", "absurd", "unmeetable"),
    [("en", ABSURD, UNMEETABLE), ("zh", ABSURD_ZH, UNMEETABLE_ZH)],
    ids=["en", "zh"],
)
async def test_absurd_prices_are_taken_at_their_word_or_left_out(stage, language, absurd, unmeetable):
    async def check(shopper, text):
        header, *_ = messages = await shopper.says(text)
        check_words(messages, language)
        if text in unmeetable:
            assert header.text.startswith(NOTHING[language]), header.text

    await side_by_side(stage, language, [*absurd, *unmeetable], check)


@pytest.mark.parametrize(
    ("language", "page", "texts"),
    [
        (
            "en",
            "red dress",
            ("the 99th one", "I love the 99th one", "what is the 99th one made of?", "compare 0 and 99"),
        ),
        ("zh", "红色连衣裙", ("第九十九个", "喜欢第99个", "第99个是什么材质", "比较第零个和第99个")),
    ],
)
async def test_items_that_are_not_on_screen_teach_and_tell_nothing(stage, language, page, texts):
    async with await stage.shopper("Ann", language) as ann:
        for text in texts:
            check_words(await ann.says(text), language)
        await ann.says(page)
        for text in texts:
            check_words(await ann.says(text), language)
        with stage.shop() as shop:
            assert shop.feedback.events(ann.id, 10) == []


# --- what is no text ------------------------------------------------------------------------------


async def test_what_cannot_be_read_is_said_so(ann):
    for kind, content, en, zh in UNREADABLE:
        [message] = await ann.sends(content)
        check_words([message], ann.language)
        assert {"en": en, "zh": zh}[ann.language] in message.text, kind


async def test_stickers_voice_and_bare_photos_are_said_so(ann):
    for messages, en, zh in [
        (await ann.sends_sticker("👗"), "cannot read stickers", "看不懂贴纸"),
        (await ann.sends_voice(3), "cannot listen to voice", "听不了语音"),
        (await ann.sends_photo(), "go by colour alone", "只会看颜色"),
    ]:
        check_words(messages, ann.language)
        assert {"en": en, "zh": zh}[ann.language] in messages[0].text


async def test_the_words_under_a_picture_are_read(stage, ann):
    wish = {"en": "a red dress", "zh": "红色的裙子"}[ann.language]
    note = {
        "en": "I read the words under the picture, not the picture itself.",
        "zh": "我只读了图片下面的文字，没有看图片本身。",
    }
    header, *_ = await ann.sends_photo(caption=wish, expect=4)
    assert header.text.startswith(note[ann.language])
    turn = stage.turn_of(ann).turn
    assert (turn.text, turn.source) == (wish, "caption")
    await stage.settled()
    check_words(await ann.sends_photo(caption="<b>{ $x } dress"), "en")


async def test_an_edited_message_is_answered_anew(stage, ann):
    note = {"en": "You edited your message, so here is a fresh answer.", "zh": "您修改了消息，我重新回答一次。"}
    await ann.says({"en": "helo", "zh": "你"}[ann.language])
    for text in ("<i>dress</i>", "😀", "x" * 4000):
        messages = await ann.edits(text, expect=1)
        assert messages[0].text.startswith(note[stage.turn_of(ann).need.language])
    assert stage.turn_of(ann).turn.source == "edited"


async def test_edited_words_under_a_picture_are_read_anew(stage, ann):
    photo = {
        "photo": [PICTURE],
        "caption": {"en": "a red dress", "zh": "红色的裙子"}[ann.language],
        "edit_date": 1_900_000_000,
    }
    check_words(await ann.sends(photo, "edited_message", expect=2), ann.language)
    assert stage.turn_of(ann).turn.source == "edited"


async def test_what_needs_no_answer_gets_none(stage, ann):
    """A live location moves every few seconds; a pinned message is Telegram's own note."""
    moved = {"location": {"latitude": 1.5, "longitude": 2.5}, "edit_date": 1_900_000_000}
    await ann.sends(moved, "edited_message", expect=0)
    await ann.sends(
        {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": ann.id, "type": "private"}}}, expect=0
    )
    await stage.settled()
    assert stage.outcomes_of(ann) == [("done", "ignored"), ("done", "ignored")]


# --- commands -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "payload",
    ["<b>{ $x }", "'; DROP TABLE shoppers; --", "x" * 3000, "../../etc/passwd", "😀\u202e", "ad_17"],
    ids=ascii,
)
async def test_start_takes_any_payload(stage, ann, payload):
    check_words(await ann.says(f"/start {payload}"), ann.language)
    await stage.settled()
    with stage.shop() as shop:
        assert shop.shoppers.start_payload(ann.id) == payload[:64]


async def test_in_groups_it_answers_who_speaks_to_it_and_nobody_else(stage, ann):
    group = {"chat": {"id": -1001, "type": "group", "title": "Friends <b>"}}
    for content in (
        {"text": "/start"},
        {"text": "red dress"},
        {"text": "/help@shop_bot"},
        {"photo": [PICTURE], "caption": "x"},
    ):
        await ann.sends({**group, **content}, expect=0)
    await ann.sends({**group, "text": "red dress", "edit_date": 1_900_000_000}, "edited_message", expect=0)
    await stage.settled()
    # The bot is no member there, so that its answer to the command fails: which says nothing of her own chat.
    outcomes = [outcome for _, outcome in stage.outcomes_of(ann)]
    assert outcomes == ["unreachable", "not addressed", "unreachable", "ignored", "ignored"]
    with stage.shop() as shop:
        assert not (shopper := shop.shoppers.get(ann.id)) or not shopper.blocked


async def test_after_all_this_the_books_are_in_order(stage, ann):
    check_words(await ann.says({"en": "running shoes", "zh": "跑步鞋"}[ann.language], expect=4), ann.language)
    await stage.settled()
    with stage.shop() as shop:
        assert shop.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert shop.inbox.malformed() == []
        assert shop.db.execute("SELECT count(*) FROM updates WHERE state = 'failed'").fetchone() == (0,)
        unanswered = "SELECT count(*) FROM turns WHERE answered_at IS NULL"
        assert shop.db.execute(unanswered).fetchone() == (0,)
        for (reply,) in shop.db.execute("SELECT reply FROM turns"):
            json.loads(reply)
