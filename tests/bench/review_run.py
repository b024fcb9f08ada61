"""A reviewer labels a queue by keyboard alone, recorded: what the page adds to a person's own time.

    python -m tests.bench.review_run                                   100 messages, half of them Chinese
    python -m tests.bench.review_run --record FOLDER                   keeps a trace with pictures there
    python -m tests.bench.review_run --backlog 100000                  beside so many other messages

Nobody thinks here: the seconds are those of keys, pages and database. Of a hundred messages about 57 are right as they
stand, the others are corrected by a digit, by type-ahead, with a further request, by marking a slot, discarded, or put
off first; one decision is undone. Ends with what the labels say, read from the database.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

from storage.console.database import ConsoleStore
from storage.console.staff import Role
from storage.shop import Shop
from tests.support.browser import chromium, served, signed_in
from tests.support.messages import Talks
from tests.support.staff import account

TEXTS = (
    "a red dress under $60", "便宜点的红色连衣裙", "thanks a lot", "第二个防水吗", "blue running shoes, not leather",
    "我的快递到哪了", "show me more", "200元以内的蓝牙耳机", "can I return it", "送爸爸的礼物",
)  # fmt: skip
KINDS = ("right",) * 8 + ("digit", "digit", "typed", "also", "slot", "discard", "later")
TYPED = {"en": "return", "zh": "退换"}


def main() -> None:
    """Runs it and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100, help="how many are queued (default 100)")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="of the reviewer (default en)")
    parser.add_argument("--backlog", type=int, default=0, help="messages said before that wait too (default 0)")
    parser.add_argument("--record", type=Path, help="folder for a trace with a picture of each step (default: none)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wanted = _filled(folder, asked.messages, asked.backlog, asked.language)
        with served(folder, review_sample=0.05, second_opinions=0.1) as address, chromium() as browser:
            _warm(folder, browser, address)
            spent, acts = _work(browser, address, asked)
        _tell(folder, wanted, spent, acts)


def _filled(folder: Path, messages: int, backlog: int, language: str) -> int:
    Shop.open(folder).close()
    account(folder, "ana", Role.REVIEWER, language)
    account(folder, "mei", Role.REVIEWER, language)
    with Talks(folder) as talks, talks.shop.atomic():
        for place in range(backlog):
            talks.says(f"{TEXTS[place % 10]} {place}", "search 0.55 refine 0.44", user=100 + place // 20)
        for place in range(messages):
            talks.says(f"{TEXTS[place % 10]} #{place}", "search 0.5 refine 0.5 more 0.0", user=7 + place % 20)
    return messages


def _warm(folder: Path, browser, address: str) -> None:
    """The first page of a process reads the shop's words; the backlog is judged by a thread."""
    page = signed_in(browser, address, "mei", "/review")
    while True:
        with Shop.open(folder, readonly=True).db.conn as shop, ConsoleStore.open(folder, guest=True) as store:
            if store.queue.mark("turns") >= shop.execute("SELECT max(id) FROM turns").fetchone()[0]:
                break
        time.sleep(0.5)
        page.reload()
    with ConsoleStore.open(folder, guest=True) as store:
        store.db.execute("DELETE FROM claims")
    page.context.close()


def _work(browser, address: str, asked: argparse.Namespace) -> tuple[list[float], Counter[str]]:
    page = signed_in(browser, address, "ana", "/review")
    if asked.record:
        page.context.tracing.start(screenshots=True, snapshots=True)
    spent, acts = list[float](), Counter[str]()
    while len(spent) < asked.messages and page.locator("#message").count():
        kind = KINDS[(sum(acts.values())) % len(KINDS)]
        began = time.perf_counter()
        _decide(page, kind, asked.language)
        took = time.perf_counter() - began
        acts[kind] += 1
        if kind == "later":
            spent[-1] += took  # it comes again; the time is spent all the same
        else:
            spent.append(took)
        if len(spent) == asked.messages // 2 and not acts["undone"]:
            with page.expect_navigation():
                page.keyboard.press("u")
            acts["undone"] += 1
            spent.pop()
    if asked.record:
        page.context.tracing.stop(path=asked.record / "trace.zip")
    page.context.close()
    return spent, acts


def _decide(page, kind: str, language: str) -> None:
    match kind:
        case "digit":
            page.keyboard.press("2")
        case "typed":
            page.keyboard.press("w")
            page.keyboard.type(TYPED[language])
            page.keyboard.press("Enter")
        case "also":
            page.keyboard.press("Shift+Digit3")
        case "slot":
            for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "k"):
                page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press({"discard": "d", "later": "l"}.get(kind, "Enter"))


def _tell(folder: Path, wanted: int, spent: list[float], acts: Counter[str]) -> None:
    with ConsoleStore.open(folder, guest=True) as store:
        verdicts = dict(store.db.execute("SELECT verdict, count(*) FROM labels GROUP BY verdict").fetchall())
        events = store.db.execute("SELECT count(*) FROM label_events").fetchone()[0]
    print(f"messages labelled        {sum(verdicts.values())} of {wanted}: {verdicts}; {events} events")
    print(f"decisions                {dict(acts)}")
    print(f"seconds, all             {sum(spent):.1f}")
    print(f"seconds a message        median {statistics.median(spent):.3f}, slowest {max(spent):.3f}")


if __name__ == "__main__":
    main()
