"""What outlives a talk with a person: its words in the transcript, tickets and their notices, the calendar."""

import itertools
import re
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bot import ticket_acts
from bot.case_acts import Refused
from storage.console.staff import Role
from storage.shop import Shop
from storage.tickets import TicketState
from tests.support.live import ASK, case_of, held, hiring, told
from tests.support.staff import console, read
from tests.support.stage import Stage, copy_stocked

pytestmark = pytest.mark.asyncio(loop_scope="module")
DONE = {
    "en": ("Your return for order 48213", "has been dealt with by {} from the shop"),
    "zh": ("您对订单 48213 的退货申请", "已由店里的{}处理完毕"),
}
PERSON = {"en": "Talk to a person", "zh": "转人工"}
DELIVERED = {"en": "delivered", "zh": "已送达"}
DONE_EVENT = {"en": "is done", "zh": "已完成"}
DAYS_SET = {"en": "3 days are set.", "zh": "已设置 3 天。"}
BACK = {"en": "they are back on", "zh": "有人回来"}
NO_HOURS = {"en": "These are no hours of a day", "zh": "无法识别时间"}
_names = itertools.count()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("after") / "data")
    async with Stage(folder, quiet_hours="") as stage:
        yield stage
        assert await stage.api.simulator.alarms() == []


@pytest.fixture(scope="module")
def app(stage):
    with console(stage.folder, quiet_hours="") as app:
        yield app


@pytest_asyncio.fixture(params=["en", "zh"], loop_scope="module")
async def ann(request, stage):
    async with await stage.shopper("Ann", request.param) as ann:
        ann.language = request.param
        yield ann


@pytest.fixture
def hire(app):
    return hiring(app)


def talk_of(stage, shopper):
    with stage.shop() as shop:
        return shop.conversations.of_shopper(shopper.id, 1)[0].id


async def test_what_staff_say_stands_in_the_transcript_in_its_place_and_masked(stage, ann, hire):
    ana, eve = await hire(ann.language), await hire(ann.language, Role.VIEWER)
    case = await held(stage, ann, ana)
    await ann.says("my number is 13800138000", expect=0)
    await told(ann, ana.post(f"/live/{case.id}/say", key="1", text="I call 13800138000 <b>now</b>"))
    await ann.says("thank you so much", expect=0)
    page = await eve.get(f"/conversations/{talk_of(stage, ann)}")
    words = read(page.text)
    first, by_staff, last = (words.index(part) for part in ("my number is", "I call", "thank you so much"))
    assert first < by_staff < last
    assert "13800138000" not in words, "who repeats a number has not made it less personal"
    assert "<b>now</b>" not in page.text
    assert ana.name in words[by_staff:last]
    assert "13800138000" not in await eve.text(f"/live/{case.id}")
    await ana.post(f"/conversations/{talk_of(stage, ann)}/reveal", then="/")
    assert "I call 13800138000" in await ana.text(f"/live/{case.id}")
    await ana.post(f"/live/{case.id}/note", text="call 13800138000 back")
    assert "13800138000" not in await eve.text(f"/live/{case.id}")


async def ticket_of(ana, case, order="48213"):
    form = {"key": f"t{next(_names)}", "kind": "return", "order": order, "text": "call 13800138000", "due": ""}
    made = await ana.post(f"/live/{case.id}/ticket", **form)
    return int(re.search(r"/tickets/(\d+)$", str(made.url))[1])


async def test_a_shopper_is_told_when_a_ticket_is_done_and_can_answer(stage, ann, hire):
    ana = await hire(ann.language)
    case = await held(stage, ann, ana)
    ticket = await ticket_of(ana, case)
    assert "13800138000" not in await ana.text("/tickets")
    assert "13800138000" not in await ana.text(f"/tickets/{ticket}")
    await told(ann, ana.post(f"/live/{case.id}/close", key="c"))
    await ann._mark()
    done = {"state": "done", "owner": ana.name, "due": "", "tell": "yes", "words": "Money is back. <3\n{ $x }"}
    await ana.post(f"/tickets/{ticket}", version=1, **done)
    await ana.post(f"/tickets/{ticket}", version=1, **done)  # a double click
    (heard,) = await ann.hears(1)
    for part in (*DONE[ann.language], "Money is back. <3", "{ $x }"):
        assert part.format(ana.name) if "{}" in part else part in heard.text
    page = await ana.text(f"/tickets/{ticket}")
    assert DELIVERED[ann.language] in page
    assert DONE_EVENT[ann.language] in await ana.text(f"/live/{case.id}")
    await ann.taps(PERSON[ann.language])
    assert case_of(stage, ann).id != case.id, "no dead end: a person is one tap away"


