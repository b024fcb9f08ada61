"""What shoppers send that is no plain wish: each gets a clear sentence in their language, and nothing is lost.

One bot serves the whole module over HTTP; after every test the log must be free of errors, for none of this is one.
"""

import json
import logging
import re

import pytest
import pytest_asyncio

from storage.personal import erase
from tests.support.stage import Stage, copy_stocked

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOO_LONG = {"en": "That was long, so I read the first part only.", "zh": "内容有点长，我只读了前面的部分。"}
NOTHING = {"en": "I found nothing for", "zh": "没有找到符合"}
NO_BUTTON = {"en": "This button no longer works.", "zh": "这个按钮已经失效"}
OLD_CARD = {"en": "This card is too old for me to know.", "zh": "这张卡片太旧"}
STRANGERS = {"en": "This card was made for somebody else.", "zh": "这张卡片是给别人的"}
INTERNALS = re.compile(r"Traceback|Error\b|Exception|sqlite|\.py\b|\$line|\bNone\b|Decimal", re.IGNORECASE)
HAN = re.compile(r"[\u4e00-\u9fff]")

HOSTILE = [
    "<b>&lt;{ $x }%s",
    "</b><script>alert(1)</script> &amp; &#0; <a href='x'>",
    "{{7*7}} ${jndi:ldap://x} %n%s%d {0} {title} { -term } { NUMBER($n) }",
    "NEAR(",
    '" OR *',
    'dress AND NOT ( "unclosed',
    "title : red* ^ + -",
    "-",
    "^",
    "*",
    "'; DROP TABLE turns; --",
    "😀🎉👗",
    "👨‍👩‍👧‍👦🏳️‍🌈👍🏽",
    "?!...",
    "\u202eesrever \u2066dress\u2069 \u200f",
    "r\u0336e\u0336d\u0336 d\u0301\u0301\u0301\u0301ress",
    "\ufeff\u200b\u00ad",
    "\u3164",
    "\uffff\U0010ffff\ue000",
    "red\x07\x1b[31m dress\x85\u2028more",
    "a" * 4000,
    "http://example.com/?q=<>&x=%00",
    "0",
    "-1",
    "1" * 500,
    "٣٤٥ ৳ ①②③ Ⅷ ½",
    "/",
    "/ start",
    "/nosuchcommand <b>",
    "/start@another_bot hello",
    "/language <b>klingon</b>",
]
HOSTILE_ZH = [
    "<b>连衣裙</b> { $x } %s",
    "连衣裙 NEAR( “ OR *",
    "“”‘’《》【】",
    "。。。",
    "的的的的的的的的的的的的",
    "𠮷𡃁𪚥" * 100,
    "ｆｕｌｌｗｉｄｔｈ　＜ｂ＞　連衣裙",
    "'；删除表 turns；--",
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("bad_input") / "data")
    async with Stage(folder) as stage:
        yield stage
        assert await stage.api.simulator.alarms() == [], "methods that the local Bot API does not serve"


@pytest.fixture(autouse=True)
def quiet_log(caplog):
    """Bad input is no error of ours: nothing at that level, and no stack trace at any."""
    yield
    loud = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR or r.exc_info]
    assert loud == [], [record.getMessage() for record in loud]


@pytest_asyncio.fixture(params=["en", "zh"], loop_scope="module")
async def ann(request, stage):
    async with await stage.shopper("Ann <b>{ $x }", request.param) as ann:
        ann.language = request.param
        yield ann


def the_turn(stage, shopper):
    """The shopper's newest turn."""
    with stage.shop() as shop:
        return shop.transcripts.history(shopper.id, 1)[-1]


def outcomes(stage, shopper):
    with stage.shop() as shop:
        sql = "SELECT state, outcome FROM updates WHERE user_id = ? ORDER BY update_id"
        return [tuple(row) for row in shop.db.execute(sql, [shopper.id])]


