"""How quickly a webhook takes updates: over HTTP into the inbox on the disk, alone and with as many at once as Telegram
uses connections: what arrives during a commit shares the next one.
"""

import asyncio
import json
import time
from pathlib import Path
from statistics import quantiles

import aiohttp

from bot.telegram.arrivals import Arrivals
from bot.telegram.receiver import SECRET_HEADER, Receiver
from bot.workers import Worker
from storage.shop import Shop

UPDATES = 400
SECRET = "a-secret-of-the-bench"


async def measure(stocked: Path, scratch: Path, arguments):
    database = Worker("database", lambda: Shop.open(scratch / "webhook"))
    await database.ready()
    arrivals = Arrivals(database, 1, lambda updates: None)
    receiver = Receiver("/telegram", SECRET, arrivals.keep)
    port = await receiver.start("127.0.0.1", 0)
    figures = {}
    try:
        for number, connections in enumerate((1, 40), start=1):
            rate, median, slow = await _posted(port, connections, number * 1_000_000)
            figures |= {
                f"updates/s, {connections} at once": round(rate),
                f"milliseconds to 200, {connections} at once (median)": round(median, 1),
                f"milliseconds to 200, {connections} at once (of 99 %)": round(slow, 1),
            }
    finally:
        await receiver.stop()
        await asyncio.to_thread(database.close)
    return figures


async def _posted(port: int, connections: int, first: int) -> tuple[float, float, float]:
    """Updates a second, and milliseconds of an answer: median and 99 %."""
    numbers = iter(range(first, first + UPDATES))
    took = []
    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector, headers={SECRET_HEADER: SECRET}) as session:

        async def bring() -> None:
            for number in numbers:
                began = time.perf_counter()
                async with session.post(f"http://127.0.0.1:{port}/telegram", data=_update(number)) as answer:
                    assert answer.status == 200
                took.append(1000 * (time.perf_counter() - began))

        began = time.perf_counter()
        await asyncio.gather(*(bring() for _ in range(connections)))
        seconds = time.perf_counter() - began
    cuts = quantiles(took, n=100)
    return UPDATES / seconds, cuts[49], cuts[98]


def _update(number: int) -> str:
    person = {"id": number % 97 + 1, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    chat = {"id": person["id"], "type": "private", "first_name": "Ann"}
    message = {"message_id": 1, "date": 1_790_000_000, "from": person, "chat": chat, "text": "a red dress under $60"}
    return json.dumps({"update_id": number, "message": message})
