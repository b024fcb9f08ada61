"""Throughput with as many shoppers as the bot can serve, and what a turn costs where: the part that is nearest to a
whole processor is what limits it.

Processor time per turn says more on a shared machine than time on the clock: others' work does not count in it.
"""

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path

from bot.simulator.server import LocalBotApi
from bot.simulator.shopper import Shopper
from storage.shop import Shop
from tests.bench.speed import WISHES
from tests.bench.start import ensure_stocked

SHOPPERS, CORES = 16, 2


class WatchedBot:
    """`tests.support.watched_bot` as a process."""

    def __init__(self, folder: Path, api: LocalBotApi, **settings):
        self._folder, self._api, self._settings = folder, api, settings
        self.process = None

    async def __aenter__(self):
        names = {name: text for name, text in os.environ.items() if not name.startswith("SHOPBOT_")}
        settings = {f"SHOPBOT_{name.upper()}": str(value) for name, value in self._settings.items()}
        with (self._folder / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.support.watched_bot"),
                *(str(self._folder), self._api.token, self._api.url),
                env=names | settings,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        return self

    async def __aexit__(self, *_):
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.process.wait(), 120)

    async def processor_seconds(self):
        self.process.stdin.write(b"?\n")
        await self.process.stdin.drain()
        return json.loads(await self.process.stdout.readline())


async def measure(stocked: Path, scratch: Path, arguments):
    folder = await ensure_stocked(stocked, scratch / "knee")
    async with (
        LocalBotApi(folder) as api,
        WatchedBot(folder, api, shopper_per_minute=100_000, chat_burst=100_000) as bot,
    ):
        people = [await Shopper.join(api.url, f"Shopper {n}", "en", patience=300) for n in range(SHOPPERS)]
        try:
            await asyncio.gather(*(person.says(wish) for person, wish in zip(people, WISHES * 2, strict=False)))
            turns, seconds, spent, here = await _saturated(folder, bot, people, arguments.seconds)
        finally:
            for person in people:
                await person.close()
    return _told(turns, seconds, spent, here)


async def _saturated(folder, bot, people, seconds):
    """Everybody writes again as soon as the answer is there. Turns, seconds, and processor seconds there and here."""
    before, here, began, turns = await bot.processor_seconds(), time.process_time(), time.perf_counter(), _turns(folder)
    ends = began + seconds

    async def talk(person, number):
        while time.perf_counter() < ends:
            number += 1
            await person.says(WISHES[number % len(WISHES)])

    await asyncio.gather(*(talk(person, number) for number, person in enumerate(people)))
    took, after = time.perf_counter() - began, await bot.processor_seconds()
    spent = {name: after[name] - before.get(name, 0.0) for name in after}
    return _turns(folder) - turns, took, spent, time.process_time() - here


def _told(turns, seconds, spent, here):
    found = {
        f"turns answered by {SHOPPERS} shoppers without a pause": turns,
        "turns a second on this machine now": round(turns / seconds, 1),
        "processors that the bot had of it": round(spent["process"] / seconds, 2),
        "processor time of the bot for a turn (ms)": round(spent["process"] / turns * 1000, 1),
    }
    parts = sorted((took, name) for name, took in spent.items() if name != "process")[::-1]
    for took, name in parts[:7]:
        found[f"  {name} (ms, share)"] = f"{took / turns * 1000:.1f}  {took / spent['process']:.0%}"
    busiest, name = parts[0]
    whole = spent["process"] + here
    found["processor time of the local Bot API and the shoppers for a turn (ms)"] = round(here / turns * 1000, 1)
    found[f"at most, by the part nearest to a processor of its own: {name} (turns/s)"] = round(turns / busiest, 1)
    found[f"at most, by {CORES} processors for the bot alone (turns/s)"] = round(CORES * turns / spent["process"], 1)
    found[f"at most, by {CORES} processors for bot, Bot API and shoppers (turns/s)"] = round(CORES * turns / whole, 1)
    return found


def _turns(folder):
    shop = Shop.open(folder, readonly=True)
    try:
        return shop.db.execute("SELECT count(*) FROM turns WHERE answered_at IS NOT NULL").fetchone()[0]
    finally:
        shop.close()
