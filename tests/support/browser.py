"""A console on loopback and headless Chromium before it, for pages that a script makes quicker.

with served(folder) as address, chromium() as browser:
    page = signed_in(browser, address, "ana", "/review")

Where there is none, a test of pages is skipped on a desk and fails in CI.
"""

import os
import shutil
import threading
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import async_playwright
from playwright.sync_api import sync_playwright

from bot.console.app import build_app
from bot.console.serving import bound
from bot.settings import Settings
from tests.support.staff import PASSWORD

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def served(folder, **settings):
    """The address of a console on a data folder."""
    listening = bound(0)
    app = build_app(Settings(_env_file=None, data=folder, **settings))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def needs_chromium():
    """Skips the test where there is no Chromium; in CI that is a failure. The path of it otherwise."""
    if not Path(CHROMIUM).exists():
        reason = "No Chromium here: install it (apt install chromium) to test pages."
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return CHROMIUM


@asynccontextmanager
async def async_chromium():
    """A browser without a window, for tests that live in the bot's own loop."""
    path = needs_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@contextmanager
def chromium():
    """A browser without a window."""
    path = needs_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def signed_in(browser, address, name, path="/", wrong=None, **options):
    """A page of somebody who signed in at a browser of their own; errors of scripts are added to `wrong`."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, **options)
    page = context.new_page()
    if wrong is not None:
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.goto(f"{address}/sign-in?then={path}")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation(url=f"{address}{path}"):
        page.keyboard.press("Enter")
    return page
