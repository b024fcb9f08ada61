"""How long words take between a shopper and a person of the shop, with many pages of the console open.

    python -m tests.bench.live --rounds 30 --tabs 0 50 200
    python -m tests.bench.live --folder data-with-a-shop

Bot, local Telegram server and console run on loopback in this process; a tab is an open stream of news. "shopper to
page" is from the shopper's message to the event by which an open page fetches it; "staff to chat" from the form that
staff send to the message in the shopper's chat; "page" is the case's page; all in milliseconds, medians and 95th
percentiles. The console looks for news once a second: half a second of the first figure is that.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from storage.console.staff import Role
from tests.bench.start import ensure_stocked
from tests.support.browser import served
from tests.support.staff import PASSWORD, account
from tests.support.stage import Stage


async def measure(stage, address, tabs, rounds):
    """Milliseconds by name, for a number of open tabs."""
    limits = httpx.Limits(max_connections=tabs + 20)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60) as client:
        signed = await client.post("/sign-in", data={"name": "ana", "password": PASSWORD, "then": "/live"})
        assert signed.status_code == 303, signed.status_code
        heard: asyncio.Queue[int] = asyncio.Queue()
        listening = [asyncio.create_task(_listen(client, None)) for _ in range(tabs)]
        listening.append(asyncio.create_task(_listen(client, heard)))
        async with await stage.shopper("Zoe", "en") as zoe:
            await zoe.says("I want to talk to a human")
            with stage.shop() as shop:
                case = shop.cases.of(zoe.id)[0].id
            csrf = _token((await client.get(f"/live/{case}")).text)
            await _act(client, case, "take", csrf)
            await zoe.hears(1)
            found = {"shopper to page": [], "staff to chat": [], "page": []}
            for number in range(rounds):
                await asyncio.sleep(0.05 * (number % 20))  # at every moment of the console's second
                with stage.shop() as shop:
                    known = shop.case_talk.version()[0]
                began = time.perf_counter()
                await zoe.writes(f"word {number}")
                while await asyncio.wait_for(heard.get(), 30) <= known:
                    pass
                found["shopper to page"].append(time.perf_counter() - began)
                began = time.perf_counter()
                await client.get(f"/live/{case}")
                found["page"].append(time.perf_counter() - began)
                began = time.perf_counter()
                await _act(client, case, "say", csrf, text=f"answer {number}", key=f"{case}-{number}")
                while not any(f"answer {number}" in seen.text for seen in (await zoe.sees())[-3:]):
                    await asyncio.sleep(0.005)
                found["staff to chat"].append(time.perf_counter() - began)
            await _act(client, case, "back", csrf)
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    return {name: [1000 * each for each in times] for name, times in found.items()}


async def _listen(client, heard):
    async with client.stream("GET", "/live/news") as answer:
        async for line in answer.aiter_lines():
            if heard is not None and line.startswith("data: "):
                heard.put_nowait(int(json.loads(line.removeprefix("data: "))["version"].split()[0]))


async def _act(client, case, act, csrf, **form):
    answer = await client.post(f"/live/{case}/{act}", data={"csrf": csrf, **form})
    assert answer.status_code == 303, answer.text


def _token(page):
    return page.split('name="csrf" value="')[1].split('"')[0]


async def main(arguments):
    with tempfile.TemporaryDirectory() as scratch:
        folder = await ensure_stocked(arguments.folder or Path(scratch) / "stocked", Path(scratch) / "data")
        account(folder, "ana", Role.REVIEWER)
        async with Stage(folder) as stage:
            with served(folder) as address:
                print(f"{'tabs':>5} {'what':<16} {'median ms':>10} {'p95 ms':>8}")
                for tabs in arguments.tabs:
                    for name, times in (await measure(stage, address, tabs, arguments.rounds)).items():
                        p95 = sorted(times)[int(0.95 * (len(times) - 1))]
                        print(f"{tabs:>5} {name:<16} {statistics.median(times):>10.0f} {p95:>8.0f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0], epilog=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30, help="messages each way")
    parser.add_argument("--tabs", type=int, nargs="+", default=[0, 50, 200], help="open pages beside, to be compared")
    parser.add_argument("--folder", type=Path, help="a data folder with a shop, to be copied; none: the demo's")
    asyncio.run(main(parser.parse_args()))
