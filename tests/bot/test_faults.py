"""What breaks under a bot: its files, its database, its parts. Shoppers are answered or told, and nothing is lost."""

import asyncio
import json
import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.running import RunningBot
from bot.settings import Settings
from bot.simulator.server import LocalBotApi
from bot.simulator.shopper import Shopper
from bot.telegram.runner import Limits
from recommender.chroma_folder import BrokenIndexError, check
from storage.shop import Shop
from tests.support.kills import BotProcess
from tests.support.stage import Stage, copy_stocked
from tests.support.talk import FailingSearch, scripted

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parent.parent.parent
WISH = {"en": "a red dress", "zh": "红色连衣裙"}
SORRY = {
    "en": "Sorry, something went wrong on my side. Please try again in a moment.",
    "zh": "抱歉，我这边出了点问题，请稍后再试。",
}


class FragileBot(RunningBot):
    """A bot whose search does as it is told first, and that tries again sooner; the rest is the real thing."""

    def _habits(self):
        return replace(super()._habits(), limits=Limits(retry=0.2))

    def _door(self, house):
        self.search = FailingSearch(house.search)
        house.assistant = scripted(house, search=self.search)
        return super()._door(house)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("faults") / "data")
    async with Stage(folder, FragileBot) as stage:
        yield stage
        assert await stage.api.simulator.alarms() == []


@pytest.fixture
def own_folder(stocked_folder, tmp_path):
    return copy_stocked(stocked_folder, tmp_path / "data")


def said_by_bot(messages):
    return [message.text for message in messages if not message.mine]


async def shopbot(*arguments, folder, cwd=ROOT, code):
    """A command that ends with `code`, and without a stack trace; what it says on stderr."""
    environment = {**os.environ, "SHOPBOT_LOG_LEVEL": "WARNING"}
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", *arguments, "--data", str(folder)],
        capture_output=True,
        text=True,
        timeout=100,
        cwd=cwd,
        env=environment,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


# --- the index --------------------------------------------------------------------------------------


def _overwrite(index):
    """Every other file is cut off, the others are noise."""
    for number, path in enumerate(sorted(index.rglob("*"))):
        if path.is_file() and number % 2:
            os.truncate(path, path.stat().st_size // 3)
        elif path.is_file():
            path.write_bytes(os.urandom(500))


def _remove(index):
    shutil.rmtree(index)


@pytest.mark.long
@pytest.mark.parametrize("damage", [_overwrite, _remove])
async def test_a_damaged_index_is_built_anew_while_shoppers_are_answered(own_folder, damage, caplog):
    damage(own_folder / "index")
    async with Stage(own_folder) as stage, await stage.shopper("Ann", "en") as ann:
        assert len(await ann.says("a red dress", expect=4)) == 4
        async with asyncio.timeout(20):
            while not await stage.bot.house.search.run(lambda part: part.settle()):
                await asyncio.sleep(0.05)
        assert len(await ann.says("wireless headphones", expect=4)) == 4
        with stage.shop() as shop:
            assert not any(turn.degraded for turn in shop.transcripts.history(ann.id, 5))
    assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []
    folders = [path for path in (own_folder / "index").iterdir() if path.is_dir()]
    assert [path.name for path in folders] == [(own_folder / "index" / "current").read_text()]


async def test_an_index_that_kills_its_reader_kills_a_process_beside_the_bot(own_folder):
    """Sizes that point out of the file: Chroma's core reads there, and the system ends it."""
    header = next((own_folder / "index").rglob("header.bin"))
    sizes = bytearray(header.read_bytes())
    sizes[8:24] = (10**9).to_bytes(8, "little") * 2
    header.write_bytes(sizes)
    with pytest.raises(BrokenIndexError, match=f"exit code -{signal.SIGSEGV}"):
        await asyncio.to_thread(check, header.parent.parent)


# --- the database -----------------------------------------------------------------------------------


@pytest.mark.long
async def test_a_damaged_database_stops_the_start_with_a_sentence(own_folder):
    path = own_folder / "shop.db"
    damaged = _spoilt(path)
    path.write_bytes(damaged)
    done = await shopbot("run", "--port", "0", folder=own_folder, code=1)
    [sentence] = [line for line in done.stderr.splitlines() if line.startswith("shopbot: ")]
    assert sentence.startswith(f"shopbot: {path} is damaged")
    assert sentence.endswith("restore a backup of it.")
    assert path.read_bytes() == damaged, "a backup is restored by the owner, not by us"


def _spoilt(path):
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content) - 4096, 4096 * 3):
        content[start : start + 512] = b"\xa5" * 512
    return bytes(content)


