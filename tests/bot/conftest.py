"""What several tests of the bot share: a bot on its stage, an assistant without any door, and a log to keep quiet."""

import asyncio
import logging

import pytest
import pytest_asyncio

from bot.settings import Settings
from bot.wiring import open_house
from storage.shop import Shop
from tests.support.stage import Stage, copy_stocked
from tests.support.talk import FailingSearch, Talk, scripted


@pytest.fixture
def quiet_log(caplog):
    """Bad input is no error of ours: nothing at that level, and no stack trace at any."""
    yield
    loud = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR or r.exc_info]
    assert loud == [], [record.getMessage() for record in loud]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    """One bot for a module, over HTTP."""
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("stage") / "data")
    async with Stage(folder) as stage:
        yield stage
        assert await stage.api.simulator.alarms() == [], "methods that the local Bot API does not serve"


@pytest_asyncio.fixture(params=["en", "zh"], loop_scope="module")
async def ann(request, stage):
    """A new shopper in each language."""
    async with await stage.shopper("Ann <b>{ $x }", request.param) as ann:
        ann.language = request.param
        yield ann


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("assistant") / "data")
    house = await open_house(Settings(_env_file=None, data=folder), progress=False)
    yield house
    await house.close()


@pytest.fixture
def script():
    return {}


@pytest.fixture
def search(house):
    return FailingSearch(house.search)


@pytest_asyncio.fixture(loop_scope="module")
async def assistant(house, script, search):
    assistant = scripted(house, script, search)
    yield assistant
    await asyncio.to_thread(assistant.parts.understander.close)


@pytest_asyncio.fixture(params=["en", "zh"], loop_scope="module")
async def talk(request, assistant):
    return Talk(assistant, request.param)


@pytest.fixture
def reader(house):
    """The database as another process sees it: what is committed and nothing else."""
    shop = Shop.open(house.settings.data, readonly=True)
    yield shop
    shop.close()