async def test_nobody_is_told_where_staff_do_not_wish_it_or_the_ticket_was_done_before(stage, ann, hire):
    ana = await hire(ann.language)
    case = await held(stage, ann, ana)
    ticket = await ticket_of(ana, case, order="")
    await ana.post(f"/tickets/{ticket}", version=1, state="done", owner="", due="", words="hi")
    await ana.post(f"/tickets/{ticket}", version=2, state="done", owner="", due="", tell="yes", words="hi")
    with stage.shop() as shop:
        assert shop.outbox.last_posted(ticket_acts.notice_key(ticket)) is None


async def test_a_notice_waits_for_the_end_of_the_quiet_hours_and_holds_up_nothing(tmp_path):
    shop = Shop.open(tmp_path)
    now = datetime(2026, 11, 27, 23, 0, tzinfo=UTC)
    morning = now + timedelta(hours=9)
    shop.outbox.put("quiet", 7, "{}", now, user_id=7, not_before=morning)
    assert shop.outbox.chats(now) == []
    shop.outbox.put("answer", 7, "{}", now, user_id=7)
    assert shop.outbox.next_of(7, now).id == 2
    shop.outbox.sent(2, 1, now)
    assert shop.outbox.next_of(7, now) is None
    assert shop.outbox.next_of(7, morning).id == 1
    assert shop.outbox.last_posted("qui").not_before == morning
    with pytest.raises(Refused, match="ticket-gone"):
        facts = {"state": TicketState.DONE, "owner": "", "due": None, "at": now, "tell": True, "words": ""}
        ticket_acts.change(shop, 1, 1, "ana", **facts, not_before=now)
    shop.close()


async def test_a_day_that_an_admin_closes_is_told_to_shoppers_at_once(stage, ann, hire):
    boss, ana = await hire(ann.language, Role.ADMIN), await hire(ann.language)
    today = datetime.now(UTC).date()
    closed = {"first": today.isoformat(), "last": (today + timedelta(days=2)).isoformat(), "kind": "closed"}
    assert (await ana.post("/hours", **closed)).status_code == 403
    said = await boss.post("/hours", **closed, note="<i>moving</i>")
    try:
        assert DAYS_SET[ann.language] in said.text
        assert "&lt;i&gt;moving&lt;/i&gt;" in said.text
        (heard,) = await ann.says(ASK[ann.language])
        assert BACK[ann.language] in heard.text
        assert "00:00" in heard.text
    finally:
        for step in range(3):
            await boss.post(f"/hours/{today + timedelta(days=step)}/remove")
    assert "moving" not in await ana.text("/hours")


async def test_what_is_no_day_or_no_hours_is_refused_in_a_sentence(stage, hire):
    for language in ("en", "zh"):
        boss = await hire(language, Role.ADMIN)
        for wrong in ({"hours": "9 to 5"}, {"hours": "25:00-26:00"}, {"hours": " "}):
            form = {"first": "2027-01-01", "kind": "open", **wrong}
            assert NO_HOURS[language] in (await boss.post("/hours", **form)).text
        for first, last in (("tomorrow", ""), ("2027-01-02", "2027-01-01"), ("2027-01-01", "2028-01-01")):
            answer = await boss.post("/hours", first=first, last=last, kind="closed")
            assert 'class="flash"' in answer.text
            assert "2027" not in read(answer.text)
    with stage.shop() as shop:
        assert shop.special_days.since(datetime(2027, 1, 1).date()) == []
