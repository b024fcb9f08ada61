"""Review by plain forms, as a browser without a script sends them."""

import re
from html import unescape

import pytest

from storage.console.database import ConsoleStore
from storage.console.labels import Act, Lane, SlotSpan, Verdict
from storage.console.personal import sweep
from storage.console.staff import Role
from storage.forgetting import erase
from storage.records import Intent, SlotName
from tests.support.messages import Talks
from tests.support.staff import Member, console, read

NO_SAMPLE = {"review_sample": 0.0, "second_opinions": 0.0}
SAYS = {
    "en": ("a red dress, not linen", "color=red category=dress material=!linen"),
    "zh": ("👗红色连衣裙不要亚麻", "color=红色 category=连衣裙 material=!亚麻"),
}
THANKS = {"en": "Thanks", "zh": "感谢"}


@pytest.fixture
def app(folder):
    with console(folder, **NO_SAMPLE) as app:
        yield app


@pytest.fixture
def talks(folder):
    with Talks(folder) as talks:
        yield talks


@pytest.fixture
def mei(app):
    return Member.of(app, "mei", Role.REVIEWER, "zh")


def store_of(app):
    return ConsoleStore.open(app.state.desk.settings.data, guest=True)


def label(app, turn):
    with store_of(app) as store:
        return store.labels.get(turn)


def form_of(html):
    """The fields of the label's form, as a browser would send them unchanged."""
    body = re.search(r'<form[^>]*id="label-form".*?</form>', html, re.DOTALL)[0]
    fields = {"version": re.search(r'name="version" value="(\d+)"', body)[1]}
    fields["intent"] = re.findall(r'name="intent" value="(\w+)" checked', body)
    for name in ("other", "also", "slot_name", "slot_negated"):
        selects = re.findall(rf'<select name="{name}".*?</select>', body, re.DOTALL)
        chosen = [re.search(r'<option value="(\w*)" selected', each) for each in selects]
        fields[name] = [each[1] if each else ("no" if name == "slot_negated" else "") for each in chosen]
    for name in ("slot_start", "slot_end"):
        fields[name] = re.findall(rf'name="{name}"[^>]*value="(\d+)"', body)
    return fields


def showing(html):
    """The message that is in hand, and its turn."""
    return unescape(re.search(r'data-text="([^"]*)"', html)[1]), int(re.search(r'action="/review/(\d+)"', html)[1])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_model_read_is_filled_in_and_saved_as_right(app, ana, talks, language):
    text, slots = SAYS[language]
    turn = talks.says(text, "search 0.5 refine 0.45 more 0.05", slots)
    page = ana.get("/review").text
    assert showing(page) == (text, turn)
    assert {"en": "lie 5 points apart", "zh": "只差 5 个百分点"}[ana.language] in read(page)
    ana.post(f"/review/{turn}", act="save", **form_of(page))
    kept = label(app, turn)
    assert (kept.verdict, kept.intent, kept.by, kept.lane) == (Verdict.CORRECT, Intent.SEARCH, "ana", Lane.WORTH)
    assert [text[span.start : span.end] for span in kept.slots] == [
        part.split("=")[1].removeprefix("!") for part in slots.split()
    ]
    assert [span.negated for span in kept.slots] == [False, False, True]
    assert {"en": "Nothing waits", "zh": "没有待审核"}[ana.language] in ana.text("/review")


def test_a_correction_keeps_intent_further_requests_and_spans_in_code_points(app, ana, talks):
    turn = talks.says("😀 便宜点的蓝色👟 hat", "search 0.5 refine 0.45", "color=蓝色")
    form = form_of(ana.get("/review").text) | {
        "other": "compare",
        "also": ["more", "", ""],
        "slot_name": ["color", "category", "feature", ""],
        "slot_start": ["6", "8", "1", "0"],
        "slot_end": ["8", "9", "5", "0"],
        "slot_negated": ["yes", "no", "no", "no"],
    }
    ana.post(f"/review/{turn}", act="save", **form)
    kept = label(app, turn)
    assert (kept.verdict, kept.intent, kept.also) == (Verdict.WRONG, Intent.COMPARE, (Intent.MORE,))
    assert kept.slots == (
        SlotSpan(SlotName.FEATURE, 2, 5),
        SlotSpan(SlotName.COLOR, 6, 8, True),
        SlotSpan(SlotName.CATEGORY, 8, 9),
    ), "blanks at the ends are no part of a slot"


