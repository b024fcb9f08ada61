"""What it costs a turn to be counted, marked and logged: microseconds of processor, and the share of the turn's own.

    python -m tests.bench.watching [--folder STOCKED]

The turn is the assistant's alone (no Telegram), so the share is an upper bound.
"""

import argparse
import asyncio
import contextlib
import io
import logging
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bot.health import figures
from bot.health.logs import TextLines, json_lines
from bot.health.turns import count_stage, count_turn
from bot.health.windows import Windows
from bot.health.work import Work
from bot.settings import Settings
from bot.wiring import open_house
from bot.workers import Worker
from storage.records import Update
from tests.bench.speed import WISHES
from tests.bench.start import ensure_stocked
from tests.support.talk import Talk

ROUNDS, TURNS = 3000, 60
CALLS, REQUESTS = 8, 7  # of a search turn: to workers, to Telegram
RAW = {"update_id": 1, "message": {"text": "a red dress", "from": {"id": 700000001, "first_name": "Ann"}}}
LAPS = dict.fromkeys(("recall", "understand", "search", "encode", "dense", "lexical", "fuse", "rows", "page"), 3.2)


async def measure(folder: Path):
    patient = Settings(_env_file=None, data=folder, understand_timeout=60, search_timeout=120)
    house = await open_house(patient, progress=False)
    try:
        await house.warm()
        talk = Talk(house.assistant)
        for wish in WISHES:
            await talk.says(wish)
        said = (await house.understander.ready()).understand("a red dress")
        turns = []
        for turn in range(TURNS):
            began = time.process_time()
            await talk.says(WISHES[turn % len(WISHES)])
            turns.append(time.process_time() - began)
    finally:
        await house.close()
    each = {f"one update marked, counted and logged ({form})": _work(said, form) for form in ("text", "json")}
    each[f"{CALLS} calls to workers, more than bare ones"] = CALLS * await _workers()
    each[f"{REQUESTS} requests to Telegram counted"] = REQUESTS * _requests()
    turn = statistics.median(turns) * 1e6
    total = sum(each.values()) - each["one update marked, counted and logged (text)"]
    windows = Windows(900)
    return {
        **{f"{name} (us)": round(took, 1) for name, took in each.items()},
        "a search turn of the assistant, median (us)": round(turn),
        "share of a turn, JSON lines": f"{total / turn:.2%}",
        "a look at all figures, each ten seconds (us)": round(_timed(lambda: windows.look(time.time()), 200)),
    }


def _work(said, form):
    logger = logging.getLogger("bot.updates")
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(json_lines() if form == "json" else TextLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False

    def one():
        update = Update(1, 700000001, "", datetime.now(UTC))
        with Work(update, RAW).under_way() as work:
            work.turn_id = 5
            count_turn("en", said, (), False, LAPS)
            count_stage("render", 0.001)
            count_stage("deliver", 0.1)
            work.finished("answered")

    try:
        return _timed(one, ROUNDS)
    finally:
        logger.removeHandler(handler)


async def _workers():
    worker = Worker("bench", lambda: None)
    pool = ThreadPoolExecutor(max_workers=1)
    await worker.ready()

    async def through(run):
        began = time.process_time()
        for _ in range(ROUNDS):
            await run()
        return (time.process_time() - began) / ROUNDS * 1e6

    async def watched():
        await worker.run(lambda _: None)

    async def bare():
        await asyncio.wrap_future(pool.submit(lambda: None))

    pairs = [(await through(watched), await through(bare)) for _ in range(5)]
    worker.close()
    return max(0.0, statistics.median(a - b for a, b in pairs))


def _requests():
    def one():
        figures.API_REQUESTS.labels(method="sendMessage", code="200").inc()
        figures.API_SECONDS.observe(0.01)

    return _timed(one, ROUNDS)


def _timed(call, rounds):
    """Median of five runs, microseconds of processor a call."""
    runs = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(rounds):
            call()
        runs.append((time.process_time() - began) / rounds * 1e6)
    return statistics.median(runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--folder", type=Path, help="a data folder that is stocked; without it one is made")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = arguments.folder or asyncio.run(ensure_stocked(scratch / "stocked", scratch / "watching"))
        for what, figure in asyncio.run(measure(folder)).items():
            print(f"{what:<66} {figure}")


if __name__ == "__main__":
    main()
