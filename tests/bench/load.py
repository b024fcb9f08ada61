"""Sustained turns per second: the rate is raised until answers fall behind."""

import asyncio
import time
from datetime import datetime
from pathlib import Path

from bot.simulator import acts
from bot.simulator.server import LocalBotApi
from storage.shop import Shop
from tests.bench.speed import WISHES
from tests.bench.start import ensure_stocked
from tests.support.kills import BotProcess

RATES = (4, 8, 12, 16, 20, 26, 32, 40)
SECONDS = 8
SHOPPERS = 60
PATIENCE_MS = 1_000


async def measure(stocked: Path, scratch: Path, arguments):
    folder = await ensure_stocked(stocked, scratch / "load")
    found, knee = {}, 0
    async with LocalBotApi(folder) as api:
        bot = BotProcess(folder, api)
        await bot.start()
        people = [await api.simulator.act(lambda s, n=n: acts.join(s, f"Shopper {n}", "en")) for n in range(SHOPPERS)]
        await _settled(api, folder, await _send(api, people, 2, 3))
        for rate in RATES:
            updates = await _send(api, people, rate, SECONDS)
            await _settled(api, folder, updates)
            times = sorted(_milliseconds(folder, updates))
            median, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
            found[f"{rate} turns/s: median, p95 (ms)"] = f"{median:.0f}  {p95:.0f}"
            if p95 > PATIENCE_MS:
                break
            knee = rate
        await bot.stop()
    found[f"sustained turns per second (p95 under {PATIENCE_MS} ms)"] = knee
    return found


async def _send(api, people, rate, seconds):
    """Open loop: messages come at the rate, whether or not answers do."""
    updates, began = [], time.perf_counter()
    for number in range(rate * seconds):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        person = people[number % len(people)]
        updates.append(await api.simulator.act(lambda store, p=person, n=number: _say(store, p.id, n)))
    return updates


def _say(store, chat_id, number):
    acts.say(store, chat_id, WISHES[number % len(WISHES)])
    return store.chats.person(chat_id).last_update_id


async def _settled(api, folder, updates):
    while True:
        await asyncio.sleep(0.3)
        shop = Shop.open(folder, readonly=True)
        try:
            waiting = len(shop.inbox.pending())
        finally:
            shop.close()
        if not waiting and not await api.simulator.act(lambda store: store.updates.count()):
            return


def _milliseconds(folder, updates):
    shop = Shop.open(folder, readonly=True)
    try:
        rows = shop.db.execute(
            """SELECT i.received_at, s.sent_at FROM updates AS i JOIN sent AS s ON s.update_id = i.update_id
            WHERE s.ordinal = 0 AND i.update_id >= ? ORDER BY i.update_id""",
            [min(updates)],
        ).fetchall()
    finally:
        shop.close()
    return [(datetime.fromisoformat(b) - datetime.fromisoformat(a)).total_seconds() * 1000 for a, b in rows]