@contextmanager
def locked(folder):
    """Another process in the middle of a write."""
    other = sqlite3.connect(folder / "shop.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@asynccontextmanager
async def impatient(stage, milliseconds):
    """The bot waits for a lock no longer than that, not its ten seconds."""
    database = stage.bot.house.database
    await database.run(lambda shop: shop.db.execute(f"PRAGMA busy_timeout = {milliseconds}"))
    yield
    await database.run(lambda shop: shop.db.execute("PRAGMA busy_timeout = 10000"))


async def test_a_database_that_is_locked_for_a_moment_only_delays(stage, caplog):
    async with await stage.shopper("Ann", "en") as ann:
        with locked(stage.folder):
            await ann.writes("a red dress")
            await asyncio.sleep(0.5)
            assert said_by_bot(await ann.sees()) == []
        assert len(said_by_bot(await ann.hears(4))) == 4
        await stage.settled()
        assert stage.outcomes_of(ann) == [("done", "answered")]
    assert caplog.records == []


async def test_a_lock_that_outlasts_patience_loses_nothing_and_doubles_nothing(stage, caplog):
    """Taken in the middle of a turn: after the update was stored, before its answer can be."""
    held = []

    def lock():
        if not held:
            held.append(locked(stage.folder))
            held[0].__enter__()

    async with await stage.shopper("Ann", "en") as ann, impatient(stage, 100):
        stage.bot.search.act = lock
        try:
            await ann.writes("a red dress")
            await asyncio.sleep(1.0)
            assert said_by_bot(await ann.sees()) == []
        finally:
            stage.bot.search.act = None
            held[0].__exit__(None, None, None)
        assert len(said_by_bot(await ann.hears(4))) == 4
        await stage.settled()
        assert stage.outcomes_of(ann) == [("done", "answered")]
        assert len(said_by_bot(await ann.says("a red dress", expect=4))) == 4
    assert [r for r in caplog.records if r.exc_info] == []


async def test_a_message_accepted_under_a_lock_is_not_sent_again(stage):
    """The lock comes when Telegram has the first message and the record of it is still to be made."""
    async with await stage.shopper("Ann", "en") as ann, impatient(stage, 100):
        await ann.writes("a red dress")
        while not said_by_bot(await ann.sees()):
            await asyncio.sleep(0.002)
        with locked(stage.folder):
            await asyncio.sleep(1.0)
        await ann.hears(4)
        await stage.settled()
        titles = [text.splitlines()[0] for text in said_by_bot(await ann.sees())]
        assert len(titles) == len(set(titles)) == 4
        assert stage.outcomes_of(ann) == [("done", "answered")]


@pytest.mark.long
async def test_on_a_full_disk_messages_wait_for_room_and_are_answered(stage):
    """As far as a quota of the database's own goes; tests/bot/test_disk.py has a real one."""
    database = stage.bot.house.database
    pages = await database.run(lambda shop: shop.db.execute("PRAGMA page_count").fetchone()[0])
    async with await stage.shopper("Ann", "en") as ann:
        await ann.says("hello")
        await database.run(lambda shop: shop.db.execute(f"PRAGMA max_page_count = {pages}"))
        try:
            for _ in range(4):  # what is free in the file is used up first
                await ann.writes("a red dress")
                await asyncio.sleep(0.2)
        finally:
            await database.run(lambda shop: shop.db.execute("PRAGMA max_page_count = 4294967294"))
        await stage.settled(30)
        assert {state for state, _ in stage.outcomes_of(ann)} == {"done"}
        assert SORRY["en"] not in said_by_bot(await ann.sees())
        assert len(said_by_bot(await ann.says("a red dress", expect=4))) == 4
        with stage.shop() as shop:
            assert shop.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# --- the parts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "error"), [("en", MemoryError), ("zh", ZeroDivisionError)])
async def test_a_search_that_fails_is_apologised_for_once_in_the_shoppers_language(stage, language, error, caplog):
    async with await stage.shopper("Ann", language) as ann:
        stage.bot.search.act = lambda: _raises(error)
        assert said_by_bot(await ann.says(WISH[language])) == [SORRY[language]]
        stage.bot.search.act = None
        await stage.settled()
        [(state, outcome)] = stage.outcomes_of(ann)
        assert (state, outcome[:17]) == ("failed", "failed: incident ")
        # The log has the trace, under the number that the inbox has.
        [incident] = [r for r in caplog.records if r.exc_info]
        assert outcome.removeprefix("failed: incident ") in incident.getMessage()
        assert len(said_by_bot(await ann.says(WISH[language], expect=4))) == 4
        with stage.shop() as shop:
            failed, answered = shop.transcripts.history(ann.id, 5)
        assert (failed.turn.text, failed.answered_at) == (WISH[language], None)
        assert answered.answered_at is not None


def _raises(error):
    raise error


# --- the models -------------------------------------------------------------------------------------


@pytest.mark.long
async def test_a_damaged_derived_model_is_derived_again(own_folder, caplog):
    [derived] = (own_folder / "models").glob("understander-*.onnx")
    content = derived.read_bytes()
    derived.unlink()  # it is linked to the one of all tests
    derived.write_bytes(content[: len(content) // 2])
    async with Stage(own_folder) as stage, await stage.shopper("Ann", "en") as ann:
        assert len(await ann.says("a red dress", expect=4)) == 4
        with stage.shop() as shop:
            [turn] = shop.transcripts.history(ann.id, 5)
        assert not turn.degraded
    assert [r.getMessage() for r in caplog.records] == [f"{derived} is damaged and is derived again"]
    assert derived.stat().st_size == len(content)


@pytest.fixture
def house_without_adapter(tmp_path):
    """The program as a copy, its understander taken away."""
    root = tmp_path / "program"
    root.mkdir()
    for room in ("bot", "recommender", "storage"):
        (root / room).symlink_to(ROOT / room)
    shutil.copytree(ROOT / "nlu", root / "nlu", ignore=shutil.ignore_patterns("understander", "__pycache__"))
    return root


@pytest.mark.long
async def test_without_an_adapter_the_rules_answer_and_say_so(own_folder, house_without_adapter, tmp_path):
    async with LocalBotApi(tmp_path / "api") as api:
        bot = BotProcess(own_folder, api, cwd=house_without_adapter)
        await bot.start()
        try:
            async with (
                await Shopper.join(api.url, "Ann", "en", patience=60) as ann,
                await Shopper.join(api.url, "小明", "zh", patience=60) as ming,
            ):
                assert len(await ann.says("a red dress under $60", expect=4)) == 4
                assert len(await ming.says("200元以内的蓝牙耳机", expect=2)) >= 2
        finally:
            assert await bot.stop() == 0
    shop = Shop.open(own_folder, readonly=True)
    turns = [*shop.transcripts.history(ann.id, 5), *shop.transcripts.history(ming.id, 5)]
    shop.close()
    assert [(turn.degraded, turn.versions["understander"]) for turn in turns] == [(True, "rules-1")] * 2
    log = (own_folder / "bot.log").read_text(encoding="utf-8")
    assert log.count("The plain rules answer until then, and their turns are marked as degraded.") == 1
    assert "Traceback" not in log


@pytest.mark.long
async def test_a_truncated_adapter_is_one_sentence_and_the_rules_answer(own_folder, house_without_adapter):
    shipped = ROOT / "nlu" / "models" / "understander"
    broken = house_without_adapter / "nlu" / "models" / "understander"
    shutil.copytree(shipped, broken)
    os.truncate(broken / "adapter.safetensors", 1000)
    done = await shopbot("understand", "a red dress", "--json", folder=own_folder, cwd=house_without_adapter, code=0)
    assert json.loads(done.stdout)["model"] == "rules-1"
    assert "restore or retrain it. The plain rules answer until then" in done.stderr


# --- the folder -------------------------------------------------------------------------------------


async def test_a_folder_that_cannot_be_written_is_one_sentence(own_folder, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    for folder, code in ((in_the_way, 2), (in_the_way / "data", 1)):
        done = await shopbot("run", "--port", "0", folder=folder, code=code)
        assert str(folder) in done.stderr
    if os.geteuid() == 0:
        return  # root may write anywhere
    own_folder.chmod(0o500)
    try:
        assert str(own_folder) in (await shopbot("run", "--port", "0", folder=own_folder, code=1)).stderr
    finally:
        own_folder.chmod(0o700)


async def test_a_folder_with_a_running_bot_is_left_to_it(stage):
    before = (stage.folder / "bot.lock").read_text()
    second = RunningBot(Settings(_env_file=None, data=stage.folder), stage.api.token, stage.api.url, progress=False)
    with pytest.raises(Exception, match=f"belongs to a running bot .process {os.getpid()}.: stop it, or name another"):
        await second.run()
    assert (stage.folder / "bot.lock").read_text() == before
    async with await stage.shopper() as ann:
        assert len(await ann.says("a red dress", expect=4)) == 4


# --- what commands are given ------------------------------------------------------------------------


@pytest.mark.long
async def test_commands_take_any_text(own_folder, tmp_path):
    """A lone surrogate is what a shell makes of a byte that is no UTF-8, and what JSON may spell."""
    asked, answered = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    asked.write_text('{"id": 1, "text": "red \\ud800 dress"}\r\n{"id": 2, "text": "a\u2028b\x85"}\n', encoding="utf-8")
    await shopbot("understand", "--input", str(asked), "--output", str(answered), folder=own_folder, code=0)
    rows = [json.loads(line) for line in answered.read_text(encoding="utf-8").split("\n") if line]
    assert [(row["id"], row["text"]) for row in rows] == [(1, "red \ufffd dress"), (2, "a\u2028b\x85")]
    assert "dress" in (await shopbot("search", "a red \udcff dress", folder=own_folder, code=0)).stdout.casefold()
