"""kill -9 at random moments while shoppers write and tap, then the books are checked.

Used by the suite (a few kills in mid-turn) and by the benchmark (fifty, or two hundred, also during starts and ends).
The local Bot API runs in the calling process and survives; the bot is a process of its own, like in a shop.
"""

import asyncio
import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bot.simulator.server import LocalBotApi
from bot.simulator.shopper import Shopper, ShopperError
from storage.shop import FILE_NAME, Shop

SAYINGS = [
    "a red dress under $60",
    "200元以内的蓝牙耳机",
    "running shoes",
    "便宜点的",
    "in blue",
    "more",
    "换一批",
    "hello",
]
TAPS = ["👍", "👎", "Cheaper", "More like this", "更便宜", "More"]
_IS_MESSAGE = "json_extract(body, '$.message') IS NOT NULL"
ANSWER_S = 150.0  # a start on a machine that others use, too; nobody waits for longer than it takes


class Moment(StrEnum):
    """When a kill falls: in the middle of the work, while the bot starts, or while it ends in good order."""

    WORK = "work"
    START = "start"
    END = "end"


MIXED = (Moment.WORK,) * 3 + (Moment.START, Moment.END)


@dataclass
class Books:
    """What was found after the last restart.

    `lost` messages were written and never reached the inbox; `expired` taps waited longer than Telegram keeps them;
    `passed` messages of many at once, or after a long wait, were told with the answer to the last. A `repeated` message
    is `unexplained` unless it was sent again because the kill fell between its acceptance and our record of it.
    """

    kills: int = 0
    moments: Counter = field(default_factory=Counter)
    updates: int = 0
    lost: int = 0
    expired: int = 0
    passed: int = 0
    failed: int = 0
    unfinished: int = 0
    unanswered: list[int] = field(default_factory=list)
    repeated: int = 0
    unexplained: int = 0
    leftovers: int = 0
    integrity: str = ""
    doubled_effects: int = 0
    unbalanced_tastes: int = 0


class BotProcess:
    """`shopbot run` against a Bot API server, as a process that can be killed."""

    def __init__(self, folder: Path, api: LocalBotApi, cwd: Path | None = None):
        self._folder, self._api, self._cwd = folder, api, cwd
        self._process = None

    async def start(self):
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SHOPBOT_")},
            "TELEGRAM_BOT_TOKEN": self._api.token,
            "TELEGRAM_API_BASE": self._api.url,
            "SHOPBOT_LOG_LEVEL": "WARNING",
            # One shopper of a test writes like many, and its chat has no flood control.
            "SHOPBOT_SHOPPER_PER_MINUTE": "100000",
            "SHOPBOT_CHAT_BURST": "100000",
        }
        log = (self._folder / "bot.log").open("ab")
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            "--data",
            str(self._folder),
            env=environment,
            stdout=log,
            stderr=log,
            cwd=self._cwd,
        )
        log.close()

    async def kill(self):
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    def end(self, by=signal.SIGTERM):
        """Asks it to end in good order, and does not wait."""
        self._process.send_signal(by)

    async def stop(self):
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self._process.wait(), 40)

    @property
    def pid(self):
        return self._process.pid

    @property
    def ended(self):
        return self._process.returncode is not None


async def kill_often(
    folder: Path,
    kills: int,
    shoppers=4,
    seed=7,
    moments=(Moment.WORK,),
    process=BotProcess,
    pauses=(0.8, 2.5),
    told=lambda kill: None,
) -> Books:
    """Starts the bot, kills it `kills` times at random moments under load, lets it finish, reads the books.

    `pauses`: seconds between two acts of a shopper, least and most; `told` hears of each kill.
    """
    rng, earlier = random.Random(seed), _written(folder)
    async with LocalBotApi(folder) as api:
        bot = process(folder, api)
        people = [await Shopper.join(api.url, f"Shopper {i}", "zh" if i % 2 else "en") for i in range(shoppers)]
        done = asyncio.Event()
        talking = [
            asyncio.create_task(_talk(person, done, random.Random(seed + i), pauses)) for i, person in enumerate(people)
        ]
        start_s, struck = 5.0, Counter()
        try:
            for number in range(kills):
                moment = rng.choice(moments)
                struck[moment] += 1
                began = time.monotonic()
                await bot.start()
                if moment is Moment.START:
                    await asyncio.sleep(rng.uniform(0.0, start_s))
                else:
                    await _until_busy(api, folder)
                    start_s = time.monotonic() - began
                    await asyncio.sleep(rng.uniform(0.0, 1.2))
                if moment is Moment.END:
                    bot.end()
                    await asyncio.sleep(rng.uniform(0.0, 2.0))
                await bot.kill()
                told(number + 1)
            done.set()
            await asyncio.gather(*talking)
            await bot.start()
            await _until_finished(folder, api)
            await bot.stop()
            return await _audit(folder, api, Books(kills=kills, moments=struck), earlier)
        finally:
            done.set()
            for person in people:
                await person.close()


