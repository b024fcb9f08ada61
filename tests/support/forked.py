"""`shopbot run` as a process of its own that begins after its imports: for benches that start it hundreds of times.

A server process imports what a bot imports, once; each bot is forked from it, and from there on is the command itself.
"""

import asyncio
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from pathlib import Path

from bot.simulator.server import LocalBotApi

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.support.forked", "bot.cli.run", "bot.running", "bot.telegram.door"])


class ForkedBot:
    """The same as `tests.support.kills.BotProcess`, started sooner. With `SAMPLED=seconds` it writes how many blocks
    Python holds to the file `blocks` of its folder.
    """

    def __init__(self, folder: Path, api: LocalBotApi, **settings):
        self._folder, self._process = folder, None
        self._environment = {
            "TELEGRAM_BOT_TOKEN": api.token,
            "TELEGRAM_API_BASE": api.url,
            "SHOPBOT_LOG_LEVEL": "WARNING",
            **settings,
        }

    async def start(self):
        self._process = _context.Process(target=_run, args=(self._folder, self._environment))
        await asyncio.to_thread(self._process.start)

    async def kill(self):
        self._process.kill()
        await self.left()

    def end(self, by=signal.SIGTERM):
        """Asks it to end in good order, and does not wait."""
        os.kill(self.pid, by)

    async def stop(self):
        self.end()
        await asyncio.wait_for(self.left(), 40)
        return self._process.exitcode

    async def left(self):
        while self._process.is_alive():
            await asyncio.sleep(0.02)

    @property
    def exitcode(self):
        return self._process.exitcode

    @property
    def pid(self):
        return self._process.pid

    @property
    def ended(self):
        return not self._process.is_alive()


def _run(folder, environment):
    """In the new process: what the command line does."""
    from bot.cli.main import main

    os.environ.update(environment)
    log = os.open(folder / "bot.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
    logging.getLogger().handlers.clear()
    if seconds := os.environ.pop("SAMPLED", ""):
        threading.Thread(target=_count_blocks, args=(folder / "blocks", float(seconds)), daemon=True).start()
    main(["run", "--data", str(folder)])


def _count_blocks(path, seconds):
    while True:
        path.write_text(str(sys.getallocatedblocks()))
        time.sleep(seconds)
