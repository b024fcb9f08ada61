"""The web chat in headless Chromium, with a small scripted bot at the other end."""

import os
import re
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.simulator.server import LocalBotApi
from tests.bot.scripted_shop import serving
from tests.support.browser import async_chromium

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]  # one browser for all

SHOTS = os.environ.get("SHOPBOT_SHOTS")
BOXES = "tiles => tiles.map(tile => tile.getBoundingClientRect()).map(({x, y, width}) => ({x, y, width}))"


@pytest_asyncio.fixture(loop_scope="module")
async def api(tmp_path: Path):
    async with LocalBotApi(tmp_path) as running:
        yield running
        assert await running.simulator.alarms() == []


@pytest_asyncio.fixture(loop_scope="module")
async def shop(api: LocalBotApi):
    async with serving(api.url, api.token) as bot:
        yield bot


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser():
    async with async_chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def page_at(browser: Browser, api: LocalBotApi):
    """Opens the chat; a script error or a blocked resource fails the test."""
    opened: list[Page] = []
    wrong: list[str] = []

    async def opener(width: int = 1280, height: int = 860, dark: bool = False, locale: str = "en-GB") -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda line: wrong.append(line.text) if line.type == "error" and "ERR_" not in line.text else None,
        )
        await page.goto(api.url)
        opened.append(page)
        return page

    yield opener
    for page in opened:
        await page.context.close()
    assert wrong == []


async def shot(page: Page, name: str) -> None:
    if SHOTS:
        await page.wait_for_timeout(400)
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def bubble(page: Page, text: str | re.Pattern[str]):
    return page.locator("#messages .row").filter(has_text=text)


async def write(page: Page, text: str) -> None:
    await page.locator("#draft").fill(text)
    await page.locator("#draft").press("Enter")


async def test_what_is_written_before_the_bot_is_ready_is_answered_later(api, page_at):
    page = await page_at()
    await expect(page.locator("#status")).to_contain_text("getting ready")
    await write(page, "early bird")
    await shot(page, "wide_getting_ready")
    async with serving(api.url, api.token):
        await expect(bubble(page, "You said: early bird")).to_be_visible()
        await expect(page.locator("#status")).to_have_text("bot")


async def test_a_newcomer_talks_in_one_click(shop, page_at):
    page = await page_at()
    await expect(page.get_by_role("button", name="Start")).to_be_visible()
    await shot(page, "wide_welcome")
    await page.get_by_role("button", name="Start").click()
    await expect(bubble(page, "I am the shop assistant")).to_be_visible()
    await expect(page.locator("#messages b")).to_have_text("shop assistant")
    await page.locator(".chip", has_text="a red dress under $60").click()
    await expect(bubble(page, "3. Linen midi dress")).to_be_visible()
    await expect(page.locator("#messages img")).to_have_count(3)
    await expect(page.locator("#hints")).to_be_hidden()
    await shot(page, "wide_cards")


async def test_buttons_spin_until_answered_then_show_toasts_alerts_and_edits(shop, page_at):
    page = await page_at()
    await write(page, "a red dress")
    await expect(bubble(page, "3. Linen midi dress")).to_be_visible()
    card = bubble(page, "1. Linen midi dress")
    await card.get_by_role("button", name="👍", exact=True).click()
    await expect(page.locator("#toast")).to_have_text("Noted: more of these.")
    await expect(card.get_by_role("button", name="👍 ✓")).to_be_visible()
    await card.get_by_role("button", name="👎").click()
    await expect(page.locator("#alert")).to_contain_text("This card is gone.")
    await shot(page, "wide_alert")
    await page.locator("#alert button").click()
    more = page.get_by_role("button", name="More", exact=True)
    await more.click()
    await expect(more).to_have_attribute("aria-busy", "true")
    await expect(bubble(page, "4. Plum dress")).to_contain_text("edited")
    await expect(more).not_to_have_attribute("aria-busy", "true")


async def test_an_album_is_one_bubble_of_tiles_now_and_after_opening_the_chat_anew(shop, page_at):
    page = await page_at()
    await write(page, "album")
    await expect(bubble(page, "$39.90")).to_be_visible()
    for _ in range(2):
        shown = bubble(page, "Linen midi dress")
        await expect(shown).to_have_count(1)
        await expect(shown.locator("img")).to_have_count(5)
        await expect(page.locator("#messages .theirs")).to_have_count(2)
        # All at one moment: the chat may still be scrolling.
        boxes = await shown.locator(".photo").evaluate_all(BOXES)
        assert len({round(box["y"]) for box in boxes}) == 2, "two rows of tiles"
        assert max(box["x"] + box["width"] for box in boxes) <= 1280
        await shot(page, "wide_album")
        await page.reload()
    await shown.locator(".photo").nth(3).click()
    await expect(page.locator("#lightbox img")).to_be_visible()


async def test_text_is_never_markup_and_entities_are(shop, page_at):
    page = await page_at()
    await write(page, "danger")
    answer = bubble(page, "<img src=x onerror=alert(1)> 😀bold")
    await expect(answer).to_be_visible()
    await expect(answer.locator("b")).to_have_text("bold")
    await expect(answer.locator("s")).to_have_text("gone")
    await expect(answer.locator("img")).to_have_count(0)
    await write(page, "<b>mine</b>")
    await expect(bubble(page, "You said: <b>mine</b>")).to_be_visible()


