"""Shoppers' conversations in both languages, through the real bot over HTTP."""

import pytest
import pytest_asyncio

from tests.bot.test_catalog_commands import shopbot
from tests.support.conversations import FOLDER, conversation, conversations
from tests.support.player import Player
from tests.support.stage import Stage, copy_stocked

CONVERSATIONS = {path: talk["language"] for path, talk in conversations() if "read_by" not in talk}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("conversations") / "data")
    shopbot("orders", "import", FOLDER / "orders.csv", folder=folder)
    async with Stage(folder) as stage:
        yield stage
        assert await stage.api.simulator.alarms() == [], "methods that the local Bot API does not serve"


def test_there_are_enough_conversations_in_both_languages():
    languages = [*CONVERSATIONS.values()]
    assert len(languages) >= 25
    assert min(languages.count("en"), languages.count("zh")) >= 10


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
async def test_conversation(stage, path):
    talk = conversation(path)
    async with await stage.shopper(path.stem, talk["language"]) as shopper:
        await Player(stage, shopper).play(talk)
