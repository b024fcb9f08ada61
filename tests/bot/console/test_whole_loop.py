"""The whole loop, as people go it: shoppers are misread, a reviewer corrects it in the page, one command learns it, an
admin lets it serve, the same words are answered otherwise; and a step back restores what was. With the shipped model,
in both languages.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.learn.record import Recipe
from bot.learn.running import learn
from nlu.promoted import read_pointer
from storage.console.staff import Role
from storage.records import Intent
from tests.support.adapters import ROWS, write_rows
from tests.support.browser import chromium, needs_chromium, served, signed_in
from tests.support.models import shipped
from tests.support.staff import account
from tests.support.stage import Stage, copy_stocked

pytestmark = pytest.mark.browser
MISREAD = {
    "en": ("is my purchase covered by a price promise", "return"),
    "zh": ("刚签收就打折了", "退换"),
}
EVERYBODY = {"en": "Serve everybody with it", "zh": "让它服务所有人"}


@pytest.fixture
def folder(stocked_folder, tmp_path):
    needs_chromium()
    folder = copy_stocked(stocked_folder, tmp_path / "data")
    account(folder, "ana", Role.ADMIN, "en")
    account(folder, "mei", Role.ADMIN, "zh")
    return folder


@pytest.fixture
def corpus(tmp_path):
    """Few of the shipped training data, enough to calibrate by, and eight plain messages to judge by."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    own = Path(__file__).parents[3] / "finetune" / "data"
    for name, every in (("train", 300), ("dev", 3)):
        lines = (own / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[::every]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    write_rows(folder / "test.jsonl", [{**row, "slots": None} for row in ROWS])
    return folder


class Staff:
    """What staff do at a browser, in the thread where it lives."""

    def __init__(self, address, folder):
        self.address, self.folder, self.wrong = address, folder, []
        self._thread = ThreadPoolExecutor(1)

    async def do(self, act, *facts):
        return await asyncio.get_running_loop().run_in_executor(self._thread, act, *facts)

    def comes(self):
        self._open = chromium()
        browser = self._open.__enter__()
        names = {"en": "ana", "zh": "mei"}
        self.pages = {
            language: signed_in(browser, self.address, name, "/account", self.wrong) for language, name in names.items()
        }

    def goes(self):
        self._open.__exit__(None, None, None)

    def corrects(self, language, turn, typed):
        """By keyboard: type-ahead for the intent, Enter twice."""
        page = self.pages[language]
        page.goto(f"{self.address}/review/{turn}")
        assert page.evaluate("document.getElementById('message').dataset.text") == MISREAD[language][0]
        page.keyboard.press("/")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def sees(self, language, *words):
        page = self.pages[language]
        page.goto(f"{self.address}/models")
        for word in words:
            expect(page.locator("main")).to_contain_text(word)

    def lets_it_serve(self, language):
        page = self.pages[language]
        page.goto(f"{self.address}/models")
        with page.expect_navigation():
            page.get_by_role("button", name=EVERYBODY[language]).click()

    def goes_back(self, language):
        page = self.pages[language]
        page.goto(f"{self.address}/models")
        page.once("dialog", lambda dialog: dialog.accept())
        with page.expect_navigation():
            page.locator("form[action='/models/rollback'] button").first.click()


async def test_a_correction_in_the_page_changes_what_the_bot_answers_and_a_step_back_restores_it(folder, corpus):
    with served(folder) as address:
        staff = Staff(address, folder)
        await staff.do(staff.comes)
        try:
            async with Stage(folder) as stage:
                await _loop(stage, staff, folder, corpus)
        finally:
            await staff.do(staff.goes)
        assert staff.wrong == []


async def _loop(stage, staff, folder, corpus):
    shoppers = {language: await stage.shopper(f"shopper {language}", language) for language in MISREAD}
    try:
        before = await _say(stage, shoppers)
        for language, (turn, _) in before.items():
            assert turn.understanding.intent is not Intent.RETURN_REFUND, "the shipped model reads it right by now"
            await staff.do(staff.corrects, language, turn.turn.id, MISREAD[language][1])

        recipe = Recipe(epochs=3, rate=4e-4, head_rate=4e-4, own=0.2, shadow=True, corpus=str(corpus))
        run = await asyncio.to_thread(learn, folder, recipe, "ana", nice=0, say=lambda line: None)
        assert (run.outcome, run.start) == ("trial", "shipped")
        await _until(lambda: stage.bot.house.readers.terms)
        assert _read(await _say(stage, shoppers)) == _read(before), "in the shadow nothing changes for shoppers"
        await stage.bot.house.readers.settle()
        await staff.do(staff.sees, "en", run.version, run.id, "reads along", "English: 1 second readings")
        await staff.do(staff.sees, "zh", run.version, "影子旁读", "中文：第二次读取 1 条，意图相同 0.0%")

        await staff.do(staff.lets_it_serve, "zh")
        assert read_pointer(folder / "models").by == "mei"
        await _serves(stage, run.version)
        after = await _say(stage, shoppers)
        for language, (turn, reply) in after.items():
            assert (turn.understanding.intent, turn.versions["understander"]) == (Intent.RETURN_REFUND, run.version)
            assert reply != before[language][1]

        await staff.do(staff.goes_back, "en")
        await _serves(stage, shipped().version)
        again = await _say(stage, shoppers)
        assert _read(again) == _read(before)
        assert {turn.versions["understander"] for turn, _ in again.values()} == {shipped().version}
    finally:
        for shopper in shoppers.values():
            await shopper.close()


async def _say(stage, shoppers):
    """Each says what was misread, at the beginning of a talk; the turns and the replies."""
    found = {}
    for language, shopper in shoppers.items():
        await shopper.says("/reset", expect=1)
        replies = await shopper.says(MISREAD[language][0], expect=1)
        found[language] = (stage.turn_of(shopper), [reply.text for reply in replies])
    return found


def _read(found):
    return {language: (turn.understanding.intent, reply) for language, (turn, reply) in found.items()}


async def _serves(stage, version):
    model = stage.bot.house.understander
    async with asyncio.timeout(90):
        while (await model.ready()).version != version:
            await asyncio.sleep(0.1)


async def _until(holds):
    async with asyncio.timeout(90):
        while not holds():
            await asyncio.sleep(0.1)
