"""Live hand-off as it is used: the shopper in the web chat, staff in the console, in Chromium; and news for many."""

import asyncio
import os
import re
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import expect

from storage.cases import Satisfaction
from storage.console.staff import Role
from tests.support.browser import async_chromium, served
from tests.support.staff import PASSWORD, account
from tests.support.stage import Stage, copy_stocked

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
SHOTS = os.environ.get("SHOPBOT_SHOTS")
TABS = 40


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("live-browser") / "data")
    async with Stage(folder) as stage:
        yield stage


@pytest.fixture(scope="module")
def address(stage):
    account(stage.folder, "Ana", Role.REVIEWER, "en")
    account(stage.folder, "Wei", Role.REVIEWER, "zh")
    with served(stage.folder) as address:
        yield address


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser():
    async with async_chromium() as running:
        yield running


async def opened(browser, wrong, url, **options):
    page = await (await browser.new_context(viewport={"width": 1280, "height": 900}, **options)).new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    await page.goto(url)
    return page


async def shot(page, name):
    if SHOTS:
        await page.wait_for_timeout(300)
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(
    ("name", "locale", "wish", "says", "rating"),
    [
        ("Ana", "en-GB", "I want to talk to a human", "Ana from the shop: ", "😊 Good"),
        ("Wei", "zh-CN", "转人工", "店里的Wei：", "😊 满意"),
    ],
)
async def test_a_shopper_and_a_person_of_the_shop_talk(stage, browser, address, name, locale, wish, says, rating):
    wrong = []
    staff = await opened(
        browser, wrong, f"{address}/sign-in?then=/live", color_scheme="dark" if name == "Wei" else "light"
    )
    await staff.fill("[name=name]", name)
    await staff.fill("[name=password]", PASSWORD)
    await staff.keyboard.press("Enter")
    await staff.wait_for_url("**/live")
    async with await stage.shopper("Zoe", locale[:2]) as zoe:
        chat = await opened(browser, wrong, f"{stage.api.url}/#{zoe.id}", locale=locale)
    seen = chat.locator("#messages .row")
    await chat.locator("#draft").fill(wish)
    await chat.locator("#draft").press("Enter")
    # Nobody reloads: the case comes by itself, into the list, the badge and the title.
    await staff.locator("table.cases a.button").first.click(timeout=40_000)
    await expect(staff.locator(".badge")).to_have_text("1")
    await expect(staff).to_have_title(re.compile(r"^\(1\) "))
    await shot(staff, f"live_waiting_{name}")
    await staff.locator("form[action$='/take'] button").click()
    await expect(seen.filter(has_text=name)).to_have_count(1, timeout=10_000)
    await expect(staff.locator(".badge")).to_be_hidden()
    await chat.locator("#draft").fill("<img src=x onerror=alert(1)> hello")
    await chat.locator("#draft").press("Enter")
    await expect(staff.locator("#talk .shopper").last).to_contain_text("<img src=x", timeout=10_000)
    await staff.locator("[name=text]").first.fill("<b>Hello</b> there")
    await staff.locator("[name=text]").first.press("Control+Enter")
    await expect(seen.filter(has_text=f"{says}<b>Hello</b> there")).to_have_count(1, timeout=10_000)
    await expect(staff.locator("#talk .staff .tick")).to_have_count(1, timeout=10_000)
    assert await staff.locator("#talk img, #talk b").count() == 0
    await shot(staff, f"live_talk_{name}")
    await staff.locator("form[action$='/back'] button").click()
    await chat.get_by_role("button", name=rating).click(timeout=10_000)
    await expect(chat.get_by_role("button", name="✓")).to_have_count(1, timeout=10_000)
    await expect(staff.locator("#lists")).to_contain_text(rating, timeout=10_000)
    await shot(chat, f"live_chat_{name}")
    with stage.shop() as shop:
        assert shop.cases.closed(1)[0].satisfaction is Satisfaction.GOOD
    await staff.context.close()
    await chat.context.close()
    assert wrong == []


async def test_many_open_pages_hear_of_a_case_and_keep_nobody_from_reading(stage, address):
    limits = httpx.Limits(max_connections=TABS + 10)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=20) as client:
        await client.post("/sign-in", data={"name": "Ana", "password": PASSWORD, "then": "/live"})
        listening = [asyncio.create_task(_hears(client)) for _ in range(TABS)]
        await asyncio.sleep(1)
        async with await stage.shopper("Zoe", "en") as zoe:
            await zoe.says("I want to talk to a human")
            pages = await asyncio.gather(*(client.get("/live") for _ in range(10)))
            assert {page.status_code for page in pages} == {200}
            assert await asyncio.gather(*listening) == [1] * TABS
            assert (await client.get("/live/count")).text == "1"  # what pages without a stream ask for
            await zoe.taps("Go on with the bot", expect=1)
    async with httpx.AsyncClient(base_url=address) as stranger:
        assert (await stranger.get("/live/news")).status_code == 303


async def _hears(client):
    """How many wait, as the second event says: the first tells how things stand."""
    told = []
    async with client.stream("GET", "/live/news") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            told += [int(found[1]) for found in [re.search(r'"waiting": (\d+)', line)] if found]
            if told and told[-1]:
                break
    return told[-1]
