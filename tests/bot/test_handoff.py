"""A person takes over and gives back: the shopper over HTTP, staff through the control socket."""

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bot.case_step import CaseStep
from bot.desks.control import ControlClient
from bot.draft import Draft
from bot.handoff import HandOff
from bot.office_hours import OfficeHours
from bot.recall import Before
from bot.settings import Settings
from bot.simulator.faults import Fault
from bot.simulator.server import LocalBotApi
from bot.simulator.shopper import Shopper
from bot.upkeep.waiting_cases import WaitingCases
from storage.cases import Case, CaseReason, CaseState, Outcome, Satisfaction
from storage.records import Need, Turn
from storage.shop import Shop
from tests.support.kills import BotProcess
from tests.support.stage import QUICK, Stage, copy_stocked

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASK = {"en": "I want to talk to a human", "zh": "转人工"}
NAMED = {"en": "You are now talking with Ana from the shop", "zh": "现在和您说话的是店里的Ana"}
SAYS = {"en": "Ana from the shop: ", "zh": "店里的Ana："}
BOT = {"en": "Go on with the bot", "zh": "继续和机器人聊"}
BACK = {"en": "talking with the bot again", "zh": "由机器人继续为您服务"}
PERSON = {"en": "Talk to a person", "zh": "转人工"}
GOOD = {"en": "😊 Good", "zh": "😊 满意"}
WISH = {"en": "a red dress", "zh": "红色连衣裙"}
OUTSIDE = {
    "en": ("what is the capital of France", "tell me a joke about cats"),
    "zh": ("法国的首都是哪里", "给我讲个猫的笑话"),
}
SIMILAR = {"en": "More like this", "zh": "类似的"}
STICKER = {"en": "Stickers do not reach", "zh": "贴纸传不到"}
_keys = itertools.count()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    """A bot whose owner is told of cases: `stage.owner`."""
    stage = Stage(copy_stocked(stocked_folder, tmp_path_factory.mktemp("handoff") / "data"))
    await stage.api.start()
    stage.owner = await Shopper.join(stage.api.url, "Owner", "en")
    stage.settings = Settings(_env_file=None, data=stage.folder, owner_chat=stage.owner.id, **QUICK)
    await stage.open()
    await stage.owner.says("/start")  # a bot cannot write to whoever has never written to it
    yield stage
    await stage.owner.close()
    await stage.close()
    assert await stage.api.simulator.alarms() == []
    await stage.api.stop()


@pytest.fixture
def ask(stage):
    """What the console asks of the running bot."""
    return asker(stage.folder)


def asker(folder):
    async def asking(request, **fields):
        fields = {"staff": "Ana", "key": str(next(_keys)), **fields}
        return await asyncio.to_thread(ControlClient(folder, timeout=10).ask, request, **fields)

    return asking


def case_of(stage, shopper):
    with stage.shop() as shop:
        return next(iter(shop.cases.of(shopper.id)), None)


def talk_of(stage, shopper):
    with stage.shop() as shop:
        return shop.case_talk.of(case_of(stage, shopper).id)


async def told(ann, act, expect=1):
    """What the shopper hears of something that staff do."""
    await ann._mark()
    await act
    return await ann.hears(expect)


async def held(stage, ann, ask):
    await ann.says(ASK[ann.language])
    case = case_of(stage, ann)
    await told(ann, ask("case take", case=case.id))
    return case


async def test_from_the_wish_for_a_person_to_the_thanks_afterwards(stage, ann, ask):
    answer = (await ann.says(ASK[ann.language]))[-1]
    assert BOT[ann.language] in answer.labels
    case = case_of(stage, ann)
    assert (case.state, case.reason, case.language) == (CaseState.WAITING, CaseReason.ASKED, ann.language)
    assert await ann.says("where <b>are</b> you?", expect=0) == []  # the bot keeps quiet
    assert NAMED[ann.language] in (await told(ann, ask("case take", case=case.id)))[0].text
    heard = (await told(ann, ask("case say", case=case.id, text="<b>Hi</b> & welcome { $x }\nSecond line")))[0]
    assert heard.text == SAYS[ann.language] + "<b>Hi</b> & welcome { $x }\nSecond line"
    assert heard.raw.get("entities", []) == []
    assert await ann.says(WISH[ann.language], expect=0) == []
    back = (await told(ann, ask("case give back", case=case.id)))[0]
    assert BACK[ann.language] in back.text
    assert GOOD[ann.language] in back.labels
    first, second = await ann.taps(GOOD[ann.language]), await ann.taps("✓ " + GOOD[ann.language])
    assert first.answer
    assert second.answer not in ("", first.answer)
    ended = case_of(stage, ann)
    assert (ended.outcome, ended.satisfaction) == (Outcome.RETURNED, Satisfaction.GOOD)
    assert (await ann.says(WISH[ann.language], expect=2))[0].text  # the bot answers again
    said = [(m.author, m.text, m.event, m.delivery) for m in talk_of(stage, ann)]
    assert [event for _, _, event, _ in said if event] == ["opened", "taken", "ended", "rated"]
    assert ("staff", "<b>Hi</b> & welcome { $x }\nSecond line", "", "sent") in said
    assert sum(author == "shopper" for author, *_ in said) == 3
    assert any(f"case {case.id}" in seen.text for seen in await stage.owner.sees())