async def test_the_commands_menu_speaks_the_shoppers_language(shop, page_at):
    page = await page_at(locale="zh-CN")
    await expect(page.locator("#draft")).to_have_attribute("placeholder", "输入消息")
    await page.locator("#draft").press_sequentially("/")
    await expect(page.locator("#commands li")).to_have_count(2)
    await expect(page.locator("#commands")).to_contain_text("使用说明")
    await shot(page, "wide_commands_zh")
    await page.locator("#draft").press("ArrowDown")
    await page.locator("#draft").press("Enter")
    await expect(bubble(page, "Say what you want")).to_be_visible()
    await expect(page.locator("#messages a")).to_have_attribute("href", "https://example.com/x")


async def test_everything_can_be_done_with_the_keyboard(shop, page_at):
    page = await page_at()
    await expect(page.locator("#draft")).to_be_focused()
    await page.keyboard.type("a red dress")
    await page.keyboard.press("Enter")
    await expect(bubble(page, "3. Linen midi dress")).to_be_visible()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("button", name="Less like this").last).to_be_focused()
    for _ in range(2):
        await page.keyboard.press("Shift+Tab")
    await expect(bubble(page, "3. Linen midi dress").get_by_role("button", name="👎")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#alert button")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#draft")).to_be_focused()


async def test_drafts_grow_and_give_way_to_the_message(shop, page_at):
    page = await page_at()
    await write(page, "draft")
    await expect(page.locator(".draft-row")).to_contain_text("Looking for something")
    await shot(page, "wide_draft")
    await expect(bubble(page, "Found something.")).to_be_visible()
    await expect(page.locator(".draft-row")).to_have_count(0)


async def test_stickers_voice_and_editing_the_last_message(shop, page_at):
    page = await page_at()
    for item in ("Sticker", "Voice message"):
        await page.locator("#attach").click()
        await page.get_by_role("menuitem", name=item).click()
    await expect(bubble(page, "I only read text.")).to_have_count(2)
    await write(page, "a bleu vase")
    await expect(bubble(page, "You said: a bleu vase")).to_be_visible()
    await page.locator("#draft").press("ArrowUp")
    await expect(page.locator("#editing")).to_contain_text("a bleu vase")
    await write(page, "a blue vase")
    await expect(bubble(page, "You said: a blue vase")).to_be_visible()
    await expect(page.locator(".mine", has_text="a blue vase")).to_contain_text("edited")
    await page.locator("#attach").click()
    await shot(page, "wide_attach")


async def test_several_shoppers_and_what_they_have_not_read(shop, page_at, api):
    page = await page_at()
    await write(page, "hello")
    await expect(bubble(page, "You said: hello")).to_be_visible()
    await page.get_by_role("button", name="New shopper").click()
    await page.locator("#joining input[name=name]").fill("小林")
    await page.get_by_text("中文", exact=True).click()
    await shot(page, "wide_joining")
    await page.locator("#joining .primary").click()
    await expect(page.get_by_role("button", name="开始")).to_be_visible()
    await write(page, "200元以内的蓝牙耳机")
    await expect(bubble(page, "3. Linen midi dress")).to_be_visible()
    first = page.locator(".person", has_text="Alex")
    await shop.send_message(700000001, "Still there?")
    await expect(first.locator(".badge")).to_have_text("1")
    await shot(page, "wide_two_shoppers")
    await first.click()
    await expect(bubble(page, "Still there?")).to_be_visible()
    await expect(first.locator(".badge")).to_have_count(0)


async def test_the_talk_is_there_after_a_restart(tmp_path, page_at, api, shop):
    page = await page_at()
    await write(page, "remember me")
    await expect(bubble(page, "You said: remember me")).to_be_visible()
    await api.stop()
    await expect(page.locator("#status")).to_have_class(re.compile("lost"))
    await page.locator("#draft").fill("said too early")
    await page.locator("#draft").press("Enter")
    await expect(page.locator("#toast")).to_contain_text("Not sent")
    await expect(page.locator("#draft")).to_have_value("said too early")
    await api.start()
    await expect(page.locator("#status")).not_to_have_class(re.compile("lost"), timeout=10_000)
    await expect(bubble(page, "You said: remember me")).to_be_visible()
    await page.locator("#draft").press("Enter")
    await expect(bubble(page, "You said: said too early")).to_be_visible(timeout=15_000)


async def test_on_a_phone_there_is_one_pane_and_a_way_back(shop, page_at):
    page = await page_at(390, 800)
    await expect(page.locator("#people-pane")).to_be_hidden()
    await shot(page, "phone_welcome")
    await page.get_by_role("button", name="Start").click()
    await page.locator(".chip", has_text="200元以内的蓝牙耳机").click()
    await expect(bubble(page, "3. Linen midi dress")).to_be_visible()
    await shot(page, "phone_cards")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.locator("#back").click()
    await expect(page.locator("#people-pane")).to_be_visible()
    await expect(page.locator("#chat-pane")).to_be_hidden()
    await shot(page, "phone_list")
    await page.locator(".person").click()
    await expect(bubble(page, "3. Linen midi dress")).to_be_visible()


async def test_dark_and_blocked(shop, page_at):
    page = await page_at(dark=True)
    await write(page, "a red dress")
    await expect(bubble(page, "3. Linen midi dress")).to_be_visible()
    await shot(page, "wide_dark")
    await page.locator("#attach").click()
    await page.get_by_role("menuitem", name="Block the bot").click()
    await page.get_by_role("button", name="Unblock the bot").click()
    await write(page, "back again")
    await expect(bubble(page, "You said: back again")).to_be_visible()
