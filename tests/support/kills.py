"""kill -9 at random moments while shoppers write and tap, then the books are checked.

Used by the suite (a few kills) and by the benchmark (fifty). The local Bot API runs in the calling process and
survives; the bot is a process of its own, like in a shop.
"""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot.simulator.server import LocalBotApi
from bot.simulator.shopper import Shopper, ShopperError
from storage.shop import Shop

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
ANSWER_S = 150.0  # a start on a machine that others use, too; nobody waits for longer than it takes


@dataclass
class Books:
    """What was found after the last restart."""

    kills: int = 0
    updates: int = 0
    unfinished: int = 0
    unanswered: list[int] = field(default_factory=list)
    repeated: int = 0
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
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

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


async def kill_often(folder: Path, kills: int, shoppers: int = 4, seed: int = 7) -> Books:
    """Starts the bot, kills it `kills` times at random moments under load, lets it finish, reads the books."""
    rng = random.Random(seed)
    async with LocalBotApi(folder) as api:
        bot = BotProcess(folder, api)
        people = [await Shopper.join(api.url, f"Shopper {i}", "zh" if i % 2 else "en") for i in range(shoppers)]
        done = asyncio.Event()
        talking = [asyncio.create_task(_talk(person, done, random.Random(seed + i))) for i, person in enumerate(people)]
        try:
            for _ in range(kills):
                await bot.start()
                await _until_busy(api, folder)
                await asyncio.sleep(rng.uniform(0.0, 1.2))
                await bot.kill()
            done.set()
            await asyncio.gather(*talking)
            await bot.start()
            await _until_finished(folder, api)
            await bot.stop()
            return await _audit(folder, api, kills)
        finally:
            done.set()
            for person in people:
                await person.close()


async def _talk(person: Shopper, done: asyncio.Event, rng: random.Random) -> None:
    """Writes and taps without waiting, whether or not the bot lives."""
    while not done.is_set():
        try:
            if rng.random() < 0.6:
                await person.writes(rng.choice(SAYINGS))
            else:
                await person.taps(rng.choice(TAPS), answered=False, timeout=0.01)
        except ShopperError:
            pass  # No such button on screen yet, or no answer in time: a person tries something else.
        await asyncio.sleep(rng.uniform(0.8, 2.5))


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


async def _audit(folder: Path, api: LocalBotApi, kills: int) -> Books:
    calls = await api.simulator.calls()
    accepted = [call for call in calls if call.code == 200 and call.method in ("sendMessage", "sendPhoto")]
    shop = Shop.open(folder)
    try:
        db = shop.db
        books = Books(kills=kills, integrity=db.execute("PRAGMA integrity_check").fetchone()[0])
        books.updates = db.execute("SELECT count(*) FROM updates").fetchone()[0]
        books.unfinished = len(shop.inbox.pending())
        recorded = Counter((chat, message) for chat, message in db.execute("SELECT chat_id, message_id FROM sent"))
        books.repeated = sum((call.chat_id, call.message_id) not in recorded for call in accepted)
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
        return books
    finally:
        shop.close()


def _unbalanced(shop: Shop) -> int:
    """Shoppers whose live taste is not what their log alone gives."""
    from bot.learning import rebuilt_taste

    wrong = 0
    for (user_id,) in shop.db.execute("SELECT user_id FROM tastes"):
        live, rebuilt = shop.tastes.get(user_id), rebuilt_taste(shop, user_id)
        close = all(abs(a - b) < 1e-6 for a, b in zip(live.moment, rebuilt.moment, strict=True))
        wrong += not close
    return wrong