UNREADABLE = {"en": "cannot be read", "zh": "无法读取"}
NO_NUMBER = {"en": "whole number", "zh": "整数"}


def spans(*placed):
    """Slots as the form sends them: "kind start end"."""
    names, starts, ends = zip(*(each.split() for each in placed), strict=True)
    return {"slot_name": names, "slot_start": starts, "slot_end": ends, "slot_negated": ["no"] * len(placed)}


ODD = [
    ({"intent": [], "other": ""}, {"en": "Choose what the shopper wants", "zh": "请选择顾客的意图"}),
    ({"other": "no_such_intent"}, UNREADABLE),
    (spans("color 0 99"), {"en": "outside", "zh": "超出"}),
    (spans("color 1 2"), {"en": "blank", "zh": "空白"}),
    (spans("color -1 ٣"), NO_NUMBER),
    (spans("color 0 4", "size 3 5"), {"en": "share", "zh": "重叠"}),
    (spans("no_such_slot 0 4"), UNREADABLE),
    (spans("color 0 4") | {"slot_name": ["color", "size"]}, UNREADABLE),
    ({"version": "x"}, NO_NUMBER),
]


def test_an_odd_form_gets_one_sentence_and_keeps_nothing(app, ana, talks):
    turn = talks.says("a red dress", "search 0.5 refine 0.45")
    form = form_of(ana.get("/review").text)
    for odd, sentence in ODD:
        answer = ana.post(f"/review/{turn}", act="save", **(form | odd))
        assert answer.status_code == 200 and sentence[ana.language] in read(answer.text), odd
        assert label(app, turn) is None


def test_two_reviewers_get_different_messages_and_the_slower_of_two_at_one_is_told(app, ana, mei, talks):
    first, second = talks.says("hm", "search 0.5 refine 0.5"), talks.says("嗯", "search 0.5 refine 0.4")
    ana_page, mei_page = ana.get("/review").text, mei.get("/review").text
    assert {showing(ana_page)[1], showing(mei_page)[1]} == {first, second}
    assert showing(ana.get("/review").text) == showing(ana_page), "a page loaded again shows the same message"
    turn = showing(ana_page)[1]
    assert "ana 正在处理这条消息" in mei.text(f"/review/{turn}")
    stolen = form_of(mei.get(f"/review/{turn}").text) | {"other": "human"}
    mei.post(f"/review/{turn}", act="save", **stolen)
    told = ana.post(f"/review/{turn}", act="save", **form_of(ana_page))
    assert {"en": "mei labelled this message meanwhile", "zh": "mei 已标注这条消息"}[ana.language] in read(told.text)
    assert label(app, turn).intent is Intent.HUMAN
    ana.post(f"/review/{turn}", act="save", **(form_of(told.text) | {"other": "help"}))
    assert (label(app, turn).intent, label(app, turn).version) == (Intent.HELP, 2)


def test_discard_later_and_undo_each_leave_an_event(app, ana, talks):
    one = talks.says("asdf", "search 0.5 refine 0.5")
    two = talks.says("qwer", "search 0.5 refine 0.45")
    page = ana.get("/review").text
    assert showing(page)[1] == one
    ana.post(f"/review/{one}", act="later", **form_of(page))
    page = ana.get("/review").text
    assert showing(page)[1] == two, "what was put off comes last"
    ana.post(f"/review/{two}", act="discard", **form_of(page))
    assert label(app, two).verdict is Verdict.DISCARD
    assert showing(ana.get("/review").text)[1] == one
    back = ana.post("/review/undo")
    assert showing(back.text)[1] == two and label(app, two) is None
    back = ana.post("/review/undo")
    assert showing(back.text)[1] == one and label(app, one) is None
    none = ana.post("/review/undo")
    assert {"en": "nothing to undo", "zh": "没有可撤销"}[ana.language] in read(none.text)
    with store_of(app) as store:
        acts = [(event.act, event.after and event.after.verdict) for event in store.labels.events(two)]
    assert acts == [(Act.LABEL, Verdict.DISCARD), (Act.UNDO, None)]


