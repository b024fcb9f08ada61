"""The figures page as staff read it: what was said and shown, counted by day, in both languages and as files."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.console.counting import refresh, wish_of
from bot.console.tables import harmless
from storage.codec import need_to_text
from storage.console.database import ConsoleStore
from storage.console.day_sums import Asked
from storage.console.staff import Role
from storage.records import Intent, Need, PriceRange, Reaction, SlotName, Wish
from tests.support.figures import NOON, Talk
from tests.support.staff import Member, console

ZONE = ZoneInfo("UTC")


@pytest.fixture
def talk(folder):
    with Talk(folder) as talk:
        yield talk


def counted(folder, zone=ZONE):
    with ConsoleStore.open(folder) as store:
        assert refresh(store, zone) == 0


def cells(answer):
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def table(member, name, **asked):
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return cells(member.get(f"/figures/{name}.csv?{query}"))


def test_a_day_of_talk(ana, folder, talk):
    first = talk.turn("red dress", user=1, cards=2)
    talk.turn("and in blue", user=1, intent=Intent.REFINE, cards=1, confidence=0.42)
    talk.turn("", user=1, source="button:more", cards=1)
    talk.turn("hello?", user=2, degraded=True)
    talk.react(first, 0, Reaction.LIKE, Reaction.CART)
    counted(folder)
    day = NOON.date().isoformat()
    rows = table(ana, "talk", first=day, last=day)
    assert rows[1] == [day, "3", "1", "3", "0", "1"]
    assert rows[0][0] == ("Day" if ana.language == "en" else "日期")
    intents = {row[0]: row[1] for row in table(ana, "intents", first=day, last=day)[1:]}
    assert len(intents) == 2
    assert set(intents.values()) == {"1"}
    assert ("Search" in intents) is (ana.language == "en")
    way = table(ana, "way", first=day, last=day)
    assert way[1][1:6] == ["2", "3", "1", "1", "0"]
    page = ana.text(f"/figures?first={day}&last={day}")
    assert ("Shoppers a day 2.0" if ana.language == "en" else "日均顾客 2.0") in page
    assert ("Messages and taps" if ana.language == "en" else "消息与点击") in page


def test_what_people_want_and_the_shop_has_not(ana, folder, talk):
    for user in (1, 2, 3):
        talk.turn("purple unicorn saddle", user=user, admitted=0)
    talk.turn("unicorn, call me at 415-555-0132", user=4, admitted=0)
    counted(folder)
    day = NOON.date().isoformat()
    rows = table(ana, "unmet", first=day, last=day)[1:]
    assert rows[0][:2] == ["purple unicorn saddle", "3"]
    assert rows[1][0] == "unicorn, call me at <phone>"
    assert "415-555-0132" not in ana.get(f"/figures?first={day}&last={day}").text


def test_reactions_that_come_later_change_the_day_of_the_page(folder, talk):
    shown = talk.turn("lamp", user=1, cards=1, at=NOON - timedelta(days=5))
    counted(folder)
    day = (NOON - timedelta(days=5)).date().isoformat()
    with ConsoleStore.open(folder) as store:
        assert store.figures.totals("way", Asked(day, day)) == {"messages": 1, "pages": 1}
        talk.react(shown, 0, Reaction.OPEN, Reaction.BUY)
        refresh(store, ZONE)
        assert store.figures.totals("way", Asked(day, day)) == {
            "messages": 1, "pages": 1, "liked": 1, "carted": 1, "ordered": 1,
        }  # fmt: skip


def test_days_are_those_of_the_shop(folder, talk):
    talk.turn("late", user=1, at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    counted(folder, ZoneInfo("Asia/Shanghai"))
    with ConsoleStore.open(folder) as store:
        assert store.figures.totals("turns", Asked("2026-03-02", "2026-03-02")) == {"messages": 1}
        assert store.figures.totals("turns", Asked("2026-03-01", "2026-03-01")) == {}


def test_by_language_and_campaign(ana, folder, talk):
    talk.campaign(1, "spring_sale")
    talk.campaign(2, "p_demo-1")
    talk.turn("shoes", user=1, cards=1)
    talk.turn("鞋子", user=2, language="zh", cards=1)
    counted(folder)
    day = NOON.date().isoformat()
    assert [row[0] for row in table(ana, "way", first=day, last=day)[1:]] == [
        "Link to a product" if ana.language == "en" else "商品链接",
        "spring_sale",
    ]
    assert table(ana, "talk", first=day, last=day, campaign="spring_sale")[1][1] == "1"
    assert table(ana, "talk", first=day, last=day, language="zh")[1][1] == "1"


def test_latency_is_told_in_all_languages_and_in_each(ana, folder, talk):
    for language, took in (("en", 10), ("zh", 80)):
        talk.turn("lamp", user=1, language=language)
        talk.shop.db.execute(
            "UPDATE turns SET timings = ? WHERE id = (SELECT max(id) FROM turns)", [f'{{"search": {took}}}']
        )
    counted(folder)
    day = NOON.date().isoformat()
    (row,) = table(ana, "latency", first=day, last=day)[1:]
    assert row[:2] == ["search", "2"]
    english, chinese = (float(row[at]) for at in (4, 6))
    assert english < 12 < 70 < chinese < 91
    (row,) = table(ana, "latency", first=day, last=day, language="zh")[1:]
    assert len(row) == 4
    assert row[1] == "1"
    assert 70 < float(row[2]) < 91
    heading = table(ana, "latency", first=day, last=day)[0][4]
    assert heading == {"en": "English: median", "zh": "英文：中位数"}[ana.language]


def test_shoppers_count_once_however_many_days_they_came(ana, app, folder, talk):
    talk.campaign(1, "spring_sale")
    for days, user, language in ((0, 1, "en"), (1, 1, "zh"), (1, 2, "en"), (40, 3, "en")):
        talk.turn("lamp", user=user, language=language, at=NOON - timedelta(days=days))
    counted(folder)
    span = {"first": (NOON - timedelta(days=7)).date().isoformat(), "last": NOON.date().isoformat()}
    figures, interval = app.state.desk.store.figures, ((NOON - timedelta(days=7)).isoformat(), "2100")
    assert figures.shoppers(Asked(*span.values()), interval) == 2
    assert figures.shoppers(Asked(*span.values(), "zh"), interval) == 1
    assert figures.shoppers(Asked(*span.values(), campaign="spring_sale"), interval) == 1
    heading = {"en": "Different shoppers 2", "zh": "不同顾客数 2"}[ana.language]
    assert heading in ana.text(f"/figures?first={span['first']}&last={span['last']}")


def test_what_learning_is_worth_is_counted_when_asked_for(ana, folder, talk):
    for user in range(8):
        shown = talk.turn("lamp", user=user, cards=2)
        if user % 4 == 0:
            talk.shop.db.execute(
                """UPDATE turns SET slate = json_set(slate, '$.policy', 'holdout')
                WHERE id = (SELECT max(id) FROM turns)"""
            )
        if user % 2:
            talk.react(shown, 0, Reaction.LIKE)
    assert table(ana, "holdout")[1:] == []
    assert {"en": "Not compared yet", "zh": "还没有比较过"}[ana.language] in ana.text("/figures")
    ana.post("/figures/arms")
    (clicked, *_, buyers) = table(ana, "holdout")[1:]
    assert clicked[0] == {"en": "Opened or liked", "zh": "打开或喜欢"}[ana.language]
    assert float(clicked[1]) == 0
    assert float(clicked[4]) == float(clicked[7]) > 0
    assert buyers[7:] == ["", "", ""]
    assert {"en": "held out: 2 shoppers", "zh": "对照组 2 位顾客"}[ana.language] in ana.text("/figures")


def test_no_cell_is_a_formula(boss, folder, talk):
    talk.campaign(1, "-2+3")
    for wish in ("=cmd|' /C calc'!A0", "+1+1", "＝1+1", " \t=2"):
        talk.turn(wish, user=1, admitted=0)
    counted(folder)
    day = NOON.date().isoformat()
    found = [row[0] for row in table(boss, "unmet", first=day, last=day)[1:]]
    assert len(found) >= 4
    assert all(cell.startswith("'") for cell in found), found
    assert harmless("@SUM(1)") == "'@SUM(1)"
    assert table(boss, "way", first=day, last=day)[1][0] == "'-2+3"


def test_what_is_wanted_is_shown_and_never_run(boss, folder, talk):
    talk.turn("<script>alert(1)</script>", user=1, admitted=0)
    counted(folder)
    page = boss.get("/figures")
    assert "<script>alert" not in page.text
    assert " style=" not in page.text


def test_an_odd_address_shows_days_that_there_are(boss):
    odd = ("first=x", "first=2026-13-40&last=0", "first=9999-12-31", "last=0001-01-01", "language=de&campaign=%27")
    assert [boss.get(f"/figures?{query}").status_code for query in odd] == [200] * len(odd)


def test_no_such_table(boss):
    assert boss.get("/figures/passwd.csv").status_code == 404
    assert boss.get("/figures/..%2f..%2fshop.db.csv").status_code == 404


def test_who_reads_may_count(app, folder, talk):
    vera = Member.of(app, "vera", Role.VIEWER)
    talk.turn("lamp", user=1)
    assert "Counted" in vera.post("/figures/count").text
    day = NOON.date().isoformat()
    assert table(vera, "talk", first=day, last=day)[1][1] == "1"


def test_counting_anew_brings_the_same(folder, talk):
    for number in range(5):
        shown = talk.turn("lamp", user=number, cards=2, at=NOON - timedelta(days=number))
        talk.react(shown, 1, Reaction.DISLIKE)
    counted(folder)
    asked = Asked("2020-01-01", "2030-01-01")
    with ConsoleStore.open(folder) as store:
        before = {name: store.figures.by_day(name, asked) for name in ("turns", "way", "thumbs", "confidence", "cards")}
        assert before["thumbs"]
        store.figures.forget()
        refresh(store, ZONE)
        assert before == {name: store.figures.by_day(name, asked) for name in before}


def test_before_there_is_a_shop(tmp_path):
    with console(tmp_path) as app:
        member = Member.of(app)
        assert "Nothing has been counted yet" in member.text("/figures")
        assert member.get("/figures/talk.csv").status_code == 200


def test_a_wish_is_written_in_normal_form():
    wishes = (Wish(SlotName.CATEGORY, "dress", "frock", False), Wish(SlotName.COLOR, "red", "red", True))
    need = Need(wishes=wishes, price=PriceRange(max=Decimal(60), currency="USD"))
    assert wish_of("a frock, not red", need_to_text(need)) == "-red · dress · ≤ 60 USD"
    assert wish_of("ｆｏｏ  Bar", need_to_text(Need())) == "foo bar"
