"""A bot with more to do than it can: shoppers are told, all are answered, and the record says that they had to wait."""

import asyncio
import time
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from bot.overload import Level
from bot.running import RunningBot
from tests.support.stage import Stage, copy_stocked
from tests.support.talk import FailingSearch, scripted

pytestmark = pytest.mark.asyncio(loop_scope="module")

WISH = {"en": "a red dress", "zh": "红色连衣裙"}
WAIT = {"en": "Your message is in line", "zh": "您的消息已在排队"}
NEWEST = {"en": "so I answer your newest message only", "zh": "我只回答您最新的一条"}
SHOPPERS = 14


class SlowBot(RunningBot):
    """A bot whose search takes as long as it is told; the rest is the real thing."""

    def _door(self, house):
        self.search = FailingSearch(house.search)
        house.assistant = scripted(house, search=self.search, search_timeout=60)
        return super()._door(house)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("busy") / "data")
    async with Stage(folder, SlowBot, busy_after=0.5) as stage:
        yield stage


@pytest.mark.long
async def test_everybody_is_answered_and_who_waited_was_told_once_and_is_on_record_as_such(stage):
    stage.bot.search.act = lambda: time.sleep(0.12)
    async with AsyncExitStack() as stack:
        people = [await stage.shopper(f"Shopper {n}", "zh" if n % 2 else "en") for n in range(SHOPPERS)]
        for person in people:
            await stack.enter_async_context(person)
        await asyncio.gather(*(person.writes(WISH[_language(person)]) for person in people))
        await asyncio.sleep(0.1)
        await asyncio.gather(*(person.writes(WISH[_language(person)]) for person in people))
        await stage.settled(60)
        stage.bot.search.act = None
        told = [await _check(stage, person) for person in people]
    assert {True, False} <= set(told) or all(told)
    assert sum(told) >= SHOPPERS // 4, "they waited for seconds where half a second is the limit"


async def _check(stage, person):
    """Whether this shopper was told to wait; the answers are there, in order, and the record agrees."""
    language = _language(person)
    said = [message.text for message in await person.sees() if not message.mine]
    notices = [text for text in said if WAIT[language] in text]
    outcomes = [outcome for _, outcome in stage.outcomes_of(person)]
    assert len(notices) <= 1
    assert outcomes in (["answered", "answered"], ["overtaken", "answered"])
    assert outcomes[0] == "answered" or any(NEWEST[language] in text for text in said)
    with stage.shop() as shop:
        last = shop.transcripts.history(person.id, 1)[-1]
    if notices:
        assert last.degraded
        assert last.versions["flow"] == "late"
    return bool(notices)


@pytest.mark.deep
async def test_after_a_while_of_calm_nothing_is_left_out_any_more(stage):
    overload = stage.bot.house.overload
    assert overload.level > Level.CALM
    async with asyncio.timeout(40):
        while overload.level > Level.CALM:
            await asyncio.sleep(0.1)
    async with await stage.shopper("小明", "zh") as ming:
        assert len(await ming.says(WISH["zh"], expect=4)) == 4
        assert not stage.turn_of(ming).degraded


def _language(person):
    return "zh" if int(person.name.split()[-1]) % 2 else "en"
