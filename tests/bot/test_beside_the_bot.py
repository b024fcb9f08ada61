"""Other processes on the data folder of a bot that runs: the console, the nightly work, a backup, and what is refused.

All at once and while shoppers write: nothing is lost, nobody waits in vain, and who may not is told why in a sentence.
"""

import asyncio
import os
import re
import signal
import sqlite3
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from storage.console.database import ConsoleStore
from storage.console.staff import Role
from tests.support.staff import PASSWORD, account
from tests.support.stage import Stage, copy_stocked

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

ROOT = Path(__file__).parent.parent.parent
WISHES = {"en": ("a red dress", "wireless headphones", "a mug"), "zh": ("红色连衣裙", "蓝牙耳机", "马克杯")}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("beside") / "data")
    async with Stage(folder) as stage:
        yield stage


async def started(stage, *words):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHOPBOT_")}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words, "--data", str(stage.folder)),
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process):
    """Exit code, and what it said on both streams."""
    said, problems = await asyncio.wait_for(process.communicate(), 100)
    return process.returncode, said.decode(), problems.decode()


async def talking(stage, language, over):
    """A shopper who goes on until `over` is set; how many wishes were answered, which is all of them."""
    answered = 0
    async with await stage.shopper("Ann", language) as ann:
        while not over.is_set() or not answered:
            assert len(await ann.says(WISHES[language][answered % 3], expect=4, timeout=60)) >= 4
            answered += 1
        await stage.settled(60)
        assert stage.outcomes_of(ann) == [("done", "answered")] * answered
    return answered


async def test_console_night_and_backup_work_beside_a_bot_that_answers(stage, tmp_path):
    over = asyncio.Event()
    shoppers = [asyncio.create_task(talking(stage, language, over)) for language in ("en", "zh")]
    account(stage.folder, "ana", Role.ADMIN)
    console, others = await started(stage, "console", "--port", "0"), []
    try:
        address = re.search(r"http://\S+", (await console.stdout.readline()).decode())[0]
        sets = str(tmp_path / "sets")
        for words in (("night",), ("night",), ("console", "--port", "0"), ("backup", "--to", sets)):
            others.append(await started(stage, *words))
        assert "ana" in await asyncio.to_thread(_signed_in, address)
        night, again, second, backup = await asyncio.gather(*map(ended, others))
        assert (night[0], again[0]) == (0, 0), (night, again)
        under_way = [said for _, said, _ in (night, again) if "done, or under way" in said]
        assert len(under_way) == 1, "one of two works the night"
        assert (second[0], second[1], second[2].count("\n")) == (1, "", 1)
        assert "belongs to a running console" in second[2]
        assert backup[0] == 0, backup
    finally:
        over.set()
        for process in (console, *others):
            if process.returncode is None:
                process.terminate()
        answered = await asyncio.gather(*shoppers)
        assert (await ended(console))[0] in (0, -signal.SIGTERM), "told to end, it ended"
    assert min(answered) >= 1
    with ConsoleStore.open(stage.folder) as store:
        assert [night.state for night in store.nights.last()] == ["done"]
    for name in ("shop.db", "console.db"):
        with closing(sqlite3.connect(stage.folder / name)) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def _signed_in(address):
    """The first page that staff see, through a session of their own."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    form = f"name=ana&password={PASSWORD.replace(' ', '+')}&then=/account".encode()
    with opener.open(urllib.request.Request(f"{address}/sign-in", data=form), timeout=60) as answer:
        return answer.read().decode()


@pytest.mark.parametrize(
    "words",
    [("run", "--port", "0"), ("restore", "{set}", "--replace"), ("data", "compact"), ("data", "upgrade")],
    ids=" ".join,
)
async def test_what_needs_the_folder_alone_is_refused_and_the_bot_goes_on(stage, words, tmp_path_factory):
    """The set is a sound one, so that the bot is all that is in its way."""
    sets = tmp_path_factory.getbasetemp() / "sets"
    if "{set}" in words and not sets.is_dir():
        assert (await ended(await started(stage, "backup", "--to", str(sets))))[0] == 0
    code, said, problem = await ended(await started(stage, *(word.format(set=sets) for word in words)))
    assert (code, problem.count("\n")) == (1, 1), (code, said, problem)
    assert re.search(r"belongs to a (running|process)|is running|runs on", problem), problem
    async with await stage.shopper("Ann", "en") as ann:
        assert len(await ann.says("a mug", expect=4)) == 4
