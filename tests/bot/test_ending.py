"""A bot's process is told to end, or is killed, at the odd moments: exit code 0, and nothing is lost."""

import asyncio
import signal

import pytest

from bot.simulator.server import LocalBotApi
from bot.simulator.shopper import Shopper
from storage.shop import Shop
from tests.support.kills import ANSWER_S, BotProcess
from tests.support.ports import free_port
from tests.support.stage import copy_stocked

ANSWERED = "SELECT 1 FROM updates WHERE state = 'done' AND outcome = 'answered'"
PATIENCE = 200.0  # on a machine that others use, too


@pytest.fixture
def folder(stocked_folder, tmp_path):
    return copy_stocked(stocked_folder, tmp_path / "data")


@pytest.fixture
def bot_on(folder, tmp_path):
    """Makes the bot's process, which takes its updates by webhook: so says the `.env` where it runs."""
    port = free_port()
    lines = (f"SHOPBOT_WEBHOOK_URL=http://127.0.0.1:{port}/telegram", f"SHOPBOT_WEBHOOK_PORT={port}")
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    return lambda api: BotProcess(folder, api, cwd=tmp_path)


def rows(folder, sql):
    shop = Shop.open(folder, readonly=True)
    try:
        return shop.db.execute(sql).fetchall()
    finally:
        shop.close()


async def until(bot, ask):
    async with asyncio.timeout(PATIENCE):
        while not ask():
            assert not bot.ended, log_of(bot)
            await asyncio.sleep(0.02)


def log_of(bot):
    return (bot._folder / "bot.log").read_text(encoding="utf-8")


def said(messages):
    return [message.text for message in messages if not message.mine]


@pytest.mark.timeout(700)
@pytest.mark.deep
async def test_signals_and_a_kill_in_the_middle_of_turns_lose_nothing(folder, bot_on, tmp_path):
    async with (
        LocalBotApi(tmp_path / "api") as api,
        await Shopper.join(api.url, "Ann", "en", patience=ANSWER_S) as ann,
        await Shopper.join(api.url, "小明", "zh", patience=ANSWER_S) as ming,
    ):
        bot = bot_on(api)
        await ann.writes("a red dress under $60")
        await ming.writes("200元以内的蓝牙耳机")
        await bot.start()
        # Told twice, as soon as it works on what it was brought: it finishes, and no more.
        await until(bot, lambda: rows(folder, "SELECT 1 FROM updates WHERE attempts > 0"))
        bot._process.send_signal(signal.SIGTERM)
        assert await bot.stop() == 0, log_of(bot)
        answered = len(rows(folder, "SELECT 1 FROM updates WHERE state = 'done'"))
        assert bool(answered) == bool(said(await ann.sees()) + said(await ming.sees()))
        # Killed between the commit and the answer.
        await ann.writes("wireless headphones")
        await bot.start()
        await until(bot, lambda: rows(folder, "SELECT 1 FROM updates WHERE body LIKE '%wireless%'"))
        await bot.kill()
        await bot.start()
        await until(bot, lambda: len(rows(folder, ANSWERED)) == 3)
        assert await bot.stop() == 0
        # The headers of three pages, whose cards differ: nobody was answered twice.
        assert rows(folder, "SELECT state, count(*) FROM updates GROUP BY state") == [("done", 3)]
        for shopper in (ann, ming):
            texts = said(await shopper.sees())
            assert len(texts) == len(set(texts)), texts
        assert not [call for call in await api.simulator.calls("getUpdates")]
    assert "Traceback" not in log_of(bot)


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_a_start_that_is_not_wanted_any_more_is_given_up(folder, tmp_path):
    async with LocalBotApi(tmp_path / "api") as api, await Shopper.join(api.url, "Ann", "en") as ann:
        await ann.writes("hello")
        bot = BotProcess(folder, api)
        await bot.start()
        await until(bot, lambda: (folder / "bot.lock").exists())  # it is told so before the long imports
        assert await bot.stop() == 0, log_of(bot)
        assert await api.simulator.act(lambda store: store.updates.count()) == 1
    assert "Traceback" not in log_of(bot)
