"""Updates that nobody should send, by the hundred thousand, through the real door.

    python -m tests.bench.fuzz --updates 100000         some hours on two cores that others use, too
    python -m tests.bench.fuzz --updates 2000 --seed 9

A bot of its own process polls the local Bot API; see tests/support/fuzz_run.py for who sends and what must hold.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections import Counter
from pathlib import Path

from bot.simulator.server import LocalBotApi
from storage.shop import Shop
from tests.bench.start import ensure_stocked
from tests.support.fuzz_run import FuzzRun
from tests.support.kills import BotProcess

_CHUNK = 200
_PEOPLE = 40


async def run(stocked, scratch, updates, seed, minutes=1e9, tell=print):
    folder = await ensure_stocked(stocked, scratch / "fuzz")
    async with LocalBotApi(folder) as api:
        fuzz = FuzzRun(api, folder, seed, _PEOPLE)
        await fuzz.join()
        shop = Shop.open(folder)
        fuzz.settle_in(shop)
        shop.close()
        fuzz.remember()
        bot = BotProcess(folder, api)
        await bot.start()
        try:
            return await _fed(fuzz, bot, updates, minutes, tell, folder)
        finally:
            if not bot.ended:
                await bot.stop()


async def _fed(fuzz, bot, updates, minutes, tell, folder):
    began, memory = time.perf_counter(), []
    ends = began + 60 * minutes
    while fuzz.found.sent < updates and not bot.ended and time.perf_counter() < ends:
        await fuzz.feed(min(_CHUNK, updates - fuzz.found.sent), patience=600)
        memory.append(_resident(bot.pid))
        if len(memory) % 10 == 0:
            rate = fuzz.found.sent / (time.perf_counter() - began)
            tell(f"{fuzz.found.sent} sent, {rate:.0f}/s, {memory[-1]} MB, {len(fuzz.found.leaks)} leaks", flush=True)
    died = bot.ended
    if not died:
        fuzz.audit()
        await fuzz.answered_afterwards(600)
    return fuzz.found, memory, died, _log_of(folder), time.perf_counter() - began


def _resident(pid):
    line = next(
        line for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines() if line.startswith("VmRSS")
    )
    return int(line.split()[1]) // 1024


def _log_of(folder):
    """What the bot's log says of errors that nobody foresaw: the last line of each stack, counted."""
    lines = (folder / "bot.log").read_text(encoding="utf-8", errors="replace").splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("Traceback")]
    ends = (next((line for line in lines[at + 1 :] if line and not line.startswith(" ")), "") for at in starts)
    return Counter(end[:160] for end in ends)


def report(found, memory, died, log, seconds):
    half = memory[len(memory) // 2 :] or [0]
    return {
        "updates sent": found.sent,
        "minutes": round(seconds / 60, 1),
        "the bot died": died,
        "chunks that were not worked to their end": found.stuck,
        "incidents (failed: incident or attempts)": len(found.incidents),
        "stacks in the log": sum(log.values()),
        "messages that hold something of the two": len(found.leaks),
        "stores of the two that changed": found.changed,
        "shoppers not answered afterwards": len(found.unanswered),
        "malformed, kept for the owner": found.malformed,
        "calls the bot made": found.calls,
        "database": found.integrity,
        "memory (MB): after a tenth, half, all": [memory[len(memory) // 10], memory[len(memory) // 2], memory[-1]]
        if memory
        else [],
        "memory, most less least of the second half (MB)": max(half) - min(half),
        "outcomes": dict(list(found.outcomes.items())[:24]),
    }


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fuzz", description=__doc__.split("\n\n")[0])
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=23)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after that long, with what was sent by then")
    parser.add_argument("--keep", type=Path, help="a folder to work in, kept afterwards")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shopbot-fuzz-") as scratch:
        place = arguments.keep or Path(scratch)
        result = asyncio.run(run(place / "stocked", place, arguments.updates, arguments.seed, arguments.minutes))
    print(json.dumps(report(*result), ensure_ascii=False, indent=1))
    for stack, times in result[3].most_common(20):
        print(f"{times:6} {stack}")
    for leak in result[0].leaks[:10]:
        print(f"LEAK {leak}")
    for incident in result[0].incidents[:10]:
        print(f"INCIDENT {incident}")


if __name__ == "__main__":
    main()
