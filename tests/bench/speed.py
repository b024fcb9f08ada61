"""From an update received to the first sendMessage accepted, over HTTP, durable commits included."""

import asyncio
import statistics
from datetime import datetime
from pathlib import Path

from bot.simulator.server import LocalBotApi
from bot.simulator.shopper import Shopper
from storage.shop import Shop
from tests.bench.start import ensure_stocked, resident_mb
from tests.support.kills import BotProcess

WISHES = [
    *("a red dress under $60", "running shoes not black", "a gift for my dad", "waterproof hiking boots"),
    *("desk lamp", "blue cotton t-shirt in size M"),
    *("200元以内的蓝牙耳机", "亚麻衬衫", "不要皮的双肩包", "保温杯"),
]
STAGES = ("recall", "understand", "search", "record")


async def measure(stocked: Path, scratch: Path, arguments):
    folder = await ensure_stocked(stocked, scratch / "speed")
    async with LocalBotApi(folder) as api:
        bot = BotProcess(folder, api)
        await bot.start()
        async with await Shopper.join(api.url, "Quick", "en", patience=120) as shopper:
            for wish in WISHES:  # everything that is loaded at first use
                await shopper.says(wish)
            warmed = await _turns(folder)
            for turn in range(arguments.turns):
                await shopper.says(WISHES[turn % len(WISHES)])
                await asyncio.sleep(0.1)
        memory = resident_mb(bot.pid)
        await bot.stop()
    rows = (await _turns(folder))[len(warmed) :]
    totals = [row["total"] for row in rows]
    found = {
        "search turns": len(rows),
        "update received to first sendMessage, median (ms)": round(statistics.median(totals), 1),
        "the same, p95 (ms)": round(sorted(totals)[int(len(totals) * 0.95)], 1),
    }
    median = statistics.median(totals)
    for stage in STAGES:
        took = statistics.median(row["timings"].get(stage, 0.0) for row in rows)
        found[f"  {stage} (ms, share)"] = f"{took:.1f}  {took / median:.0%}"
    inside = sum(statistics.median(row["timings"].get(stage, 0.0) for row in rows) for stage in STAGES)
    found["  door: inbox commit, routing, sending (ms, share)"] = (
        f"{median - inside:.1f}  {(median - inside) / median:.0%}"
    )
    found["peak memory of the bot (MB)"] = memory
    return found


async def _turns(folder: Path):
    """Turns with milliseconds from the inbox to the first accepted message."""
    shop = Shop.open(folder, readonly=True)
    try:
        rows = shop.db.execute(
            """SELECT t.timings, i.received_at, s.sent_at FROM turns AS t
            JOIN updates AS i ON i.update_id = t.update_id
            JOIN sent AS s ON s.update_id = t.update_id AND s.ordinal = 0 WHERE t.shown > 0 ORDER BY t.id"""
        ).fetchall()
    finally:
        shop.close()
    import json

    return [
        {
            "timings": json.loads(timings),
            "total": (datetime.fromisoformat(sent) - datetime.fromisoformat(received)).total_seconds() * 1000,
        }
        for timings, received, sent in rows
    ]
