"""Whole conversations in both languages through a webhook, a restart in the middle of one included."""

import pytest
import pytest_asyncio

from tests.support.conversations import FOLDER, conversation
from tests.support.player import Player
from tests.support.ports import free_port
from tests.support.stage import Stage, copy_stocked

NAMES = ["en_red_dress", "en_cart_words", "zh_headphones", "zh_buttons", "zh_restart"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("webhook") / "data")
    port = free_port()
    async with Stage(folder, webhook_url=f"http://127.0.0.1:{port}/telegram", webhook_port=port) as stage:
        yield stage
        assert await stage.api.simulator.alarms() == []
        assert not [call for call in await stage.api.simulator.calls("getUpdates")]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", NAMES)
async def test_conversation(stage, name):
    talk = conversation(FOLDER / f"{name}.yaml")
    async with await stage.shopper(name, talk["language"]) as shopper:
        await Player(stage, shopper).play(talk)
    await stage.settled()
    assert {status for _, status in stage.api.simulator.pushing.delivered} == {200}