def check_words(messages, language):
    """Something was said, in this language, without a look inside the machine; no button is blank."""
    assert messages
    own = messages[0].text
    assert bool(HAN.search(own)) == (language == "zh"), own
    for message in messages:
        assert message.text.strip()
        assert not INTERNALS.search(message.text), message.text
        for label in message.labels:
            assert re.search(r"\w|👍|👎", label), f"a blank button: {label!r}"


# --- texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
async def test_any_text_is_answered_and_kept(stage, text):
    async with await stage.shopper("Ann", "en") as ann:
        check_words(await ann.says(text), "en")
        await stage.settled()
        assert outcomes(stage, ann) == [("done", "answered")]


@pytest.mark.parametrize("text", HOSTILE_ZH, ids=ascii)
async def test_any_chinese_text_is_answered_in_chinese(stage, text):
    async with await stage.shopper("小明", "zh-hans") as ming:
        check_words(await ming.says(text), "zh")
        assert the_turn(stage, ming).turn.text == text.strip()


@pytest.mark.parametrize("text", ["😀🎉👗", "???", "100", "👍", "<>"])
async def test_where_the_message_has_no_letters_the_talk_keeps_its_language(stage, text):
    async with await stage.shopper("小明", "zh-hans") as ming:
        check_words(await ming.says(text), "zh")
    async with await stage.shopper("Bilingual", "en") as both:
        await both.says("你好")
        check_words(await both.says(text), "zh")
        await both.says("hello")
        check_words(await both.says(text), "en")


async def test_of_ten_thousand_characters_the_first_part_is_read(stage, ann):
    word = {"en": "red dress ", "zh": "红色连衣裙，"}[ann.language]
    messages = await ann.says(word * (10_000 // len(word)), whole=True)
    assert messages[0].text.startswith(TOO_LONG[ann.language])
    check_words(messages, ann.language)
    assert all(len(message.text) <= 4096 for message in messages)
    assert len(the_turn(stage, ann).turn.text) == 1000
    # One word of that length can be neither cut nor found.
    check_words(await ann.says({"en": "x", "zh": "裙"}[ann.language] * 10_000, whole=True), ann.language)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("red \ud800dress\udfff", "red dress"), ("\ud83d", ""), ("red\0 dress", "red dress"), (" \n\t ", " \n\t ")],
    ids=ascii,
)
async def test_what_no_text_can_hold_is_left_out(stage, ann, text, kept):
    check_words(await ann.sends({"text": text}), ann.language if not kept.strip() else "en")
    assert the_turn(stage, ann).turn.text == kept


@pytest.mark.parametrize(
    "text",
    ["I want a <b>{ $x }%s</b> dress", 'show me a dress "NEAR(" OR *', "a red \u200bdress", "a dress\u202e <> { }"],
)
async def test_what_is_searched_for_is_shown_as_it_was_said(stage, ann, text):
    header, *_ = messages = await ann.says(text, expect=4)
    check_words(messages, "en")
    assert "\u202e" not in header.text
    assert not header.raw.get("entities"), "the shopper's markup must not become ours"


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("a dress under $999999999999999999", False),
        ("a dress under $0", True),
        ("0元以内的连衣裙", True),
        ("0元以内", True),
        ("a dress under $0.0000000001", True),
        ("99999999999999999999999元以内的连衣裙", False),
        ("a dress between 50 and 20 dollars", False),
        ("50到20美元的连衣裙", False),
        ("a dress under $" + "9" * 60, False),
        ("a dress under $1e999", False),
        ("a dress under $NaN", False),
        ("a dress for -5 dollars", False),
        ("一亿亿亿亿元以内的连衣裙", False),
        ("a dress under 50 XYZ", False),
        ("a dress under 100 ISK", False),
    ],
)
async def test_absurd_prices_are_taken_at_their_word_or_left_out(stage, text, nothing):
    language = "zh" if HAN.search(text) else "en"
    async with await stage.shopper("Ann", language) as ann:
        header, *_ = messages = await ann.says(text)
        check_words(messages, language)
        if nothing:
            assert header.text.startswith(NOTHING[language])


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

FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 10}
PICTURE = {**FILE, "width": 90, "height": 90}
UNREADABLE = [
    ("location", {"location": {"latitude": 1.5, "longitude": 2.5}}, "cannot use places", "用不了位置信息"),
    (
        "venue",
        {
            "location": {"latitude": 1.0, "longitude": 2.0},
            "venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": "Shop", "address": "Street"},
        },
        "cannot use places",
        "用不了位置信息",
    ),
    ("contact", {"contact": {"phone_number": "1", "first_name": "Bob"}}, "cannot use contacts", "用不了名片"),
    ("dice", {"dice": {"emoji": "🎲", "value": 6}}, "cannot read stickers", "看不懂贴纸"),
    ("video", {"video": {**PICTURE, "duration": 3}}, "cannot watch videos", "看不了视频"),
    ("video note", {"video_note": {**FILE, "length": 9, "duration": 3}}, "cannot watch videos", "看不了视频"),
    ("audio", {"audio": {**FILE, "duration": 3}}, "cannot listen to audio", "听不了音频"),
    ("document", {"document": FILE}, "cannot open files", "打不开文件"),
    (
        "animation",
        {"animation": {**PICTURE, "duration": 3}, "document": FILE},
        "cannot watch animations",
        "看不了动图",
    ),
    (
        "poll",
        {
            "poll": {
                "id": "1",
                "question": "?",
                "options": [],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            }
        },
        "cannot answer polls",
        "不能参与投票",
    ),
    ("game", {"game": {"title": "G", "description": "", "photo": []}}, "cannot read this kind", "读不了这种消息"),
    ("something new", {"hologram": {"depth": 3}}, "cannot read this kind", "读不了这种消息"),
]


async def test_what_cannot_be_read_is_said_so(ann):
    for kind, content, en, zh in UNREADABLE:
        [message] = await ann.sends(content)
        check_words([message], ann.language)
        assert {"en": en, "zh": zh}[ann.language] in message.text, kind


async def test_stickers_voice_and_bare_photos_are_said_so(ann):
    for messages, en, zh in [
        (await ann.sends_sticker("👗"), "cannot read stickers", "看不懂贴纸"),
        (await ann.sends_voice(3), "cannot listen to voice", "听不了语音"),
        (await ann.sends_photo(), "cannot look at pictures", "看不懂图片"),
    ]:
        check_words(messages, ann.language)
        assert {"en": en, "zh": zh}[ann.language] in messages[0].text


async def test_the_words_under_a_picture_are_read(stage, ann):
    wish = {"en": "a red dress", "zh": "红色的裙子"}[ann.language]
    note = {
        "en": "I cannot look at pictures yet, so I read the words under it.",
        "zh": "我还看不懂图片，只读了下面的文字。",
    }
    header, *_ = await ann.sends_photo(caption=wish, expect=2)
    assert header.text.startswith(note[ann.language])
    turn = the_turn(stage, ann).turn
    assert (turn.text, turn.source) == (wish, "caption")
    check_words(await ann.sends_photo(caption="<b>{ $x } dress"), "en")


async def test_an_edited_message_is_answered_anew(stage, ann):
    note = {"en": "You edited your message, so here is a fresh answer.", "zh": "您修改了消息，我重新回答一次。"}
    await ann.says({"en": "helo", "zh": "你"}[ann.language])
    for text in ("<i>dress</i>", "😀", "x" * 4000):
        messages = await ann.edits(text, expect=1)
        assert messages[0].text.startswith(note[the_turn(stage, ann).need.language])
    assert the_turn(stage, ann).turn.source == "edited"


async def test_edited_words_under_a_picture_are_read_anew(stage, ann):
    photo = {
        "photo": [PICTURE],
        "caption": {"en": "a red dress", "zh": "红色的裙子"}[ann.language],
        "edit_date": 1_900_000_000,
    }
    check_words(await ann.sends(photo, "edited_message", expect=2), ann.language)
    assert the_turn(stage, ann).turn.source == "edited"


