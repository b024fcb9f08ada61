"""What shoppers send that is no plain wish, and what must hold of any answer to it."""

import re

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

# Prices that cannot be meant, and prices that no product can have.
ABSURD = [
    "a dress under $999999999999999999",
    "a dress between 50 and 20 dollars",
    "a dress under $" + "9" * 60,
    "a dress under $1e999",
    "a dress under $NaN",
    "a dress for -5 dollars",
    "a dress under 50 XYZ",
    "a dress under 100 ISK",
]
ABSURD_ZH = [
    "99999999999999999999999元以内的连衣裙",
    "50到20美元的连衣裙",
    "一亿亿亿亿元以内的连衣裙",
    "负五元以内的裙子",
]
UNMEETABLE = ["a dress under $0", "a dress under $0.0000000001"]
UNMEETABLE_ZH = ["0元以内的连衣裙", "0元以内"]

# Messages that are no text: a name, the contents, and part of the sentence in English and Chinese.
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

# Callback data that no version of the bot ever made.
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
