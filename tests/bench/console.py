"""How long the console's pages take over HTTP, from a process of its own: the list with each filter, search, talks.

    python -m tests.bench.year --data /tmp/year
    python -m tests.bench.console --data /tmp/year           (two minutes)

Every page is asked for several times in turn with the others, so that a busy minute of the machine falls on all of
them; median and 95th percentile are of those. "first" is the first request, with nothing in the process's caches.
"CPU" is what the console's process worked for a page, in the mean, whatever else the machine did meanwhile.
"""

import argparse
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from storage.console.staff import Role, StaffError
from tests.support.staff import PASSWORD, account

ASKED_MS = 300
LISTS = {
    "all": "",
    "English": "?language=en",
    "an intent": "?intent=human",
    "confidence 20–22 %": "?least=20&most=22",
    "thumbs down": "?thumbs=down",
    "fall-back": "?fallback=yes",
    "degraded": "?degraded=yes",
    "hand-off": "?handoff=yes",
    "reviewed": "?reviewed=yes",
    "not reviewed": "?reviewed=no",
    "a rare tag": "?tag=vip",
    "a common tag": "?tag=price",
    "the oldest model": "?model=understander-2026-01",
    "a week of January": "?from=2026-01-05&to=2026-01-11",
    "same shopper": "?beside=100",
    "all filters, nothing fits": "?language=zh&intent=human&least=10&most=30&thumbs=down&fallback=yes&degraded=yes"
    "&handoff=yes&reviewed=yes&tag=vip&from=2025-12-01&to=2026-11-20",
    "deep, all": "?below=5000",
    "deep, hand-off": "?handoff=yes&below=5000",
    "search, common word": "?q=dress",
    "search, commonest word": "?q=under",
    "search, common word, zh": "?q=连衣裙",
    "search, commonest word, zh": "?q=红色",
    "search, two words": "?q=red+dress",
    "search, rare word": "?q=Wilhelmina",
    "search, rare word, zh": "?q=欧阳婉儿",
    "search, no such word": "?q=zyzzyva",
    "search, common word, rare filter": "?q=under&tag=vip",
    "search, common word, 0.3 % fit": "?q=under&handoff=yes&language=en",
    "search, common word, 4 % fit": "?q=红色&thumbs=down",
    "search, common word, no overlap": "?q=dress&language=zh",
    "search, deep": "?q=dress&below=20000",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.console", description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder that tests.bench.year filled")
    parser.add_argument("--rounds", type=int, default=15, help="requests of each page (default 15)")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="of the pages (default en)")
    arguments = parser.parse_args()
    with served(arguments.data) as (address, pid), httpx.Client(base_url=address, timeout=60) as client:
        sign_in(client, arguments.data, arguments.language)
        found = measure(client, pages(arguments.data), arguments.rounds, pid)
    print(f"{'page':<40} {'median':>9} {'p95':>9} {'first':>9} {'CPU':>9}    KB")
    for name, (times, worked, size) in found.items():
        ordered = sorted(times[1:])
        middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
        mark = "" if late < ASKED_MS else "  over"
        figures = "".join(f" {figure:6.0f} ms" for figure in (middle, late, times[0], worked))
        print(f"{name:<40}{figures} {size / 1024:5.0f}{mark}")
    return 0


def pages(folder: Path) -> dict[str, str]:
    """Names of pages and their addresses in this shop."""
    db = sqlite3.connect(f"file:{folder}/shop.db?mode=ro", uri=True)
    long, first, last = db.execute(
        "SELECT id, first_turn, last_turn FROM conversations ORDER BY turns DESC LIMIT 1"
    ).fetchone()
    middle = db.execute(
        "SELECT id FROM turns WHERE conversation_id = ? ORDER BY id LIMIT 1 OFFSET 1000", [long]
    ).fetchone()[0]
    usual, shown = db.execute(
        "SELECT conversation_id, id FROM turns WHERE shown > 0 ORDER BY id DESC LIMIT 1 OFFSET 1000"
    ).fetchone()
    db.close()
    talk = f"/conversations/{long}"
    return {f"list: {name}": f"/conversations{query}" for name, query in LISTS.items()} | {
        "talk of a usual length": f"/conversations/{usual}",
        "talk of 2,000 turns: its end": talk,
        "talk of 2,000 turns: its beginning": f"{talk}?since={first}",
        "talk of 2,000 turns: the middle": f"{talk}?before={middle}",
        "talk of 2,000 turns: one turn's page": f"{talk}?turn={middle}",
        "talk of 2,000 turns: found by a word": f"{talk}?turn={last}&q=dress",
        "a turn with its 23 candidates": f"/conversations/{usual}/turns/{shown}",
    }


def measure(
    client: httpx.Client, wanted: dict[str, str], rounds: int, pid: int
) -> dict[str, tuple[list[float], float, int]]:
    """Milliseconds of every request of each page, those that the console's process worked in the mean, and bytes."""
    times: dict[str, list[float]] = {name: [] for name in wanted}
    sizes, worked = {}, dict.fromkeys(wanted, 0.0)
    for at in range(rounds + 1):
        for name, address in wanted.items():
            before, began = processor_ms(pid), time.perf_counter()
            answer = client.get(address)
            times[name].append((time.perf_counter() - began) * 1000)
            answer.raise_for_status()
            sizes[name] = len(answer.content)
            worked[name] += (processor_ms(pid) - before) / rounds if at else 0.0
    return {name: (times[name], worked[name], sizes[name]) for name in wanted}


def processor_ms(pid: int) -> float:
    """Milliseconds that a process has worked, to ten: what is left of a time when a machine has other work as well."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(folder: Path):
    """The console in a process of its own; its address and its number."""
    environment = os.environ | {"SHOPBOT_DATA": str(folder)}
    command = [sys.executable, "-m", "bot", "console", "--port", "0", "--data", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        line = process.stdout.readline()
        yield re.search(r"http://[\d.:]+", line)[0], process.pid
    finally:
        process.terminate()
        process.wait(10)


def sign_in(client: httpx.Client, folder: Path, language: str) -> None:
    """As a reviewer who is made for it."""
    name = f"bench-{language}"
    with suppress(StaffError):
        account(folder, name, Role.REVIEWER, language)
    answer = client.post("/sign-in", data={"name": name, "password": PASSWORD, "then": "/"})
    assert answer.status_code == 303, answer.text


if __name__ == "__main__":
    sys.exit(main())
