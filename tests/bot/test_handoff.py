"""A person takes over and gives back: the shopper over HTTP, staff through the control socket."""

import asyncio
import itertools

import pytest

from bot.control import ControlClient
from storage.cases import CaseReason, CaseState, Outcome, Satisfaction

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASK = {"en": "I want to talk to a human", "zh": "转人工"}
NAMED = {"en": "You are now talking with Ana from the shop", "zh": "现在和您说话的是店里的Ana"}
SAYS = {"en": "Ana from the shop: ", "zh": "店里的Ana："}
BOT = {"en": "Go on with the bot", "zh": "继续和机器人聊"}
BACK = {"en": "talking with the bot again", "zh": "由机器人继续为您服务"}
PERSON = {"en": "Talk to a person", "zh": "转人工"}
GOOD = {"en": "😊 Good", "zh": "😊 满意"}
WISH = {"en": "a red dress", "zh": "红色连衣裙"}
NONSENSE = {"en": ("qwrtzp lkjhg", "xcvbn mnbvcx"), "zh": ("qwrtzp lkjhg", "xcvbn mnbvcx")}
_keys = itertools.count()


@pytest.fixture
def ask(stage):
    """What the console asks of the running bot."""

    async def asking(request, **fields):
        client = ControlClient(stage.folder, timeout=10)
        fields = {"staff": "Ana", "key": str(next(_keys)), **fields}
        return await asyncio.to_thread(client.ask, request, **fields)

    return asking


def case_of(stage, shopper):
    with stage.shop() as shop:
        return next(iter(shop.cases.of(shopper.id)), None)


def talk_of(stage, shopper):
    with stage.shop() as shop:
        return shop.case_talk.of(case_of(stage, shopper).id)


async def opened(stage, ann):
    await ann.says(ASK[ann.language])
    return case_of(stage, ann)


async def taken(stage, ann, ask):
    case = await opened(stage, ann)
    await ann._mark()
    assert await ask("case take", case=case.id) == {"case": case.id}
    await ann.hears(1)
    return case


async def test_from_the_wish_for_a_person_to_the_thanks_afterwards(stage, ann, ask):
    answer = (await ann.says(ASK[ann.language]))[-1]
    assert BOT[ann.language] in answer.labels
    case = case_of(stage, ann)
    assert (case.state, case.reason, case.language) == (CaseState.WAITING, CaseReason.ASKED, ann.language)
    assert await ann.says("where <b>are</b> you?", expect=0) == []  # the bot keeps quiet
    await ann._mark()
    assert await ask("case take", case=case.id) == {"case": case.id}
    assert NAMED[ann.language] in (await ann.hears(1))[0].text
    await ann._mark()
    await ask("case say", case=case.id, text="<b>Hello</b> & welcome { $x }\nSecond line")
    heard = (await ann.hears(1))[0]
    assert heard.text == SAYS[ann.language] + "<b>Hello</b> & welcome { $x }\nSecond line"
    assert heard.raw.get("entities", []) == []
    assert await ann.says(WISH[ann.language], expect=0) == []
    await ann._mark()
    await ask("case give back", case=case.id)
    back = (await ann.hears(1))[0]
    assert BACK[ann.language] in back.text
    assert GOOD[ann.language] in back.labels
    first, second = await ann.taps(GOOD[ann.language]), await ann.taps("✓ " + GOOD[ann.language])
    assert first.answer and second.answer and first.answer != second.answer
    ended = case_of(stage, ann)
    assert (ended.outcome, ended.satisfaction) == (Outcome.RETURNED, Satisfaction.GOOD)
    assert (await ann.says(WISH[ann.language], expect=2))[0].text  # the bot answers again
    said = [(m.author, m.text, m.event, m.delivery) for m in talk_of(stage, ann)]
    assert [event for _, _, event, _ in said if event] == ["opened", "taken", "ended", "rated"]
    assert ("staff", "<b>Hello</b> & welcome { $x }\nSecond line", "", "sent") in said
    assert sum(author == "shopper" for author, *_ in said) == 3
