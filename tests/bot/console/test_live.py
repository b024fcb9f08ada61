"""Live hand-off from both sides: shoppers in Telegram's local server, staff in the console, the bot between them."""

import asyncio
import re

import pytest
import pytest_asyncio

from storage.cases import CaseReason, CaseState, Outcome, Satisfaction
from storage.console.staff import Role
from storage.shop import Shop
from tests.support.live import ASK, asked, case_of, held, hiring, told
from tests.support.staff import console, read
from tests.support.stage import Stage, copy_stocked

pytestmark = pytest.mark.asyncio(loop_scope="module")

WISH = {"en": "a red dress", "zh": "红色连衣裙"}
NAMED = {"en": "You are now talking with {} from the shop", "zh": "现在和您说话的是店里的{}"}
SAYS = {"en": "{} from the shop: ", "zh": "店里的{}："}
BACK = {"en": "talking with the bot again", "zh": "由机器人继续为您服务"}
FAIR = {"en": "😐 So-so", "zh": "😐 一般"}
OWNER = 4_242


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("live") / "data")
    async with Stage(folder) as stage:
        yield stage
        assert await stage.api.simulator.alarms() == []


@pytest.fixture(scope="module")
def app(stage):
    with console(stage.folder) as app:
        yield app


@pytest_asyncio.fixture(params=["en", "zh"], loop_scope="module")
async def ann(request, stage):
    async with await stage.shopper("Ann", request.param) as ann:
        ann.language = request.param
        yield ann


@pytest.fixture
def hire(app):
    return hiring(app)


async def test_a_case_from_the_wish_to_the_thanks(stage, ann, hire):
    ana = await hire(ann.language)
    await ann.says(WISH[ann.language], expect=4)
    case = await asked(stage, ann)
    waiting = await ana.get("/live")
    assert f"/live/{case.id}" in waiting.text
    assert "data-since" in waiting.text
    page = read((await ana.get(f"/live/{case.id}")).text)
    assert WISH[ann.language].split()[-1][-2:] in page  # the wish so far, in words
    heard = await told(ann, ana.post(f"/live/{case.id}/take"))
    assert NAMED[ann.language].format(ana.name) in heard[0].text
    await ann.says("<script>alert(1)</script> 13800138000", expect=0)
    talk = (await ana.get(f"/live/{case.id}/talk")).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in talk
    assert "<script>" not in talk
    assert "13800138000" not in talk, "personal data are masked until they are asked for"
    heard = await told(ann, ana.post(f"/live/{case.id}/say", key="1", text="<b>hi</b> & { $x }"))
    assert heard[0].text == SAYS[ann.language].format(ana.name) + "<b>hi</b> & { $x }"
    assert heard[0].raw.get("entities", []) == []
    heard = await told(ann, ana.post(f"/live/{case.id}/back"))
    assert BACK[ann.language] in heard[0].text
    await ann.taps(FAIR[ann.language])
    ended = case_of(stage, ann)
    assert (ended.state, ended.outcome, ended.satisfaction) == (CaseState.CLOSED, Outcome.RETURNED, Satisfaction.FAIR)
    assert FAIR[ann.language] in await ana.text("/live")


