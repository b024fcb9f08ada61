"""A bot whose search never comes back: shoppers are told, then answered, and the owner hears of it."""

import asyncio
import threading

import aiohttp
import pytest
import pytest_asyncio

from bot.health import figures
from bot.running import RunningBot
from bot.threads.hanging import MOST, WornOutError
from tests.support.stage import Stage, copy_stocked
from tests.support.talk import FailingSearch, scripted

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

WISH = {"en": "a red dress", "zh": "红色连衣裙"}
SORRY = {
    "en": "Sorry, something went wrong on my side. Please try again in a moment.",
    "zh": "抱歉，我这边出了点问题，请稍后再试。",
}


class HangingBot(RunningBot):
    """Its search hangs when it is told to; the rest is the real thing."""

    def _door(self, house):
        self.search = FailingSearch(house.search)
        house.assistant = scripted(house, search=self.search, search_timeout=1.0)
        return super()._door(house)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("hanging") / "data")
    stage = Stage(folder, HangingBot, health_port=0, hung_after=2.5)
    await stage.api.start()
    await stage.open()
    await stage.bot.house.warm()
    yield stage
    if stage._work:
        await stage.close()
    await stage.api.stop()


@pytest.fixture(scope="module")
def never():
    """Set only when all tests are over: no thread that waits for it comes back."""
    never = threading.Event()
    yield never
    never.set()


async def readyz(stage):
    async with aiohttp.ClientSession() as session, session.get(stage.bot.health.address + "/readyz") as got:
        return got.status, await got.json()


async def renewed(stage, before):
    async with asyncio.timeout(30):
        while len(stage.bot.house.hanging.parts) == before:
            await asyncio.sleep(0.05)
        await stage.bot.house.search.ready()


async def test_a_search_that_never_comes_back_is_replaced(stage, never):
    house, hung = stage.bot.house, figures.WORKER_HUNG.labels(worker="search")
    old, counted = await house.search.ready(), hung._value.get()
    async with await stage.shopper("Ann", "en") as ann, await stage.shopper("魏", "zh") as wei:
        stage.bot.search.act = never.wait
        [said] = await ann.says(WISH["en"])
        assert said.text == SORRY["en"]
        stage.bot.search.act = None
        [said] = await wei.says(WISH["zh"])
        assert said.text == SORRY["zh"], "the thread is still in it"
        await renewed(stage, 0)
        assert len(await ann.says(WISH["en"], expect=4)) == 4
        assert len(await wei.says(WISH["zh"], expect=4)) == 4
    new = await house.search.ready()
    assert new is not old
    assert new.heat is old.heat
    assert hung._value.get() == counted + 1
    async with asyncio.timeout(30):
        while (report := await readyz(stage))[1]["checks"]["threads"]["ok"]:
            await asyncio.sleep(0.1)
    status, told = report
    assert (status, told["status"]) == (200, "degraded"), "shoppers are answered"
    assert told["checks"]["threads"]["what"].startswith("1 of 3 threads that may hang do: search.")


async def test_a_bot_with_too_many_threads_that_hang_ends_in_good_order(stage, never):
    async with await stage.shopper("Ann", "en") as ann:
        stage.bot.search.act = never.wait
        house = stage.bot.house
        async with asyncio.timeout(60):
            while not house.hanging.too_many.is_set():
                before = len(house.hanging.parts)
                await ann.says(WISH["en"])
                await renewed(stage, before)
            await asyncio.wait({stage._work})
        with pytest.raises(WornOutError, match=f"{MOST} threads hang .search.: the bot is to be started again"):
            await stage._work
        stage._work = None
        await stage.open()
        assert len(await ann.says(WISH["en"], expect=4)) == 4
