"""Forgetting and retention through a bot that runs: it alone writes its database, and answers meanwhile."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.erasing import erase_shopper
from bot.upkeep.retention import RetentionDesk
from storage.console.database import ConsoleStore
from storage.retention import Kept
from tests.support.stage import Stage, copy_stocked

LONG_AGO = (datetime.now(UTC) - timedelta(days=900)).isoformat()


@pytest.fixture
async def stage(stocked_folder, tmp_path):
    async with Stage(copy_stocked(stocked_folder, tmp_path / "data")) as stage:
        yield stage


def turns(stage):
    with stage.shop() as shop:
        return shop.db.execute("SELECT count(*) FROM turns").fetchone()[0]


async def test_a_running_bot_forgets_a_shopper_and_ends_periods(stage):
    def end():
        with RetentionDesk(stage.folder) as desk:
            return desk.end(Kept.TALK, datetime.now(UTC) - timedelta(days=800))

    def forget(user_id):
        with ConsoleStore.open(stage.folder) as store:
            return erase_shopper(stage.folder, user_id, store, "ana")

    async with await stage.shopper() as ann:
        await ann.says("hello", expect=1)
        await stage.settled()
        aged = "UPDATE conversations SET began_at = ?, ended_at = ?"
        await stage.bot.house.database.run(lambda shop: shop.db.execute(aged, [LONG_AGO, LONG_AGO]) and None)
        said = turns(stage)
        assert await asyncio.to_thread(end) == said > 0
        assert turns(stage) == 0
        await ann.says("thanks", expect=1)
        await stage.settled()
        assert turns(stage) == 1
        gone = await asyncio.to_thread(forget, ann.id)
        assert gone["turns"] == 1
        assert turns(stage) == 0
        await ann.says("hello again", expect=1)