def test_undo_restores_the_earlier_label_unless_somebody_changed_it_since(app, ana, mei, talks):
    turn = talks.says("hm", "search 0.9")
    for intent in ("more", "compare"):
        ana.post(f"/review/{turn}", act="save", **(form_of(ana.get(f"/review/{turn}").text) | {"other": intent}))
    ana.post("/review/undo")
    assert (label(app, turn).intent, label(app, turn).version) == (Intent.MORE, 3)
    mei.post(f"/review/{turn}", act="save", **(form_of(mei.get(f"/review/{turn}").text) | {"other": "human"}))
    refused = ana.post("/review/undo")
    assert {"en": "Somebody else changed", "zh": "已被他人修改"}[ana.language] in read(refused.text)
    assert label(app, turn).intent is Intent.HUMAN


def test_why_a_message_is_there_is_said(ana, talks):
    talks.says("what is the capital of France", "out_of_scope 0.55 help 0.25", degraded=True, asked="meaning")
    words = ana.text("/review")
    for reason in {
        "en": ("out of scope", "answered by the rules", "asked what was meant"),
        "zh": ("无关", "由规则或降级回答", "机器人反问过"),
    }[ana.language]:
        assert reason in words


def test_what_a_shopper_wrote_is_text_and_personal_data_is_masked_where_it_stands(app, ana, talks):
    turn = talks.says("<script>alert(1)</script> call 415-555-2671 {{7*7}}", "human 0.5 help 0.45")
    page = ana.get("/review").text
    assert "<script>alert(1)" not in page and "415-555" not in page
    assert showing(page)[0] == "<script>alert(1)</script> call •••••••••••• {{7*7}}"
    form = form_of(page) | {"slot_name": ["order_id"], "slot_start": ["31"], "slot_end": ["43"], "slot_negated": ["no"]}
    ana.post(f"/review/{turn}", act="save", **form)
    assert label(app, turn).slots == (SlotSpan(SlotName.ORDER_ID, 31, 43),)


def test_notes_and_tags_stand_beside_the_talk_and_only_their_writer_removes_a_note(app, ana, mei, talks):
    turn = talks.says("hm", "search 0.5 refine 0.5")
    page = ana.get("/review").text
    talk = re.search(r'name="conversation_id" value="(\d+)"', page)[1]
    there = {"conversation_id": talk, "turn_id": turn, "then": f"/review/{turn}"}
    ana.post("/notes", text="<b>ask Wei</b>", **there)
    ana.post("/tags", tag="  #Size  Chart ", **there)
    page = mei.get(f"/review/{turn}").text
    assert "&lt;b&gt;ask Wei&lt;/b&gt;" in page and "size chart" in read(page)
    note = re.search(r"/notes/(\d+)/remove", page)[1]
    assert mei.post(f"/notes/{note}/remove").status_code == 403
    assert "ask Wei" not in ana.post(f"/notes/{note}/remove", turn_id=turn, then=f"/review/{turn}").text
    alone = mei.post("/tags/remove", headers={"HX-Request": "true"}, tag="size chart", on=turn, **there)
    assert "size chart" not in read(alone.text) and "<html" not in alone.text
    for text, sentence in (
        (" ", {"en": "A note needs words", "zh": "备注不能为空"}),
        ("x" * 2001, {"en": "at most 2000", "zh": "最多 2000"}),
    ):
        assert sentence[ana.language] in read(ana.post("/notes", **there, text=text).text)
    assert ana.post("/notes", text="x", conversation_id=talk, turn_id=999).status_code == 404
    assert ana.post("/notes", text="x", conversation_id=2**70).status_code == 400


