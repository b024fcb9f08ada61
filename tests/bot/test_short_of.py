"""A bot that runs short of what its system gives it: handles, room, memory; in a process of its own."""

import asyncio
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.simulator.server import LocalBotApi
from bot.simulator.shopper import Shopper
from storage.shop import Shop
from tests.bot.test_disk import WAIT
from tests.support.forked import ForkedBot
from tests.support.stage import copy_stocked

pytestmark = [pytest.mark.asyncio, pytest.mark.deep, pytest.mark.timeout(600)]

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def short_of(pid, what, limit):
    """The running process gets no more than that."""
    _, hard = before = resource.prlimit(pid, what)
    resource.prlimit(pid, what, (limit, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, what, before)


async def test_a_running_bot_comes_back_from_each_shortage_and_ends_in_good_order(stocked_folder, tmp_path):
    folder = copy_stocked(stocked_folder, tmp_path / "data")
    async with LocalBotApi(tmp_path / "telegram") as api:
        bot = ForkedBot(folder, api)
        await bot.start()
        async with await Shopper.join(api.url, "Ann", "en", patience=120) as ann:
            assert len(await ann.says("a red dress", expect=4)) == 4
            with short_of(bot.pid, resource.RLIMIT_NOFILE, len(list(Path(f"/proc/{bot.pid}/fd").iterdir()))):
                await ann.writes("in blue")
                await asyncio.sleep(5)
            assert await ann.hears(1)
            with short_of(bot.pid, resource.RLIMIT_FSIZE, 4096):
                await ann.writes("in green")
                while WAIT["en"] not in [seen.text for seen in await ann.sees()]:
                    await asyncio.sleep(0.5)
            assert await ann.hears(2)
            await ann.writes("wireless headphones")
            while bot_takes(folder, ann) < 4:
                await asyncio.sleep(0.05)
            bot.end(signal.SIGHUP)  # the terminal closes in the middle of the turn
            await bot.left()
    assert bot.exitcode == 0
    shop = Shop.open(folder)
    sql = "SELECT state, outcome FROM updates WHERE user_id = ? ORDER BY update_id"
    assert {tuple(row) for row in shop.db.execute(sql, [ann.id])} == {("done", "answered")}
    assert shop.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    shop.close()


def bot_takes(folder, shopper):
    """How many messages of the shopper are in the inbox."""
    shop = Shop.open(folder, readonly=True)
    try:
        return shop.db.execute("SELECT count(*) FROM updates WHERE user_id = ?", [shopper.id]).fetchone()[0]
    finally:
        shop.close()


async def test_a_start_without_memory_ends_and_leaves_the_books_whole(stocked_folder, tmp_path):
    """Which part meets the end of memory first is chance: some say so, Chroma ends the whole process on the spot."""
    folder = copy_stocked(stocked_folder, tmp_path / "data")
    limit = 700 * 2**20
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", "run", "--port", "0", "--data", str(folder)],
        capture_output=True,
        text=True,
        timeout=200,
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert done.returncode != 0
    shop = Shop.open(folder)
    assert shop.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    shop.close()
