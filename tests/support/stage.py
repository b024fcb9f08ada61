"""A whole bot for tests: the local Bot API, the demo shop, the shipped models, the real door, in this process.

`Stage.restart()` stops the bot in good order and starts it again on the same folder, as a shop owner does.
"""

import asyncio
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from bot.running import RunningBot
from bot.settings import Settings
from bot.simulator.server import LocalBotApi
from bot.simulator.shopper import Shopper
from storage.shop import Shop

# A script talks faster than people, on machines that others use too: what holds floods back, merges them or says that
# the bot is busy has tests of its own (tests/bot/telegram/test_flow.py) and is in nobody's way here.
QUICK = {"chat_per_second": 1000.0, "chat_burst": 1000, "shopper_per_minute": 10_000, "busy_after": 300.0}


class Stage:
    """`bot` makes the bot of each start: a `RunningBot`, or one with parts that fail on cue. `telegram` is where the
    local Bot API keeps its chats, where that is not the bot's folder.
    """

    def __init__(self, folder: Path, bot=RunningBot, telegram: Path | None = None, **settings):
        self._make = bot
        self.folder = folder
        self.settings = Settings(_env_file=None, data=folder, **QUICK | settings)
        self.api = LocalBotApi(telegram or folder)
        self.bot: RunningBot | None = None
        self._work: asyncio.Task | None = None
        self._reader: Shop | None = None

    async def __aenter__(self):
        await self.api.start()
        await self.open()
        return self

    async def __aexit__(self, *_):
        await self.close()
        await self.api.stop()

    async def open(self):
        self.bot = self._make(self.settings, self.api.token, self.api.url, progress=False)
        ready = asyncio.Event()
        self._work = asyncio.create_task(self.bot.run(ready))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({self._work, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if self._work.done():
            waiting.cancel()
            self._work.result()

    async def close(self):
        if self._reader:  # before the bot's own: the last to close a database clears up behind it, which no reader does
            self._reader.close()
        self._reader = None
        if self._work and not self._work.done():
            self.bot.stop()
        if self._work:
            await self._work
        self._work = None

    async def restart(self):
        await self.close()
        await self.open()

    async def shopper(self, name="Ann", language="en"):
        return await Shopper.join(self.api.url, name, language, busy=self._busy)

    async def _busy(self, shopper_id):
        self._reader = self._reader or Shop.open(self.folder, readonly=True)
        return busy_with(self._reader, shopper_id)

    async def settled(self, patience=20.0):
        """Waits until no update waits at the server nor in the inbox."""
        with self.shop() as shop:
            async with asyncio.timeout(patience):
                while await self.api.simulator.act(lambda store: store.updates.count()) or shop.inbox.pending():
                    await asyncio.sleep(0.02)

    def turn_of(self, shopper):
        """The shopper's newest turn."""
        with self.shop() as shop:
            return shop.transcripts.history(shopper.id, 1)[-1]

    def outcomes_of(self, shopper):
        """State and outcome of each of the shopper's updates, in order."""
        with self.shop() as shop:
            sql = "SELECT state, outcome FROM updates WHERE user_id = ? ORDER BY update_id"
            return [tuple(row) for row in shop.db.execute(sql, [shopper.id])]

    @contextmanager
    def shop(self):
        """The database as a reader sees it."""
        shop = Shop.open(self.folder, readonly=True)
        try:
            yield shop
        finally:
            shop.close()


def busy_with(shop, shopper_id):
    """Whether an update of the shopper's is not finished."""
    return bool(shop.db.execute("SELECT 1 FROM updates WHERE state = 'new' AND user_id = ?", [shopper_id]).fetchone())


def copy_stocked(source: Path, target: Path) -> Path:
    """A folder of one's own: the database copied, the derived models linked."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "shop.db", target / "shop.db")
    shutil.copytree(source / "models", target / "models", copy_function=os.link)
    if (source / "index").is_dir():
        shutil.copytree(source / "index", target / "index")
    return target
