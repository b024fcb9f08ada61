"""How long the figures page takes, on a folder of a year (tests/bench/year.py), and what counting its days costs.

python -m tests.bench.figures --data /tmp/year            (page times; days that are not counted are counted first)
python -m tests.bench.figures --data /tmp/year --anew     (counts every day again: some minutes)
"""

import argparse
import statistics
import sys
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.console.counting import refresh
from storage.console.database import ConsoleStore
from storage.console.staff import Role, StaffError
from storage.shop import Shop
from tests.support.staff import Member, account, console

_SPANS = (7, 30, 90, 365)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.figures", description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder")
    parser.add_argument("--anew", action="store_true", help="count every day again")
    parser.add_argument("--times", type=int, default=9, help="visits of each page (default 9)")
    arguments = parser.parse_args()
    Shop.open(arguments.data).close()
    count(arguments)
    visits(arguments)
    return 0


def count(arguments):
    with ConsoleStore.open(arguments.data) as store:
        if arguments.anew:
            store.figures.forget()
        days, began, worked = [], time.perf_counter(), time.process_time()
        refresh(store, ZoneInfo("UTC"), told=lambda done, every: days.append(done))
        wall, cpu = time.perf_counter() - began, time.process_time() - worked
        rows = store.db.execute("SELECT count(*) FROM day_sums").fetchone()[0]
    each = max(len(days), 1)
    print(f"days counted: {len(days)}, {wall / each * 1000:.0f} ms a day ({cpu / each * 1000:.0f} ms of processor)")
    print(f"sums kept: {rows}")


def visits(arguments):
    with console(arguments.data) as app:
        with suppress(StaffError):
            account(arguments.data, "bench", Role.VIEWER)
        member = Member(app)
        member.sign_in("bench")
        today = datetime.now(ZoneInfo("UTC")).date()
        print(f"\n{'page':40} median ms   slowest   KiB")
        for days in _SPANS:
            query = f"first={today - timedelta(days=days - 1)}&last={today}"
            timed(member, f"/figures?{query}", f"figures, {days} days", arguments.times)
        for name in ("talk", "unmet", "way", "latency"):
            timed(member, f"/figures/{name}.csv?{query}", f"{name}.csv, {days} days", arguments.times)
        timed(member, f"/figures?{query}&language=zh", f"figures, {days} days, Chinese", arguments.times)


def timed(member, path, name, times):
    member.get(path)
    took = []
    for _ in range(times):
        began = time.perf_counter()
        answer = member.get(path)
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200
    print(f"{name:40} {statistics.median(took):9.0f} {max(took):9.0f} {len(answer.content) / 1024:6.0f}")


if __name__ == "__main__":
    sys.exit(main())
