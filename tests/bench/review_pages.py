"""How long the review pages take beside a year of talk, and how fast the queue is filled.

    python -m tests.bench.year --data FOLDER
    python -m tests.bench.review_pages --data FOLDER [--minutes 2] [--pages 60]

An account is made in FOLDER's console, its queue is filled for some minutes (what is left is filled by a console that
is used), and pages are asked for over HTTP, without a browser: medians and the slowest of twenty, in milliseconds.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bot.console.desk import Desk
from bot.console.queueing import Filling
from bot.settings import Settings
from storage.console.staff import Role
from tests.support.staff import Member, console

NAME = "reviewer"  # other measurements leave a viewer in the same folder


def main() -> None:
    """Runs it and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder made by tests.bench.year")
    parser.add_argument("--minutes", type=float, default=2.0, help="of filling (default 2)")
    parser.add_argument("--pages", type=int, default=60, help="how often each page is asked for (default 60)")
    asked = parser.parse_args()
    _fill(asked.data, asked.minutes)
    with console(asked.data) as app:
        member = _member(app)
        began = time.perf_counter()
        member.client.get("/review")
        print(f"first page of a process  {time.perf_counter() - began:6.2f} s")
        _measure(member, asked.pages)


def _fill(folder: Path, minutes: float) -> None:
    desk = Desk(Settings(_env_file=None, data=folder))
    filling, queue = Filling(desk), desk.store.queue
    filling.batch()
    began, first = time.perf_counter(), queue.mark("turns")
    rest = True
    while rest and time.perf_counter() - began < minutes * 60:
        rest = filling.batch()
    took = time.perf_counter() - began
    looked = queue.mark("turns") - first
    left = desk.shop.db.execute("SELECT max(id) FROM turns").fetchone()[0] - queue.mark("turns")
    waiting = queue.open(NAME)
    print(f"turns judged             {looked} in {took:.0f} s, {took / max(looked, 1) * 1000:.2f} ms each; {left} left")
    print(f"queued                   {waiting.worth} by worth, {waiting.sample} of the sample")
    desk.close()


def _member(app) -> Member:
    member = Member(app)
    if member.sign_in(NAME).status_code != 303:
        member = Member.of(app, NAME, Role.REVIEWER)
    return member


def _measure(member: Member, pages: int) -> None:
    saved: list[float] = []
    token = member.token

    def save() -> None:
        page = member.client.get("/review").text
        turn = re.search(r'action="/review/(\d+)"', page)[1]
        intent = re.search(r'name="intent" value="(\w+)" checked', page)[1]
        version = re.search(r'name="version" value="(\d+)"', page)[1]
        form = {"csrf": token, "act": "save", "intent": intent, "version": version}
        began = time.perf_counter()
        assert member.client.post(f"/review/{turn}", data=form).status_code == 303
        saved.append((time.perf_counter() - began) * 1000)

    def similar() -> None:
        turn = re.search(r'action="/review/(\d+)"', member.client.get("/review").text)[1]
        assert member.client.get(f"/review/{turn}/similar").status_code == 200

    _row("next message", [_timed(lambda: member.client.get("/review")) for _ in range(pages)])
    for _ in range(pages):
        save()
    _row("save", saved)
    _row("next message and similar", [_timed(similar) for _ in range(pages)])
    _row("agreement", [_timed(lambda: member.client.get("/review/agreement")) for _ in range(pages)])


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _row(name: str, taken: list[float]) -> None:
    slow = sorted(taken)[int(len(taken) * 0.95)]
    print(f"{name:24} median {statistics.median(taken):6.1f} ms, one of twenty over {slow:6.1f} ms")


if __name__ == "__main__":
    main()
