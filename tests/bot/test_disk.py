"""A disk that takes nothing: full, or read-only. A file system of its own, so that the fault is the real one.

Where the tests may not mount one they are passed over; a lock held by another process stands for them in
tests/bot/test_faults.py, since all three go the same way.
"""

import asyncio
import shutil
import sqlite3
import subprocess
from contextlib import contextmanager
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.health import figures
from bot.running import RunningBot
from bot.telegram.runner import Limits
from storage.database import DatabaseError
from storage.shop import Shop
from tests.support.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

WISH = {"en": "a red dress", "zh": "红色连衣裙"}
WAIT = {
    "en": "I cannot get at my notes for the moment. I have kept what you sent, and I will answer as soon as I can.",
    "zh": "我暂时打不开我的记录本。您发来的我已经收好，一能处理就马上回复您。",
}


class QuickToTell(RunningBot):
    """A bot that tries again, and tells of a wait, sooner."""

    def _habits(self):
        limits = Limits(retry=0.1, longest_retry=0.2)
        return replace(super()._habits(), limits=limits, outage_silence=0.3, poll_timeout=2)

    def _door(self, house):
        door = super()._door(house)
        # Not sooner: who asks for the same again within half a second gets one update only.
        door.reception._backoff.first = door.reception._backoff.cap = 1.2
        return door


@contextmanager
def mounted(disk):
    """A file system of 40 MB."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "none", str(disk)], capture_output=True)
    if done.returncode:
        pytest.skip("mounting a file system is not allowed here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory):
    with mounted(tmp_path_factory.mktemp("disk")) as disk:
        yield disk


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, small_disk, tmp_path_factory):
    folder = small_disk / "data"
    folder.mkdir()
    shutil.copy(stocked_folder / "shop.db", folder)
    (folder / "models").symlink_to(stocked_folder / "models")
    shutil.copytree(stocked_folder / "index", folder / "index")
    async with Stage(folder, QuickToTell, telegram=tmp_path_factory.mktemp("telegram")) as stage:
        yield stage


@contextmanager
def full(disk):
    """No byte is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 65536):
                pass
        except OSError:
            pass
        try:
            while file.write(b"\0" * 512):
                pass
        except OSError:
            pass
    try:
        yield
    finally:
        filler.unlink()


def refused(kind):
    return figures.REGISTRY.get_sample_value("db_refused_total", {"kind": kind}) or 0


@pytest.mark.long
async def test_on_a_full_disk_nothing_is_lost_and_nobody_is_left_in_silence(stage, small_disk, caplog):
    """Both at the inbox, whose message Telegram keeps, and in a turn that was under way."""
    before = refused("full")
    async with await stage.shopper("Ann", "en") as ann, await stage.shopper("小明", "zh") as ming:
        people = {"en": ann, "zh": ming}
        for language, person in people.items():
            await person.says(WISH[language], expect=4)
        with full(small_disk):
            for language, person in people.items():
                await person.writes(WISH[language])
                await person.writes(WISH[language])
            async with asyncio.timeout(20):
                for language, person in people.items():
                    while WAIT[language] not in [seen.text for seen in await person.sees()]:
                        await asyncio.sleep(0.05)
            await asyncio.sleep(0.6)  # tried again some times, and said no more
        await stage.settled(30)
        for language, person in people.items():
            said = [seen.text for seen in await person.sees() if not seen.mine]
            assert said.count(WAIT[language]) == 1
            assert len(said) == 13, "a page for each message"
            assert stage.outcomes_of(person) == [("done", "answered")] * 3
    assert refused("full") > before
    assert "Traceback" not in caplog.text
    with stage.shop() as shop:
        assert shop.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_what_waits_in_the_journal_is_moved_when_there_is_room(stage, small_disk):
    """A checkpoint that finds no room leaves everything in the journal, where it is as safe."""
    database = stage.bot.house.database
    async with await stage.shopper("Ann", "en") as ann:
        await ann.says("a red dress", expect=4)
        await stage.settled()
        with full(small_disk), pytest.raises(sqlite3.OperationalError, match="full"):
            await database.run(lambda shop: shop.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        assert len(await ann.says("in blue")) >= 1
        await stage.settled()
        moved = await database.run(lambda shop: shop.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())
        assert moved[0] == 0


async def test_a_start_on_a_full_disk_says_so_and_the_next_one_answers(stage, small_disk):
    await stage.close()
    with full(small_disk), pytest.raises((DatabaseError, OSError), match="disk"):
        await stage.open()
    await stage.open()
    async with await stage.shopper("Ann", "en") as ann:
        assert len(await ann.says("a red dress", expect=4)) == 4
    shop = Shop.open(stage.folder, readonly=True)
    assert shop.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    shop.close()


async def test_a_read_only_file_system_is_named_and_left_as_it_is(stocked_folder, tmp_path):
    """The kernel mounts a failing disk so. What is there can be read; a write says why not."""
    with mounted(tmp_path) as disk:
        shutil.copy(stocked_folder / "shop.db", disk)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises((DatabaseError, OSError), match=r"Read-only|cannot be (written|opened)"):
            Shop.open(disk).inbox.finish(1, "done")