@pytest.mark.parametrize("texts", [("thanks!", "Thanks", "thanks ..."), ("谢谢！", "謝謝", "谢谢")])
def test_messages_that_say_the_same_are_labelled_together_and_undone_together(app, ana, talks, texts):
    turns = [talks.says(text, "goodbye 0.5 thanks 0.45", user=user) for user, text in enumerate(texts)]
    other = talks.says("where is my parcel 包裹到哪了", "order_status 0.9")
    turn = showing(ana.get("/review").text)[1]
    page = ana.get(f"/review/{turn}/similar").text
    ticked = re.findall(r'name="turn" value="(\d+)" checked', page)
    assert sorted(map(int, ticked)) == turns
    versions = {f"version-{each}": "0" for each in ticked}
    done = ana.post(f"/review/{turn}/similar", intent="thanks", turn=ticked, **versions)
    assert {"en": "Labelled: 3", "zh": "已标注 3 条"}[ana.language] in read(done.text)
    assert {label(app, each).intent for each in turns} == {Intent.THANKS}
    assert label(app, other) is None
    ana.post("/review/undo")
    assert all(label(app, each) is None for each in turns)


def test_the_random_sample_is_not_labelled_by_likeness(folder, talks):
    turns = [talks.says("thanks", "goodbye 0.5 thanks 0.45", user=user) for user in range(3)]
    with console(folder, review_sample=1.0, second_opinions=0.0) as app:
        ana = Member.of(app, "ana")
        turn = showing(ana.get("/review").text)[1]
        assert "2 more are of the random sample" in ana.text(f"/review/{turn}/similar")
        versions = {f"version-{each}": "0" for each in turns}
        ana.post(f"/review/{turn}/similar", intent="thanks", turn=turns, **versions)
        assert [each for each in turns if label(app, each)] == [turn]
        assert label(app, turn).lane is Lane.SAMPLE


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_second_opinion_is_blind_agreement_is_told_and_an_admin_resolves(folder, talks, language):
    turns = [talks.says(f"hm {place}", "search 0.5 refine 0.45") for place in range(4)]
    with console(folder, review_sample=0.0, second_opinions=1.0) as app:
        ana, mei = Member.of(app, "zofia"), Member.of(app, "mei")
        boss = Member.of(app, "boss", Role.ADMIN, language)
        for _ in turns:
            page = ana.get("/review").text
            ana.post(f"/review/{showing(page)[1]}", act="save", **(form_of(page) | {"intent": "more"}))
        seen = []
        for place in range(4):
            page = mei.get("/review").text
            seen.append(showing(page)[1])
            assert "zofia" not in read(page) and form_of(page)["intent"] == ["search"], "the first opinion is not shown"
            mei.post(f"/review/{seen[-1]}", act="save", **(form_of(page) | {"intent": "more" if place else "search"}))
        assert sorted(seen) == turns
        with store_of(app) as store:
            assert [each.turn_id for each in store.labels.settled()] == sorted(seen[1:])
        words = boss.text("/review/agreement")
        assert {"en": "3 of 4 alike", "zh": "4 条中 3 条一致"}[language] in words
        assert {"en": f"hm {seen[0] - turns[0]} zofia: More mei: Search", "zh": "zofia: 再看一些 mei: 找商品"}[
            language
        ] in words
        page = boss.get(f"/review/{seen[0]}").text
        assert mei.post(f"/review/{seen[0]}", act="resolve", **form_of(page)).status_code == 403
        boss.post(f"/review/{seen[0]}", act="resolve", **(form_of(page) | {"intent": "search"}))
        assert {"en": "No disagreement", "zh": "没有待解决"}[language] in boss.text("/review/agreement")
        with store_of(app) as store:
            assert len(list(store.labels.settled())) == 4
            assert store.labels.get(seen[0]).lane is Lane.WORTH