async def test_what_needs_no_answer_gets_none(stage, ann):
    """A live location moves every few seconds; a pinned message is Telegram's own note."""
    moved = {"location": {"latitude": 1.5, "longitude": 2.5}, "edit_date": 1_900_000_000}
    await ann.sends(moved, "edited_message", expect=0)
    await ann.sends(
        {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": ann.id, "type": "private"}}}, expect=0
    )
    await stage.settled()
    assert outcomes(stage, ann) == [("done", "ignored"), ("done", "ignored")]


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


async def test_groups_are_left_alone(stage, ann):
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
    assert {outcome for _, outcome in outcomes(stage, ann)} == {"ignored"}
    assert [call for call in await stage.api.simulator.calls() if call.chat_id == -1001] == []


# --- buttons --------------------------------------------------------------------------------------

FORGED = [
    "",
    "x",
    "<b>{ $x }",
    "c",
    "c:",
    "c:like",
    "c:like:abc",
    "c:steal:1",
    "c:like:1:2",
    "p:drop:x:w0",
    "s|x|dress",
    "s|",
    "😀" * 16,
    "\x00\u202e",
    "c:like:-1",
    f"c:cheaper:{2**63}",
    "p:more:" + "9" * 40 + ":",
    f"p:drop:{2**64}:w0",
    f"s|{2**63}|/reset",
]


async def press(shopper, data, expect=0, **around):
    """A tap on a button that need not exist."""
    query = {"id": "q", "chat_instance": "1", "data": data, **around}
    return await shopper.sends(query, "callback_query", expect=expect)


@pytest_asyncio.fixture(loop_scope="module")
async def alerts(stage):
    """The words of the answers to the taps since the test began, in order."""
    since = len(await stage.api.simulator.calls("answerCallbackQuery"))

    async def read():
        await stage.settled()
        calls = await stage.api.simulator.calls("answerCallbackQuery")
        return [call.arguments.get("text", "") for call in calls[since:]]

    return read


async def test_buttons_that_nobody_made_are_answered_kindly(stage, ann, alerts):
    for data in FORGED:
        await press(ann, data)
        [*_, alert] = await alerts()
        assert alert.startswith(NO_BUTTON[ann.language]), data
    assert outcomes(stage, ann) == [("done", "unknown button")] * len(FORGED)


@pytest.mark.parametrize("data", ["c:like:{}", "c:more_like:{}", "c:cheaper:{}", "p:more:{}:", "p:drop:{}:w0"])
async def test_cards_that_never_were_are_answered_kindly(stage, ann, alerts, data):
    numbers = [0, 999_999_999, 2**63 - 1]
    for number in numbers:
        await press(ann, data.format(number))
        [*_, alert] = await alerts()
        assert alert.startswith(OLD_CARD[ann.language]), number
    assert [outcome for _, outcome in outcomes(stage, ann)] == ["gone"] * len(numbers)


async def test_buttons_of_the_wrong_place_do_no_harm(stage, ann):
    """Made up, but of numbers that exist: at worst shoppers press what was theirs to press."""
    async with await stage.shopper("Bob", "en") as bob:
        await bob.says("a red dress", expect=4)
        with stage.shop() as shop:
            page = shop.transcripts.latest_page(bob.id)
        card = page.recommendations[0].id
        for data in (
            f"c:more:{page.turn_id}",
            f"c:drop:{page.turn_id}",
            f"c:say:{card}",
            f"p:like:{card}:",
            f"p:cheaper:{card}:",
        ):
            await press(ann, data)
            await press(bob, data)
            await stage.settled()
        assert {state for who in (ann, bob) for state, _ in outcomes(stage, who)} == {"done"}
        with stage.shop() as shop:
            assert shop.feedback.events(ann.id, 10) == []
            assert shop.transcripts.latest_page(ann.id) is None


@pytest.mark.parametrize("data", ["s|0|dress", "s|99|<b>{ $x }", "s|9|/reset", "s|1|/nonsense", "s|1|"])
async def test_a_tappable_answer_from_anywhere_is_only_words(stage, ann, data):
    check_words(await press(ann, data, expect=1), ann.language if data.endswith(("/reset", "|")) else "en")


async def test_chips_that_are_not_there_drop_nothing(stage, ann):
    await ann.says("a red dress")
    turn = the_turn(stage, ann)
    for key in ("w99", "w-1", "nonsense", "w" + "9" * 30, "", "<b>"):
        await press(ann, f"p:drop:{turn.turn.id}:{key}", expect=1)
        assert the_turn(stage, ann).need.wishes == turn.need.wishes


async def test_buttons_of_a_strangers_card_teach_nobody(stage, ann, alerts):
    async with await stage.shopper("Bob", "en") as bob:
        header, *cards = await bob.says("a red dress", expect=4)
        for label in ("👍", "👎", "Cheaper", "More like this", "Less like this"):
            await press(ann, cards[0].data(label))
        await press(ann, header.data("More"))
        words = await alerts()
        assert len(words) == 6
        assert all(word.startswith(STRANGERS[ann.language]) for word in words)
        with stage.shop() as shop:
            assert shop.feedback.events(ann.id, 10) == shop.feedback.events(bob.id, 10) == []
            assert shop.tastes.get(ann.id) is shop.tastes.get(bob.id) is None


async def test_buttons_of_an_erased_talk_are_answered_kindly(stage, ann, alerts):
    header, card, *_ = await ann.says("a red dress", expect=4)
    await stage.bot.house.database.run(lambda shop: erase(shop, ann.id))
    for data in (card.data("👍"), card.data("Cheaper"), card.data("Less like this"), header.data("More")):
        await press(ann, data)
    words = await alerts()
    assert len(words) == 4
    assert all(word.startswith(OLD_CARD[ann.language]) for word in words)
    check_words(await ann.says("a red dress", expect=4), "en")


async def test_a_reaction_pressed_twice_and_changed_counts_once(stage, ann):
    _, card, *_ = await ann.says("a red dress", expect=4)
    toasts = [(await ann.taps(label, on=card)).answer for label in ("👍", "👍", "👎", "👎", "👍")]
    told = ["Noted, more of that", "I had noted that already", "Noted, you changed your mind"]
    assert toasts == [told[0], told[1], told[2], told[1], told[2]]
    with stage.shop() as shop:
        [kept] = shop.feedback.of(ann.id)
    assert kept[0].reaction == "like"


async def test_buttons_work_after_a_restart(stage, ann):
    header, card, *_ = await ann.says("a red dress", expect=4)
    await ann.taps("👍", on=card)
    await stage.restart()
    assert (await ann.taps("👍", on=card)).answer == "I had noted that already"
    assert (await ann.taps("👎", on=card)).answer == "Noted, you changed your mind"
    more = await ann.taps("More", on=header, expect=1)
    assert not more.alert
    check_words((await ann.taps("Cheaper", on=card, expect=1)).new, "en")


async def test_a_tap_without_its_message_is_worked_all_the_same(stage, ann, alerts):
    """Telegram sends taps on old messages with an inaccessible one, on inline ones with none."""
    _, card, *_ = await ann.says("a red dress", expect=4)
    gone = {"chat": {"id": ann.id, "type": "private"}, "message_id": card.message_id, "date": 0}
    await press(ann, card.data("👍"), message=gone)
    await press(ann, card.data("👎"), inline_message_id="i")
    await press(ann, None, game_short_name="g")
    words = await alerts()
    assert [word[:5] for word in words] == ["Noted", "Noted", NO_BUTTON["en"][:5]]
    with stage.shop() as shop:
        assert [event.reaction for event in shop.feedback.events(ann.id, 9)][-1] == "dislike"


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