async def test_who_is_not_understood_twice_is_offered_a_person_and_failures_count_anew_afterwards(stage, ann, ask):
    first, second = OUTSIDE[ann.language]
    assert PERSON[ann.language] not in (await ann.says(first))[-1].labels
    assert PERSON[ann.language] in (await ann.says(second))[-1].labels
    assert case_of(stage, ann) is None, "offered, not forced"
    await ann.taps(PERSON[ann.language], expect=1)
    case = case_of(stage, ann)
    assert (case.reason, case.state) == (CaseReason.FAILED, CaseState.WAITING)
    await told(ann, ask("case take", case=case.id))
    await told(ann, ask("case close", case=case.id))
    assert PERSON[ann.language] not in (await ann.says(first))[-1].labels, "the same trouble opens nothing at once"
    again = (await ann.says(ASK[ann.language]))[-1]
    assert case_of(stage, ann).id == case.id, "who has just talked to a person is asked first"
    await ann.taps(PERSON[ann.language], on=again, expect=1)
    assert case_of(stage, ann).id > case.id


async def test_who_waits_can_go_on_with_the_bot_at_any_time(stage, ann):
    answer = (await ann.says(ASK[ann.language]))[-1]
    tapped = await ann.taps(BOT[ann.language], on=answer, expect=1)
    assert BACK[ann.language] in tapped.new[0].text
    assert case_of(stage, ann).outcome is Outcome.LEFT
    twice = await ann.taps(BOT[ann.language], on=answer, expect=1)
    assert twice.new[0].text  # an old button says how things stand
    assert (await ann.says(WISH[ann.language], expect=2))[0].text


async def test_buttons_of_the_bot_go_on_working_beside_a_person(stage, ann, ask):
    await ann.says(WISH[ann.language], expect=4)
    card = next(seen for seen in await ann.sees() if "👍" in seen.labels)
    await held(stage, ann, ask)
    assert (await ann.taps("👍", on=card)).answer
    assert (await ann.taps(SIMILAR[ann.language], on=card, expect=2)).new
    assert (await ann.says("/help"))[0].text
    assert await ann.says(WISH[ann.language], expect=0) == []


async def test_what_cannot_be_passed_on_is_said_and_what_comes_in_a_flood_all_arrives(stage, ann, ask):
    await held(stage, ann, ask)
    assert STICKER[ann.language] in (await ann.sends_sticker())[0].text
    before = len(talk_of(stage, ann))
    for number in range(12):
        await ann.writes(f"line {number}")
    await stage.settled()
    with stage.shop() as shop:
        said = [shop.transcripts.get(m.turn_id).turn.text for m in talk_of(stage, ann)[before:] if m.turn_id]
    assert said == [f"line {number}" for number in range(12)]


async def test_words_of_staff_are_said_in_order_through_a_flood_of_telegrams_own(stage, ann, ask):
    case = await held(stage, ann, ask)
    stage.api.simulator.faults.add(Fault("sendMessage", "status", code=429, retry_after=1))
    stage.api.simulator.faults.add(Fault("sendMessage", "status", code=502, skip=1))
    await ann._mark()
    for number in range(3):
        await ask("case say", case=case.id, text=f"word {number}", key=f"{case.id}-{number}")
        await ask("case say", case=case.id, text=f"word {number}", key=f"{case.id}-{number}")  # a double click
    heard = await ann.hears(3)
    assert [seen.text for seen in heard] == [f"{SAYS[ann.language]}word {number}" for number in range(3)]


@pytest.mark.long
async def test_a_case_outlives_the_bot_and_too_long_a_wait_is_told_once(stage, ann):
    await ann.says(ASK[ann.language])
    await stage.restart()
    assert await ann.says("still there?", expect=0) == []
    case = case_of(stage, ann)
    house = stage.bot.house
    old = (datetime.now(UTC) - timedelta(minutes=11)).isoformat(timespec="microseconds")
    await house.database.run(lambda shop: aged(shop, case.id, old))
    looking = WaitingCases(house)
    late = await told(ann, house.database.run(looking._tell))
    assert BOT[ann.language] in late[0].labels
    assert await house.database.run(looking._tell) == 0
    await ann.taps(BOT[ann.language], on=late[0], expect=1)
    kept = case_of(stage, ann)
    assert (kept.state, kept.bot_speaks) == (CaseState.WAITING, True), "the request stays while the bot goes on"
    assert (await ann.says(WISH[ann.language], expect=2))[0].text


def aged(shop: Shop, case_id, opened_at):
    with shop.atomic():
        shop.db.execute("UPDATE cases SET opened_at = ? WHERE id = ?", [opened_at, case_id])


