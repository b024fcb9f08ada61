"""How long others wait while a shopper is forgotten, in a file that a year of talk is in.

    python -m tests.bench.year --data DIR --conversations 60000 --turns 450000
    python -m tests.bench.erasing --data DIR --shoppers 3

Shoppers of much talk are really erased, each as the running bot does it; meanwhile a write as small as the beginning of
a turn is asked for every ten milliseconds in the same thread of the database, and its waiting is measured. Before and
after them the same is measured without anything else going on, which says how busy the machine is.
"""

import argparse
import asyncio
import statistics
import time
from pathlib import Path

from bot.erasing import forget
from bot.workers import Worker
from storage.shop import Shop


async def waits(database, until):
    """Milliseconds that each small write took, from asking until it was committed."""
    found = []
    while not until.is_set():
        began = time.perf_counter()
        await database.run(lambda shop: shop.shoppers.set_blocked(1, False))
        found.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(0.01)
    return found


async def measured(database, act):
    until = asyncio.Event()
    waiting = asyncio.create_task(waits(database, until))
    await asyncio.sleep(0.2)
    began = time.perf_counter()
    done = await act
    took = time.perf_counter() - began
    until.set()
    return done, took, sorted(await waiting)


def told(name, took, found):
    worst, median = found[-1], statistics.median(found)
    at_99 = found[int(0.99 * (len(found) - 1))]
    print(f"| {name} | {took:.1f} | {len(found)} | {median:.1f} | {at_99:.1f} | {worst:.1f} |", flush=True)


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--shoppers", type=int, default=3)
    given = parser.parse_args()
    database = Worker("database", lambda: Shop.open(given.data))
    busiest = "SELECT user_id, count(*) FROM turns GROUP BY user_id ORDER BY count(*) DESC LIMIT ?"
    found = await database.run(lambda shop: shop.db.execute(busiest, [given.shoppers]).fetchall())
    print("| what | s | writes beside it | median ms | 99 of 100 | longest |\n|---|---|---|---|---|---|")
    told("nothing", 5.0, (await measured(database, asyncio.sleep(5)))[2])
    for user_id, turns in found:
        gone, took, waited = await measured(database, forget(database, user_id, lambda: None))
        told(f"{turns} turns, {sum(gone.values())} rows", took, waited)
    told("nothing", 5.0, (await measured(database, asyncio.sleep(5)))[2])
    database.close()


if __name__ == "__main__":
    asyncio.run(main())