async def test_a_drafted_reply_goes_out_with_products_as_real_cards(stage, ann, hire):
    ana = await hire(ann.language)
    await ann.says(WISH[ann.language], expect=4)
    case = await held(stage, ann, ana)
    page = (await ana.get(f"/live/{case.id}?draft=1")).text
    text = re.search(r"<textarea name=\"text\"[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]
    ticked = re.findall(r'name="product" value="([^"]+)" checked', page)
    assert ana.name in text
    assert len(ticked) == 3
    form = {"key": "d", "text": text, "product": ticked}
    heard = await told(ann, ana.post(f"/live/{case.id}/say", **form), expect=4)
    assert len(heard) == 4
    assert "👍" in heard[1].labels
    tapped = await ann.taps("👍", on=heard[1])
    assert tapped.answer  # a card of staff teaches as any does
    again = await told(ann, ana.post(f"/live/{case.id}/say", **form), expect=0)
    assert again == [], "the same form sent twice is said once"
    found = (await ana.get(f"/live/{case.id}?find={WISH[ann.language]}")).text
    assert 'name="product"' in found


async def test_of_two_who_take_a_case_one_gets_it_and_the_other_must_be_sure(stage, ann, hire):
    ana, wei = await hire("en"), await hire("zh")
    case = await asked(stage, ann)
    await asyncio.gather(ana.post(f"/live/{case.id}/take"), wei.post(f"/live/{case.id}/take"))
    owner = case_of(stage, ann).owner
    first, second = (ana, wei) if owner == ana.name else (wei, ana)
    await second.post(f"/live/{case.id}/say", key="x", text="me too")
    assert case_of(stage, ann).owner == first.name
    await second.post(f"/live/{case.id}/take", held_by=first.name)
    assert case_of(stage, ann).owner == first.name, "nobody is put out by one click"
    await told(ann, second.post(f"/live/{case.id}/take", held_by=first.name, sure="yes"))
    assert case_of(stage, ann).owner == second.name
    refused = await first.post(f"/live/{case.id}/say", key="y", text="still me")
    assert refused.status_code == 409
    assert "still me" in refused.text, "what was written is not lost"
    assert [m.text for m in talk_of(stage, case) if m.author == "staff"] == []


def talk_of(stage, case):
    with stage.shop() as shop:
        return shop.case_talk.of(case.id)


async def test_a_shopper_who_has_blocked_the_bot_is_shown_as_such(stage, ann, hire):
    ana = await hire("en")
    case = await held(stage, ann, ana)
    await ann.blocks()
    await ana.post(f"/live/{case.id}/say", key="1", text="Are you there?")
    for _ in range(100):
        if "could not be delivered" in await ana.text(f"/live/{case.id}/talk"):
            break
        await asyncio.sleep(0.05)
    assert "the shopper has blocked the bot" in await ana.text(f"/live/{case.id}")
    await ann.unblocks()


async def test_staff_take_over_a_talk_that_nobody_asked_them_into(stage, ann, hire):
    ana = await hire(ann.language)
    await ann.says(WISH[ann.language], expect=4)
    turn = stage.turn_of(ann).turn.id
    heard = await told(ann, ana.post("/live/open", turn=turn))
    assert ana.name in heard[0].text
    case = case_of(stage, ann)
    assert (case.reason, case.state, case.owner) == (CaseReason.STAFF, CaseState.HELD, ana.name)
    assert await ann.says(ASK[ann.language], expect=0) == []


async def test_who_may_only_read_may_not_act(stage, ann, hire):
    eve = await hire("en", Role.VIEWER)
    case = await asked(stage, ann)
    assert "composer" not in (await eve.get(f"/live/{case.id}")).text
    for path in ("take", "say", "back", "close", "note", "ticket"):
        assert (await eve.post(f"/live/{case.id}/{path}", text="x", key="1")).status_code == 403
    assert case_of(stage, ann).state is CaseState.WAITING


async def test_tickets_are_made_from_a_case_and_worked(stage, ann, hire):
    ana, wei = await hire(ann.language), await hire("en")
    case = await held(stage, ann, ana)
    form = {"key": "t", "kind": "return", "order": "48213", "text": "<i>Shoes</i> too small", "due": "2020-01-02"}
    made = await ana.post(f"/live/{case.id}/ticket", **form)
    ticket = int(re.search(r"/tickets/(\d+)$", str(made.url))[1])
    assert str((await ana.post(f"/live/{case.id}/ticket", **form)).url) == str(made.url), "a double click makes one"
    listed = (await wei.get("/tickets")).text
    assert "48213" in listed
    assert "&lt;i&gt;Shoes&lt;/i&gt; too small" in listed
    await wei.post(f"/tickets/{ticket}", version=1, state="working", owner=wei.name, due="")
    stale = await ana.post(f"/tickets/{ticket}", version=1, state="done", owner="", due="")
    assert "working" in stale.text
    assert wei.name in stale.text
    await wei.post(f"/tickets/{ticket}/note", text="parcel is on its way")
    assert "parcel is on its way" in await ana.text(f"/tickets/{ticket}")
    await wei.post(f"/tickets/{ticket}", version=2, state="done", owner=wei.name, due="")
    with stage.shop() as shop:
        assert ticket not in [each.id for each in shop.tickets.open()]


async def test_canned_replies_are_checked_filled_in_and_never_sent_half(stage, ann, hire):
    ana = await hire(ann.language)
    name = f"hours {ann.language}"
    odd = await ana.post("/canned/add", name=name, en="Dear {shoper}", zh="您好 {staff}")
    assert odd.status_code == 409
    assert "{shoper}" in odd.text
    await ana.post(
        "/canned/add", name=name, en="I am {staff}, case {case}, order {order}", zh="我是{staff}，{case}，{order}"
    )
    case = await held(stage, ann, ana)
    canned = re.search(rf'<option value="(\d+)">{name}</option>', (await ana.get(f"/live/{case.id}")).text)[1]
    page = (await ana.get(f"/live/{case.id}?canned={canned}")).text
    text = re.search(r"<textarea name=\"text\"[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]
    assert ana.name in text
    assert str(case.id) in text
    assert "{order}" in text
    unsent = await ana.post(f"/live/{case.id}/say", key="c", text=text)
    assert unsent.status_code == 409
    heard = await told(ann, ana.post(f"/live/{case.id}/say", key="c", text=text.replace("{order}", "7")))
    assert heard[0].text.endswith(text.replace("{order}", "7"))


async def test_notes_stay_among_staff_and_go_when_the_shopper_is_erased(stage, app, hire):
    ana = await hire("en")
    async with await stage.shopper("Zoe", "en") as zoe:
        zoe.language = "en"
        case = await held(stage, zoe, ana)
        await ana.post(f"/live/{case.id}/note", text="<u>careful</u>, a friend of the owner")
        assert "&lt;u&gt;careful&lt;/u&gt;" in (await ana.get(f"/live/{case.id}")).text
        assert all("careful" not in seen.text for seen in await zoe.sees())
        await stage.bot.house.database.run(lambda shop: erased(shop, zoe.id))
    assert (await ana.get(f"/live/{case.id}")).status_code == 404
    refused = await ana.post(f"/live/{case.id}/close")
    assert refused.status_code in (200, 404)
    assert await asyncio.to_thread(swept, app.state.desk.settings.data) == 1


def erased(shop: Shop, user_id):
    from storage.forgetting import erase

    return erase(shop, user_id)


def swept(folder):
    from storage.console.database import ConsoleStore
    from storage.console.personal import sweep

    with ConsoleStore.open(folder) as store:
        return sweep(store)["case_notes"]