@pytest.mark.parametrize(
    ("request_", "fields", "refused"),
    [
        ("case take", {"case": 999_999}, "case-gone"),
        ("case say", {"case": 999_999, "text": "x"}, "case-gone"),
        ("case open", {"turn": 999_999}, "no-such-shopper"),
        ("ticket open", {"case": 999_999, "kind": "return", "text": "x"}, "case-gone"),
        ("ticket open", {"case": 1, "kind": "return", "text": " "}, "nothing-said"),
        ("ticket change", {"ticket": 999_999, "version": 1, "state": "done", "owner": ""}, "ticket-gone"),
    ],
)
async def test_what_cannot_be_done_is_refused_by_a_code(ask, request_, fields, refused):
    assert (await ask(request_, **fields))["refused"] == refused


async def test_what_staff_may_send_has_limits(stage, ann, ask):
    case = await held(stage, ann, ask)
    for fields, refused in (
        ({"text": "  "}, "nothing-said"),
        ({"text": "x" * 3_001}, "said-too-long"),
        ({"text": "x", "products": ["no such product"]}, "product-gone"),
        ({"text": "x", "products": [str(n) for n in range(6)]}, "too-many-products"),
        ({"text": "x", "staff": " "}, "no-name"),
        ({"text": "x", "staff": "Wei"}, "case-held"),
    ):
        assert (await ask("case say", case=case.id, **fields))["refused"] == refused
    long = "word " * 590
    heard = await told(ann, ask("case say", case=case.id, text=long))
    assert "".join(heard[0].text.split()).endswith("".join(long.split()))


@pytest.mark.long
async def test_killed_between_the_words_of_staff_and_their_delivery_nothing_is_lost_or_said_twice(
    stocked_folder, tmp_path
):
    folder = copy_stocked(stocked_folder, tmp_path / "data")
    ask = asker(folder)
    async with LocalBotApi(folder) as api:
        bot = BotProcess(folder, api)
        await bot.start()
        async with await Shopper.join(api.url, "Ann", "en", patience=60) as ann:
            await ann.says(ASK["en"])
            with_case = Shop.open(folder, readonly=True)
            case = with_case.cases.waiting()[0]
            with_case.close()
            await told(ann, ask("case take", case=case.id))
            api.simulator.faults.add(Fault("sendMessage", "status", code=502, times=1_000))
            await ask("case say", case=case.id, text="first")
            await ask("case say", case=case.id, text="second")
            await bot.kill()
            api.simulator.faults.clear()
            await ann._mark()
            await bot.start()
            heard = await ann.hears(2)
            assert [seen.text for seen in heard] == ["Ana from the shop: first", "Ana from the shop: second"]
        assert await bot.stop() == 0


# --- office hours, without a clock --------------------------------------------------------------------------------

SATURDAY = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
WEEKDAY = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
HAND_OFF = HandOff(OfficeHours.parse("Mon-Fri 09:00-18:00"))
TURN = Turn(1, 7, 7, "a person please", SATURDAY, "en")


def _codes(draft):
    return [line.code for line in draft.lines]


async def test_outside_the_hours_the_shopper_is_told_when_and_the_request_stays():
    before = Before(TURN)
    draft = HAND_OFF.asked(before, SATURDAY, None, Draft(Need()))
    assert _codes(draft) == ["case-opened", "case-wait-closed"]
    assert draft.lines[1].facts == {"day": datetime(2026, 11, 30).date(), "time": "09:00", "away": 2}
    assert draft.step is CaseStep.ASK
    case = Case(1, 7, 7, "en", CaseReason.ASKED, CaseState.WAITING, SATURDAY)
    assert HAND_OFF.went_on(replace(before, case=case), SATURDAY).step is CaseStep.GO_ON_WAITING
    assert HAND_OFF.went_on(replace(before, case=case), WEEKDAY).step is CaseStep.LEAVE


async def test_inside_the_hours_the_wait_is_that_of_the_cases_before():
    draft = HAND_OFF.asked(Before(TURN), WEEKDAY, timedelta(minutes=4, seconds=20), Draft(Need()))
    assert draft.lines[1].code == "case-wait"
    assert draft.lines[1].facts == {"minutes": 4}
    assert _codes(HAND_OFF.asked(Before(TURN), WEEKDAY, None, Draft(Need())))[1] == "case-wait-unknown"


async def test_a_night_is_no_wait():
    case = Case(1, 7, 7, "en", CaseReason.ASKED, CaseState.WAITING, SATURDAY)
    patience = timedelta(minutes=10)
    assert not HAND_OFF.is_late(case, datetime(2026, 11, 30, 9, 5, tzinfo=UTC), patience)
    assert HAND_OFF.is_late(case, datetime(2026, 11, 30, 9, 11, tzinfo=UTC), patience)
    assert not HAND_OFF.is_late(case, datetime(2026, 11, 30, 20, 0, tzinfo=UTC), patience)
