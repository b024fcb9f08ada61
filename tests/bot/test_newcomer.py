"""A newcomer's first minutes with the real bot, in a real browser: the README's picture is taken here.

SHOPBOT_SHOTS=docs pytest tests/bot/test_newcomer.py
"""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.support.browser import async_chromium
from tests.support.stage import Stage, copy_stocked

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SHOPBOT_SHOTS")
PATIENCE_MS = 30_000


async def says(page, text):
    box = page.get_by_role("textbox").last
    await box.fill(text)
    await box.press("Enter")


def cards(page):
    """Pictures of products in the open talk, once the last of a page is there."""
    return page.locator(".photo img")


async def dearest(page):
    """The card that costs most: something cheaper there is, whichever cards were drawn."""
    rows = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="Cheaper"))
    prices = [float(re.search(r"\$(\d+\.\d\d)", text)[1]) for text in await rows.all_inner_texts()]
    return rows.nth(prices.index(max(prices)))


async def test_a_newcomer_talks_taps_and_finds_the_talk_again_after_a_restart(stocked_folder, tmp_path):
    folder = copy_stocked(stocked_folder, tmp_path / "data")
    async with Stage(folder) as stage, async_chromium() as browser:
        page = await browser.new_page(viewport={"width": 1180, "height": 1000})
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        await page.goto(stage.api.url)
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(page.get_by_text("Tell me what you are looking for").first).to_be_visible(timeout=PATIENCE_MS)

        await says(page, "a red dress under $60")
        await expect(cards(page)).to_have_count(3, timeout=PATIENCE_MS)
        await page.get_by_role("button", name="👍").first.click()
        await expect(page.get_by_text("Noted, more of that").first).to_be_visible(timeout=PATIENCE_MS)
        await expect(page.get_by_role("button", name="✓ 👍").first).to_be_visible(timeout=PATIENCE_MS)
        await (await dearest(page)).get_by_role("button", name="Cheaper").click()
        await expect(page.get_by_text("Cheaper than").first).to_be_visible(timeout=PATIENCE_MS)
        await expect(cards(page)).to_have_count(6, timeout=PATIENCE_MS)

        await says(page, "200元以内的蓝牙耳机")
        await expect(page.get_by_text("为您找到").first).to_be_visible(timeout=PATIENCE_MS)
        await expect(page.get_by_role("button", name="类似的")).to_have_count(3, timeout=PATIENCE_MS)
        if SHOTS:
            await _shoot(page, Path(SHOTS))

        await stage.restart()
        await page.reload()
        await expect(page.get_by_text("为您找到").first).to_be_visible(timeout=PATIENCE_MS)
        await says(page, "便宜点的")
        await expect(page.get_by_role("button", name="类似的")).to_have_count(6, timeout=PATIENCE_MS)
        assert wrong == []


async def _shoot(page, folder):
    """The wide page and a phone, as the README shows them."""
    for name, width, height in (("web-chat", 1180, 1240), ("web-chat-phone", 400, 860)):
        await page.set_viewport_size({"width": width, "height": height})
        await page.wait_for_timeout(4_000)  # the toast has gone, the last picture is there
        await page.locator(".row.mine").last.evaluate("row => row.scrollIntoView()")
        await page.wait_for_timeout(300)
        await page.screenshot(path=folder / f"{name}.png")
    await page.set_viewport_size({"width": 1180, "height": 1000})
