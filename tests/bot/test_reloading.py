"""A running bot takes up what is promoted, between two messages, and goes on with the old one where that is broken."""

import asyncio
import logging
import threading

import pytest
from click.testing import CliRunner

from bot.models import load_model
from bot.settings import Settings
from bot.workers import Worker
from finetune import shelf
from finetune.rollback import main as rollback
from nlu.promoted import pointer_file
from nlu.promoted import shelf as shelf_of
from storage.terms import base_vocabulary
from tests.support.models import point, shipped, warmer
from tests.support.stage import Stage, copy_stocked


@pytest.fixture
def folder(stocked_folder, tmp_path):
    return copy_stocked(stocked_folder, tmp_path / "data")


@pytest.fixture
def new(folder, tmp_path, derived_models):
    """An understander on the shelf that nothing points to yet."""
    cache = folder / "models"
    artifact = warmer(tmp_path / "run", derived_models, cache)
    shelf.place(cache, tmp_path / "run", artifact.version, {"previous": "shipped"})
    return artifact


async def serving(stage, version):
    """Waits until the bot serves with this version."""
    async with asyncio.timeout(60):
        while (await stage.bot.house.understander.ready()).version != version:
            await asyncio.sleep(0.1)


async def said(caplog, words):
    async with asyncio.timeout(60):
        while not [r for r in caplog.records if words in r.getMessage()]:
            await asyncio.sleep(0.1)


@pytest.mark.long
async def test_a_promotion_and_a_rollback_are_followed_without_a_restart(folder, new, caplog):
    caplog.set_level(logging.INFO, logger="bot")
    cache = folder / "models"
    async with Stage(folder) as stage, await stage.shopper("Ann", "en") as ann:

        async def model_of_next_turn():
            await ann.says("thanks", expect=1)
            turn = stage.turn_of(ann)
            return turn.versions["understander"], turn.degraded

        assert await model_of_next_turn() == (shipped().version, False)
        point(cache, new.version)
        await serving(stage, new.version)
        assert await model_of_next_turn() == (new.version, False)

        pointer_file(cache).write_text("{", encoding="utf-8")
        await said(caplog, "is not a pointer")
        assert await model_of_next_turn() == (new.version, False)

        point(cache, new.version)
        result = await asyncio.to_thread(CliRunner().invoke, rollback, ["--data", str(folder)])
        assert result.exit_code == 0, result.output
        await serving(stage, shipped().version)
        assert await model_of_next_turn() == (shipped().version, False)
    loud = [r for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info]
    assert [r.getMessage() for r in loud] == [
        f"The promoted understander cannot serve: {pointer_file(cache)} is not a pointer to a promoted model; promote "
        f"or roll back again. {new.version} serves on."
    ]


def test_a_start_uses_the_promoted_one(folder, new):
    point(folder / "models", new.version)
    model = load_model(Settings(_env_file=None, data=folder), base_vocabulary())
    assert model.version == model.understand("a red dress").model == new.version


@pytest.mark.parametrize("damage", ["truncated", "gone", "pointer"])
def test_a_start_with_a_broken_promoted_one_warns_and_uses_the_shipped_one(folder, new, caplog, damage):
    cache = folder / "models"
    point(cache, new.version)
    adapter = shelf_of(cache) / new.version / "adapter.safetensors"
    if damage == "truncated":
        adapter.write_bytes(adapter.read_bytes()[:100])
    elif damage == "gone":
        adapter.unlink()
    else:
        pointer_file(cache).write_text("null", encoding="utf-8")
    model = load_model(Settings(_env_file=None, data=folder), base_vocabulary())
    assert model.version == shipped().version
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().endswith("The shipped understander serves in its place.")


class Part:
    """Says its name and knows when it was closed."""

    def __init__(self, name):
        self.name, self.closed = name, False

    def close(self):
        self.closed = True


async def test_a_part_is_replaced_between_two_calls_and_stays_where_the_next_cannot_be_built():
    old, gate = Part("old"), threading.Event()
    worker = Worker("part", lambda: old)

    def build():
        gate.wait(30)
        return Part("new")

    def broken():
        raise ValueError("no such part")

    replacing = asyncio.create_task(worker.replace(build))
    assert await worker.run(lambda part: part.name) == "old"
    assert not old.closed
    gate.set()
    await replacing
    assert old.closed
    assert (await worker.ready()).name == await worker.run(lambda part: part.name) == "new"
    with pytest.raises(ValueError, match="no such part"):
        await worker.replace(broken)
    assert await worker.run(lambda part: part.name) == "new"
    worker.close()
