"""Shoppers' conversations in both languages, through the real bot over HTTP."""

from pathlib import Path

import pytest
import pytest_asyncio
import yaml

from tests.bot.test_catalog_commands import shopbot
from tests.support.player import Player
from tests.support.stage import Stage, copy_stocked

FOLDER = Path(__file__).parent.parent / "conversations"
CONVERSATIONS = [p for p in sorted(FOLDER.glob("*.yaml")) if "read_by" not in yaml.safe_load(p.read_text("utf-8"))]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("conversations") / "data")
    shopbot("orders", "import", FOLDER / "orders.csv", folder=folder)
    async with Stage(folder) as stage:
        yield stage
        assert await stage.api.simulator.alarms() == [], "methods that the local Bot API does not serve"


def test_there_are_enough_conversations_in_both_languages():
    languages = [yaml.safe_load(path.read_text(encoding="utf-8"))["language"] for path in CONVERSATIONS]
    assert len(languages) >= 25
    assert min(languages.count("en"), languages.count("zh")) >= 10


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
async def test_conversation(stage, path):
    conversation = yaml.safe_load(path.read_text(encoding="utf-8"))
    async with await stage.shopper(path.stem, conversation["language"]) as shopper:
        await Player(stage, shopper).play(conversation)