async def _talk(person: Shopper, done: asyncio.Event, rng: random.Random, pauses: tuple[float, float]) -> None:
    """Writes and taps without waiting, whether or not the bot lives."""
    while not done.is_set():
        try:
            if rng.random() < 0.6:
                await person.writes(rng.choice(SAYINGS))
            else:
                await person.taps(rng.choice(TAPS), answered=False, timeout=0.01)
        except ShopperError:
            pass  # No such button on screen yet, or no answer in time: a person tries something else.
        await asyncio.sleep(rng.uniform(*pauses))


async def _until_busy(api: LocalBotApi, folder: Path) -> None:
    """Waits until the new process has answered something, so that the kill falls into its work and not its start."""
    sends = len(await api.simulator.calls("sendMessage"))
    for _ in range(int(ANSWER_S / 0.05)):
        if len(await api.simulator.calls("sendMessage")) > sends:
            return
        await asyncio.sleep(0.05)
    raise TimeoutError((folder / "bot.log").read_text(encoding="utf-8")[-2000:])


async def _until_finished(folder: Path, api: LocalBotApi) -> None:
    """Waits until no update waits at the server and none in the inbox."""
    for _ in range(int(ANSWER_S / 0.25)):
        await asyncio.sleep(0.25)
        shop = Shop.open(folder, readonly=True)
        try:
            waiting = len(shop.inbox.pending())
        finally:
            shop.close()
        if not waiting and not await api.simulator.act(lambda store: store.updates.count()):
            return
    raise TimeoutError((folder / "bot.log").read_text(encoding="utf-8")[-2000:])


def _written(folder: Path) -> int:
    """Messages that the inbox of a folder has had so far."""
    if not (folder / FILE_NAME).exists():
        return 0
    shop = Shop.open(folder, readonly=True)
    try:
        return shop.db.execute(f"SELECT count(*) FROM updates WHERE {_IS_MESSAGE}").fetchone()[0]
    finally:
        shop.close()


async def _audit(folder: Path, api: LocalBotApi, books: Books, earlier: int) -> Books:
    calls = await api.simulator.calls()
    accepted = [call for call in calls if call.code == 200 and call.method in ("sendMessage", "sendPhoto")]
    chats = sqlite3.connect(folder / "simulator.db")
    tapped = chats.execute("SELECT count(*) FROM queries").fetchone()[0]
    sent = chats.execute("SELECT count(*) FROM messages WHERE NOT from_bot").fetchone()[0]
    chats.close()
    shop = Shop.open(folder)
    try:
        db = shop.db
        books.integrity = db.execute("PRAGMA integrity_check").fetchone()[0]
        outcomes = db.execute(f"SELECT {_IS_MESSAGE}, outcome FROM updates").fetchall()
        books.updates = len(outcomes)
        written = sum(is_message for is_message, _ in outcomes)
        books.lost, books.expired = sent - (written - earlier), tapped - (len(outcomes) - written)
        books.passed = sum(outcome in ("flooded", "stale") for _, outcome in outcomes)
        books.failed = sum((outcome or "").startswith("failed") for _, outcome in outcomes)
        books.unfinished = len(shop.inbox.pending())
        recorded = set(db.execute("SELECT chat_id, message_id FROM sent"))
        repeated = [call for call in accepted if (call.chat_id, call.message_id) not in recorded]
        said = {(call.chat_id, call.text) for call in accepted if (call.chat_id, call.message_id) in recorded}
        given_up = {user for (user,) in db.execute("SELECT user_id FROM updates WHERE outcome = 'failed: attempts'")}
        books.repeated = len(repeated)
        books.unexplained = sum(not _is_explained(call, said, given_up) for call in repeated)
        books.unanswered = [
            update
            for (update,) in db.execute(
                """SELECT update_id FROM turns WHERE answered_at IS NOT NULL
                AND update_id NOT IN (SELECT update_id FROM sent)"""
            )
        ]
        books.doubled_effects = db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM feedback GROUP BY impression_id, reaction HAVING count(*) > 1)"
        ).fetchone()[0]
        books.unbalanced_tastes = _unbalanced(shop)
        books.leftovers = _leftovers(folder)
        return books
    finally:
        shop.close()


def _is_explained(call, said, given_up) -> bool:
    """Sent again, perhaps without the notice that stood in front; or its update was given up after three kills."""
    again = any(chat == call.chat_id and text and call.text.endswith(text) for chat, text in said)
    return again or call.chat_id in given_up


def _leftovers(folder: Path) -> int:
    """Index folders that are not in use, and files that a killed process was still writing."""
    index = folder / "index"
    current = (index / "current").read_text(encoding="utf-8") if (index / "current").exists() else ""
    unused = [path for path in index.iterdir() if path.is_dir() and path.name != current] if index.is_dir() else []
    return len(unused) + sum(path.suffix in (".new", ".tmp", ".part") for path in folder.rglob("*"))


def _unbalanced(shop: Shop) -> int:
    """Shoppers whose live taste is not what their log alone gives."""
    from bot.learning import rebuilt_taste

    wrong = 0
    for (user_id,) in shop.db.execute("SELECT user_id FROM tastes"):
        live, rebuilt = shop.tastes.get(user_id), rebuilt_taste(shop, user_id)
        close = all(abs(a - b) < 1e-6 for a, b in zip(live.moment, rebuilt.moment, strict=True))
        wrong += not close
    return wrong
