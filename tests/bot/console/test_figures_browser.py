"""The figures page in headless Chromium: read, narrowed, counted anew, taken as a file; in both languages."""

import csv
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from bot.console.counting import refresh
from storage.console.database import ConsoleStore
from storage.console.staff import Role
from storage.records import Intent, Reaction
from tests.support.browser import served, signed_in
from tests.support.figures import NOON, Talk
from tests.support.staff import account

pytestmark = pytest.mark.browser
WORDS = {
    "en": ("Messages and taps", "Table", "Wanted, and not there", "Count now", "Counted. Days left: 0"),
    "zh": ("消息与点击", "表格", "想要但没有的", "立即统计", "已统计。剩余天数：0"),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    with Talk(folder) as talk:
        talk.campaign(1, "spring_sale")
        for user in (1, 2, 3):
            shown = talk.turn("lamp", user=user, cards=2)
            talk.react(shown, 0, Reaction.LIKE)
            talk.turn("brighter", user=user, intent=Intent.REFINE, cards=1, language="zh")
        talk.turn("purple unicorn saddle", user=2, admitted=0)
    with ConsoleStore.open(folder) as store:
        refresh(store, ZoneInfo("UTC"))
    account(folder, "ana", Role.VIEWER, "en")
    account(folder, "mei", Role.VIEWER, "zh")
    with served(folder) as address:
        yield address


@pytest.mark.parametrize(("name", "language"), [("ana", "en"), ("mei", "zh")])
def test_figures_are_read_narrowed_and_taken_along(browser, address, name, language, tmp_path):
    wrong = []
    talk, table, unmet, now, counted = WORDS[language]
    page = signed_in(browser, address, name, "/figures", wrong)
    day = NOON.date().isoformat()
    chart = page.locator("#talk svg[role=img]")
    expect(chart).to_have_accessible_name(talk)
    assert chart.locator("rect").count() == 1
    page.locator("#talk summary", has_text=table).click()
    expect(page.locator("#talk tbody tr").first).to_contain_text("7")
    expect(page.locator("#unmet")).to_contain_text(unmet)
    expect(page.locator("#unmet tbody tr").first).to_contain_text("purple unicorn saddle")
    page.select_option("[name=campaign]", "spring_sale")
    page.fill("[name=first]", day)
    page.locator("form.filters button.primary").click()
    assert f"campaign=spring_sale&first={day}".split("&")[0] in page.url
    expect(page.locator("#way tbody tr")).to_have_count(1)
    with page.expect_download() as taken:
        page.locator("#way a.csv").click()
    rows = list(csv.reader(Path(taken.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert rows[1][:2] == ["spring_sale", "2"]
    page.get_by_role("button", name=now).click()
    expect(page.get_by_role("status")).to_have_text(counted)
    assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone(browser, address, scheme):
    page = signed_in(browser, address, "ana", "/figures", color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    bar = page.locator("#talk rect").first
    assert bar.evaluate("bar => getComputedStyle(bar).fill") != "rgb(0, 0, 0)"
