"""Pictures of the main screens: the real bot in its web chat at a phone's width, in headless Chromium.

    python -m tests.bench.screens --out docs/screens          every screen of tests/bench/screens.yaml
    python -m tests.bench.screens --out /tmp/s cart_zh        only these

A screen is a name, a language, what is said ("say") or tapped ("tap": part of a button's label, the last one seen),
and how far to scroll up at the end. Needs Chromium; the demo shop is stocked into a temporary folder.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

import yaml
from playwright.async_api import Browser, Page, async_playwright

from tests.support.browser import CHROMIUM, FLAGS
from tests.support.stage import Stage

SCREENS = Path(__file__).with_name("screens.yaml")
SIZE = {"width": 390, "height": 844}
_NAMES = {"en": "Ann", "zh": "小林"}
_STILL_S = 2.5  # nothing new for so long: the answer is whole
_PATIENCE_S = 40.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.screens", description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="SCREEN", help="names of screens (default: all)")
    parser.add_argument("--out", type=Path, required=True, help="folder for the PNG files")
    parser.add_argument("--dark", action="store_true", help="as a phone at night shows them")
    arguments = parser.parse_args()
    screens = yaml.safe_load(SCREENS.read_text(encoding="utf-8"))
    if unknown := set(arguments.names) - set(screens):
        parser.error(f"no screen is called {', '.join(sorted(unknown))}; there are: {', '.join(screens)}")
    wanted = {name: screens[name] for name in arguments.names or screens}
    arguments.out.mkdir(parents=True, exist_ok=True)
    asyncio.run(_take(wanted, arguments.out, arguments.dark))
    return 0


async def _take(screens: dict, out: Path, dark: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="shopbot-screens-") as folder:
        async with Stage(Path(folder)) as stage, async_playwright() as playwright:
            await stage.bot.house.follow_catalogue()
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for name, screen in screens.items():
                async with await stage.shopper(_NAMES[screen["language"]], screen["language"]) as shopper:
                    page = await _opened(browser, f"{stage.api.url}/#{shopper.id}", screen["language"], dark)
                    await _play(page, screen)
                await page.screenshot(path=out / f"{name}.png")
                print(out / f"{name}.png", flush=True)
                await page.context.close()
            await browser.close()


async def _opened(browser: Browser, address: str, language: str, dark: bool) -> Page:
    context = await browser.new_context(
        viewport=SIZE,
        color_scheme="dark" if dark else "light",
        locale="zh-CN" if language == "zh" else "en-GB",
        device_scale_factor=1,
    )
    page = await context.new_page()
    await page.goto(address)
    return page


async def _play(page: Page, screen: dict) -> None:
    await page.get_by_role("button", name="Start" if screen["language"] == "en" else "开始").click()
    await _still(page, 0)
    for step in screen["steps"]:
        seen = await _measure(page)
        if "say" in step:
            await page.locator("#draft").fill(step["say"])
            await page.locator("#draft").press("Enter")
        else:
            await page.locator("#messages button", has_text=step["tap"]).last.click()
        await _still(page, seen)
    if up := screen.get("up", 0):
        await page.locator("#messages").evaluate("(box, up) => box.scrollBy(0, -up)", up)
        await page.wait_for_timeout(300)


async def _measure(page: Page) -> str:
    """What the thread shows, for telling whether it still changes."""
    return await page.locator("#messages").inner_html()


async def _still(page: Page, before: object) -> None:
    """Waits until the thread has changed from `before` and then stays as it is."""
    waited, last, since = 0.0, before, 0.0
    while waited < _PATIENCE_S:
        await page.wait_for_timeout(200)
        waited, now = waited + 0.2, await _measure(page)
        since = since + 0.2 if now == last else 0.0
        last = now
        if now != before and since >= _STILL_S:
            return
    sys.exit("The chat did not come to rest; look at the bot's log.")


if __name__ == "__main__":
    sys.exit(main())