def test_an_opinion_can_be_taken_back(folder, talks):
    turn = talks.says("hm", "search 0.5 refine 0.45")
    with console(folder, review_sample=0.0, second_opinions=1.0) as app:
        ana, mei = Member.of(app, "ana"), Member.of(app, "mei")
        for member, intent in ((ana, "more"), (mei, "help")):
            page = member.get("/review").text
            member.post(f"/review/{turn}", act="save", **(form_of(page) | {"other": intent}))
        with store_of(app) as store:
            assert len(store.opinions.open()) == 1
        assert showing(mei.post("/review/undo").text)[1] == turn
        with store_of(app) as store:
            assert store.opinions.pairs() == [] and store.labels.get(turn).intent is Intent.MORE


def test_a_thumbs_down_that_comes_later_brings_the_message_up(folder, app, ana, talks):
    talks.says("hm", "search 0.5 refine 0.49")
    sure = talks.says("a red dress", "search 0.99 refine 0.01", user=8, cards=True)
    ana.get("/review")
    ana.post("/review/undo")
    talks.dislikes(sure)
    with store_of(app) as store:
        store.queue.release(showing(ana.get("/review").text)[1], "ana")
    page = ana.get("/review").text
    assert showing(page)[1] == sure
    assert {"en": "thumbs-down: 1", "zh": "差评：1"}[ana.language] in read(page)


@pytest.mark.parametrize("path", ["/review", "/review/1", "/review/1/similar"])
def test_a_viewer_reviews_nothing(app, talks, path):
    talks.says("hm", "search 0.5 refine 0.49")
    assert Member.of(app, "eve", Role.VIEWER).get(path).status_code == 403


def test_what_is_no_message_is_not_found(ana, talks):
    talks.says("hm")
    for path in ("/review/999", f"/review/{2**70}", "/review/999/similar"):
        assert ana.get(path).status_code == 404


def test_notes_tags_and_the_way_to_label_stand_in_the_transcript(app, ana, talks):
    turn = talks.says("hm", "search 0.9")
    page = ana.get("/conversations/1").text
    assert f'href="/review/{turn}"' in page
    ana.post("/notes", text="look again", conversation_id=1, then="/conversations/1")
    ana.post("/tags", tag="fit", conversation_id=1, then="/conversations/1")
    eve = Member.of(app, "eve", Role.VIEWER)
    page = eve.get("/conversations/1").text
    assert "look again" in page and "fit" in read(page)
    assert f'href="/review/{turn}"' not in page and 'action="/notes"' not in page
    assert eve.post("/notes", text="x", conversation_id=1).status_code == 403
    assert "hm" in ana.text("/conversations?tag=fit") and "hm" not in ana.text("/conversations?tag=other")
    ana.post(f"/review/{turn}", act="save", **form_of(ana.get(f"/review/{turn}").text))
    with store_of(app) as store:
        assert store.db.execute("SELECT conversation_id, labelled FROM reviewed_conversations").fetchall() == [(1, 1)]
    ana.post("/review/undo")
    with store_of(app) as store:
        assert store.db.execute("SELECT count(*) FROM reviewed_conversations").fetchone()[0] == 0


def test_what_hangs_on_an_erased_shopper_is_swept(app, ana, talks):
    gone, kept = talks.says("hm", "search 0.5 refine 0.5"), talks.says("嗯", "search 0.5 refine 0.5", user=8)
    for talk, turn in enumerate((gone, kept), start=1):
        ana.post("/notes", text=f"about {turn}", conversation_id=talk, turn_id=turn)
        ana.post("/tags", tag="fit", conversation_id=talk)
        ana.post(f"/review/{turn}", act="discard", **form_of(ana.get(f"/review/{turn}").text))
    erase(talks.shop, 7)
    with store_of(app) as store:
        sweep(store)
        for table in ("labels", "label_events", "notes", "tags", "reviewed_conversations"):
            assert store.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 1, table
        assert [each.text for each in store.notes.notes(2)] == [f"about {kept}"] and store.notes.notes(1) == []
    assert ana.get(f"/review/{gone}").status_code == 404
