"""Support reads what happened: the list, the talk, one turn, as staff see them in either language."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape

import pytest

from bot.reply import ALBUM, Attachment, Line, Reply
from bot.reply_json import dump_reply
from storage import forgetting
from storage.product_rows import to_row
from storage.records import Feedback, Intent, Reaction
from storage.shop import Shop
from tests.support.staff import Member, read
from tests.support.talks import START, Talker, dress

DAY = 24 * 60


@pytest.fixture
def talker(folder):
    shop = Shop.open(folder)
    yield Talker(shop)
    shop.close()


@pytest.fixture
def talks(talker):
    """Five conversations of as many shoppers, the newest last."""
    talker.says("a red dress under $60", 0, 1, slots=[("color", "red"), ("category", "dress")], shown=3)
    talker.says("有没有蓝牙耳机", DAY, 2, "zh", slots=[("category", "蓝牙耳机")])
    talker.says("get me an agent", 2 * DAY, 3, intent=Intent.HUMAN, confidence=0.3, fallback=True)
    liked = talker.says("linen dresses please", 3 * DAY, 4, shown=2)
    talker.says("what is the weather", 4 * DAY, 5, intent=Intent.OUT_OF_SCOPE, degraded=True)
    shop = talker.shop
    shop.feedback.add(Feedback(shop.transcripts.page(liked.id)[0].id, 4, Reaction.DISLIKE, datetime.now(UTC)))
    shop.conversations.handed_off(3)
    return talker


def listed(member, query=""):
    """The numbers of the conversations on a page of the list, in their order."""
    html = member.get(f"/conversations{query}").text
    return [int(number) for number in re.findall(r'href="/conversations/(\d+)[?"#]', html)]


def test_the_list_shows_the_newest_first_with_what_was_said(ana, talks):
    assert listed(ana) == [5, 4, 3, 2, 1]
    text = ana.text("/conversations")
    assert "a red dress under $60" in text
    assert "有没有蓝牙耳机" in text
    assert {"en": "5 conversations", "zh": "5 个会话"}[ana.language] in text


FILTERS = {
    "?language=zh": [2],
    "?intent=human": [3],
    "?most=50": [3],
    "?least=50": [5, 4, 2, 1],
    "?thumbs=down": [4],
    "?thumbs=up": [],
    "?thumbs=none": [5, 3, 2, 1],
    "?fallback=yes": [3],
    "?fallback=no": [5, 4, 2, 1],
    "?degraded=yes": [5],
    "?handoff=yes": [3],
    "?from=2026-03-03&to=2026-03-04": [4, 3],
    "?model=lora-1": [5, 4, 3, 2, 1],
    "?model=never": [],
    "?reviewed=yes": [2],
    "?reviewed=no": [5, 4, 3, 1],
    "?tag=vip": [4, 2],
    "?beside=2": [2],
    "?q=dress": [4, 1],
    "?q=耳机": [2],
    "?q=藍牙耳機": [2],
    "?q=Larkhill": [4, 1],
    "?q=dress&thumbs=down": [4],
    "?q=dress&tag=vip&reviewed=yes": [],
    "?language=en&intent=human&fallback=yes&handoff=yes&degraded=no&most=40&q=agent": [3],
}


def test_a_filter_is_an_address(boss, talks):
    store = boss.client.app.state.desk.store
    store.notes.tag(2, "vip", "ana")
    store.notes.tag(4, "vip", "ana")
    with store.db.atomic():
        store.db.execute("INSERT INTO reviewed_conversations VALUES (2, 1, '2026-03-05')")
    assert {query: listed(boss, query) for query in FILTERS} == FILTERS


def test_what_cannot_be_read_is_said_and_left_out(ana, talks):
    text = ana.text("/conversations?from=2026-13-01&least=x&most=400&intent=foo&q=the&reviewed=maybe&beside=-1&tag=vip")
    for value in ("2026-13-01", "x", "400", "foo", "the", "maybe", "-1"):
        assert f"“{value}”" in text
    assert "“vip”" not in text
    assert listed(ana, "?thumbs=<script>&below=0") == [5, 4, 3, 2, 1]
    assert ana.get("/conversations?below=x").status_code == 400
    assert "<script>alert" not in ana.get("/conversations?q=<script>alert(1)</script>").text


def test_hits_are_marked_in_what_was_said_and_in_what_was_shown(boss, talks):
    assert "<mark>dresses</mark>" in boss.get("/conversations?q=dress").text
    assert "<mark>Larkhill</mark>" in boss.get("/conversations?q=larkhill").text
    assert "<mark>耳机</mark>" in boss.get("/conversations?q=耳機").text
    assert "有没有蓝牙<mark>耳机</mark>" in boss.get("/conversations?q=耳机").text


def test_pages_of_the_list_follow_each_other(boss, talker):
    for number in range(110):
        talker.says("socks", number * DAY, 100 + number)
    for query in ("", "&q=sock"):
        seen, address = [], f"/conversations?language=en{query}"
        while address:
            html = boss.get(address).text
            seen += [int(number) for number in re.findall(r'<a href="/conversations/(\d+)', html)]
            further = re.search(r'rel="next" href="([^"]+)"', html)
            address = further and further[1].replace("&amp;", "&")
        assert seen == list(range(110, 0, -1))


def test_a_conversation_reads_as_a_chat(ana, talker):
    talker.says(
        "a red dress, not silk", slots=[("color", "red"), ("material", "silk", True), ("category", "dress")], shown=2
    )
    first = talker.shop.transcripts.page(1)[0]
    talker.shop.feedback.add(Feedback(first.id, 7_123_456_789, Reaction.LIKE, START))
    talker.says("嗯", 1, language="zh", intent=Intent.DENY, confidence=0.4, fallback=True, lines=[Line("unsure")])
    talker.says("", 2, source="button:more", intent=Intent.MORE, confidence=1.0)
    talker.says("nobody answers", 3, answered=False)
    html = ana.get("/conversations/1").text
    text = read(html)
    assert 'class="slot slot-color"' in html
    assert re.search(r'<del class="slot slot-material"[^>]*>silk</del>', html)
    for shown in ("Larkhill linen dress 1", "$39.90", "👍", "Some ideas for you", "lora-1"):
        assert shown in text
    words = {
        "en": ("Search 90.0%", "Not answered.", "not by the model alone", "More", "up to $60", "11.2 ms"),
        "zh": ("90.0%", "未回答。", "非模型单独作答", "更多", "11.2 毫秒"),
    }
    for shown in words[ana.language]:
        assert shown in text
    assert "dress-3" not in html


def test_every_candidate_is_on_the_page_of_its_turn(ana, talker):
    turn = talker.says("a red dress", shown=2)
    text = ana.text(f"/conversations/1/turns/{turn.id}")
    for number in range(1, 6):
        assert re.search(rf"(Larkhill linen dress|亚麻连衣裙) {number}", text)
    assert {"en": "price fit", "zh": "价格合适"}[ana.language] in text
    assert {"en": "2 shown of 120", "zh": "120 件中展示了 2 件"}[ana.language] in text
    part = ana.get(f"/conversations/1/turns/{turn.id}", **{"HX-Request": "true"}).text
    assert "<html" not in part
    assert "<table" in part


def test_the_price_is_the_one_that_was_shown(boss, talker):

    talker.says("a red dress", shown=1)
    talker.shop.catalogue.upsert([dress(1, price=Decimal("19.00"))])
    talker.shop.catalogue.retain({"dress-2"})
    text = boss.text("/conversations/1")
    assert "$39.90" in text
    assert "now $19.00" in text
    assert "no longer sold" in text


def test_answers_of_other_versions_stay_readable(ana, talker):
    talker.says("older", reply='{"texts": ["hello"]}')
    talker.says("newer", 1, lines=[Line("a-code-of-tomorrow")])
    text = ana.text("/conversations/1")
    assert "older" in text
    assert {"en": "another version", "zh": "另一版本"}[ana.language] in text


def test_where_a_person_speaks_the_bot_is_silent(ana, talker):
    turn = talker.says("hello?")
    silent = dump_reply(Reply(turn.id, "en", (), silent=True))
    talker.says("are you there", 1, reply=silent)
    assert {"en": "The bot kept silent", "zh": "机器人未作答"}[ana.language] in ana.text("/conversations/1")


def test_a_long_conversation_comes_in_pages_and_a_turn_finds_its_page(boss, talker):
    turns = [talker.says(f"message {number}", number / 60).id for number in range(130)]
    last = boss.text("/conversations/1")
    assert "message 129" in last
    assert "message 79" not in last
    assert "80 earlier turns" in last
    html = boss.get(f"/conversations/1?turn={turns[5]}").text
    assert f'id="turn-{turns[5]}"' in html
    there = boss.client.get(f"/turns/{turns[5]}")
    assert there.headers["location"] == f"/conversations/1?turn={turns[5]}#turn-{turns[5]}"
    seen, address = [], "/conversations/1?since=1"
    while address:
        html = boss.get(address).text
        seen += [int(number) for number in re.findall(r'id="turn-(\d+)"', html)]
        further = re.search(r'rel="next" href="([^"]+)"', html)
        address = further and further[1].replace("&amp;", "&")
    assert seen == turns


def test_personal_data_is_masked_until_it_is_revealed(ana, talker):
    talker.says(
        "call me at 415-555-0132, a red dress",
        slots=[("color", "red")],
        lines=[Line("quote", {"text": "at 415-555-0132"})],
    )
    for page in ("/conversations", "/conversations/1", "/conversations/1/turns/1"):
        html = ana.get(page).text
        assert "415-555-0132" not in html
        assert "•" in html
    assert re.search(r'<span class="slot slot-color"[^>]*>red</span>', ana.get("/conversations/1").text)
    ana.post("/conversations/1/reveal", then="/conversations/1")
    assert "415-555-0132" in ana.text("/conversations/1")
    assert str(7_123_456_789) not in ana.get("/conversations/1").text


def test_what_is_not_there_is_said(boss, talker):
    talker.says("mine", user_id=1)
    other = talker.says("other", user_id=2)
    gone = ("/conversations/9", "/conversations/1/turns/99", "/turns/99", "/pictures/nothing")
    for address in (*gone, f"/conversations/1/turns/{other.id}"):
        assert boss.get(address).status_code == 404


def test_what_shoppers_and_feeds_write_is_text(boss, talker):
    evil = '<img src=x onerror="alert(1)">"\'{{ 7*7 }}'
    talker.shop.catalogue.upsert([dress(1, title=evil, title_zh=evil)])
    talker.says(
        f"{evil} red", slots=[("color", "red")], shown=1, lines=[Line("quote", {"text": evil})], written={1: evil}
    )
    for page in ("/conversations", "/conversations?q=alert", "/conversations/1", "/conversations/1/turns/1"):
        html = boss.get(page).text
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html
        assert "{{ 7*7 }}" in html


def test_pictures_come_from_here_and_from_the_data_folder_alone(boss, folder, talker):
    (folder / "shoe.png").write_bytes(b"\x89PNG\r\n\x1a\nrest")
    (folder / "page.html").write_text("<script>")
    secret = folder.parent / "secret.png"
    secret.write_bytes(b"\x89PNG secret")
    talker.shop.catalogue.upsert(
        [
            *(dress(6, image_url="shoe.png"), dress(7, image_url="page.html"), dress(8, image_url="../secret.png")),
            *(dress(9, image_url="https://shop.example/x.png"), dress(10, image_url=str(secret))),
        ]
    )
    assert boss.get("/pictures/dress-1").headers["content-type"] == "image/jpeg"
    assert boss.get("/pictures/dress-6").headers["content-type"] == "image/png"
    for number in (7, 8, 9, 10):
        assert boss.get(f"/pictures/dress-{number}").status_code == 404


def test_an_album_is_told_with_its_small_pictures(ana, folder, talker):
    (folder / "seam.png").write_bytes(b"\x89PNG\r\n\x1a\nrest")
    (folder / "other.png").write_bytes(b"\x89PNG\r\n\x1a\nrest")
    shown = dress(1, pictures=("demo:1/detail", "https://shop.example/x.png", "seam.png"))
    talker.shop.catalogue.upsert([shown])
    album = Attachment(ALBUM, {"product": to_row(shown)})
    talker.says("more pictures", reply=dump_reply(Reply(1, ana.language, (Line("help"),), attachments=(album,))))
    for page in ("/conversations/1", "/conversations/1/turns/1"):
        html = ana.get(page).text
        assert {"en": "4 pictures of “Larkhill linen dress 1”", "zh": "“亚麻连衣裙 1”的 4 张图片"}[ana.language] in html
        addresses = re.findall(r'src="(/pictures/[^"]+)"', html)
        assert len(addresses) == 3 and len({ana.get(address).content for address in addresses}) == 3
    for name in ("other.png", "https://shop.example/x.png", "../secret.png", "demo:2"):
        assert ana.get(f"/pictures/dress-1?name={name}").status_code == 404


def test_what_is_more_than_is_counted_can_be_counted_exactly(ana, talker):
    """A word that more conversations hold than a page of a search counts."""
    for user in range(1, 306):
        talker.says("红色 red dress" if user % 5 else "a mug", user, user)
    searched = ana.get("/conversations?q=dress")
    assert {"en": "244 conversations", "zh": "244 个会话"}[ana.language] in read(searched.text)
    for user in range(306, 376):
        talker.says("red dress", user, user)
    searched = ana.get("/conversations?q=dress").text
    assert {"en": "More than 300 conversations", "zh": "超过 300 个会话"}[ana.language] in read(searched)
    [link] = re.findall(r'href="(/conversations\?[^"]*count=all[^"]*)"', searched)
    counted = ana.get(unescape(link)).text
    assert {"en": "314 conversations", "zh": "314 个会话"}[ana.language] in read(counted)
    assert "count=all" not in counted
    assert len(re.findall(r'href="/conversations/\d+', counted)) == 50


def test_an_erased_shopper_is_in_no_list(boss, talks):
    forgetting.erase(talks.shop, 1)
    assert listed(boss) == [5, 4, 3, 2]
    assert listed(boss, "?q=dress") == [4]
    assert boss.get("/conversations/1").status_code == 404


def test_nobody_reads_without_signing_in(app, talks):

    stranger = Member(app)
    for address in ("/conversations", "/conversations/1", "/conversations/1/turns/1", "/turns/1", "/pictures/dress-1"):
        assert stranger.client.get(address).headers["location"].startswith("/sign-in")


def test_a_shop_without_talks_says_so(ana, folder):
    assert {"en": "No conversation fits", "zh": "没有符合的会话"}[ana.language] in ana.text("/conversations")
