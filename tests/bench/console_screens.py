"""Pictures of the console's pages: a day of the demo shop, told by real conversations with the real bot.

    python -m tests.bench.console_screens --out docs/screens                    every page of PAGES
    python -m tests.bench.console_screens --out /tmp/s --year YEAR figures      of a year made by tests.bench.year

Shoppers of `tests/conversations` talk in both languages, two wait for a person, returns become tickets; then each page
is taken in headless Chromium. `--year` takes what tells of time (conversations, figures) from such a folder.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import tempfile
from pathlib import Path

import yaml
from playwright.sync_api import Page

from storage.console.staff import Role
from tests.bot.test_catalog_commands import shopbot
from tests.support.browser import chromium, served, signed_in
from tests.support.player import Player
from tests.support.staff import account
from tests.support.stage import Stage

TALKS = Path(__file__).parents[1] / "conversations"
TOLD = (
    "en_negation", "en_gift_words", "zh_headphones", "en_item_questions", "zh_cart", "en_why", "zh_change_of_mind",
    "en_return_broken", "zh_return_too_small", "en_two_wishes_more_compare", "zh_words_like", "en_none_of_my_business",
    "zh_policy_two", "en_red_dress", "zh_negation",
)  # fmt: skip
WAITING = {
    "Zoe": ("en", ("a red dress under $60, not polyester", "where is my order 48213?", "can I talk to a person")),
    "小林": ("zh", ("200元以内的蓝牙耳机", "第二个防水吗", "转人工")),
}
SIZE = {"width": 1280, "height": 900}
_STILL_MS = 700  # for what a page fetches after it has come
PAGES = {
    "live": "/live", "case": "/live/1", "tickets": "/tickets", "conversations": "/conversations",
    "talk": "/conversations/1", "turn": "/turns/1", "review": "/review", "agreement": "/review/agreement",
    "canned": "/canned", "hours": "/hours", "figures": "/figures", "models": "/models", "people": "/people",
    "nights": "/nights", "audit": "/audit",
}  # fmt: skip
OF_TIME = frozenset({"conversations", "figures"})


def main() -> None:
    """Plays the day and takes the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.console_screens", description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="PAGE", help=f"which (default: all): {', '.join(PAGES)}")
    parser.add_argument("--out", type=Path, required=True, help="folder for the PNG files")
    parser.add_argument("--year", type=Path, help="a folder of tests.bench.year, for the pages that tell of time")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="of the pages (default en)")
    parser.add_argument("--dark", action="store_true", help="as a desk at night shows them")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(PAGES):
        parser.error(f"no page is called {', '.join(sorted(unknown))}; there are: {', '.join(PAGES)}")
    asked.out.mkdir(parents=True, exist_ok=True)
    names = asked.names or [*PAGES]
    with tempfile.TemporaryDirectory(prefix="shopbot-console-") as name:
        asyncio.run(_day(Path(name) / "data", [each for each in names if not (asked.year and each in OF_TIME)], asked))
    if asked.year:
        _take(asked.year, [each for each in names if each in OF_TIME], asked)


async def _day(folder: Path, names: list[str], asked: argparse.Namespace) -> None:
    """What is on the pages, and the pictures while the bot runs: staff act through it."""
    folder.mkdir()
    async with Stage(folder) as stage:
        await stage.bot.house.follow_catalogue()
        await asyncio.to_thread(shopbot, "orders", "import", TALKS / "orders.csv", folder=folder)
        for name, (language, said) in WAITING.items():
            async with await stage.shopper(name, language) as shopper:
                for text in said:
                    await shopper.says(text)
        for talk in TOLD:
            conversation = yaml.safe_load((TALKS / f"{talk}.yaml").read_text(encoding="utf-8"))
            async with await stage.shopper(talk[3:].replace("_", " "), conversation["language"]) as shopper:
                with contextlib.suppress(AssertionError):  # another day's catalogue: what is seen is all that matters
                    await Player(stage, shopper).play(conversation)
        await asyncio.to_thread(_take, folder, names, asked)


def _take(folder: Path, names: list[str], asked: argparse.Namespace) -> None:
    if not names:
        return
    with contextlib.suppress(ValueError):  # a year that was pictured before knows her
        account(folder, "mei", Role.ADMIN, asked.language)
    options = {"color_scheme": "dark" if asked.dark else "light"}
    with served(folder) as address, chromium() as browser:
        page = signed_in(browser, address, "mei", "/live", **options)
        page.set_viewport_size(SIZE)
        for name in names:
            page.goto(f"{address}{PAGES[name]}")
            _prepare(page, name)
            page.wait_for_timeout(_STILL_MS)
            path = asked.out / f"console_{name}_{asked.language}.png"
            page.screenshot(path=path)
            print(path, flush=True)


def _prepare(page: Page, name: str) -> None:
    """What is done on a page before its picture is taken."""
    if name == "case":
        page.locator("form[action$='/take'] button").first.click()


if __name__ == "__main__":
    main()
