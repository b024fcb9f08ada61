"""The pages of conversations in headless Chromium: with keys, on a phone, in the dark, and without any script."""

import re

import pytest
from playwright.sync_api import expect

from storage.console.staff import Role
from storage.shop import Shop
from tests.support.browser import served, signed_in
from tests.support.staff import account
from tests.support.talks import Talker

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reading")
    shop = Shop.open(folder)
    talker = Talker(shop)
    for number in range(70):
        talker.says(f"message {number}", number / 30, 1)
    talker.says("a red dress, not silk", 500, 2, slots=[("color", "red"), ("material", "silk", True)], shown=2)
    talker.says("有没有蓝牙耳机", 900, 3, "zh", slots=[("category", "蓝牙耳机")])
    shop.close()
    for name, language in (("ana", "en"), ("mei", "zh")):
        account(folder, name, Role.VIEWER, language)
    with served(folder) as address:
        yield address


@pytest.mark.parametrize(("name", "detail"), [("ana", "How this was answered"), ("mei", "这条是怎样回答的")])
def test_a_list_is_walked_by_keys_and_a_turn_opened_with_its_candidates(browser, address, name, detail):
    wrong = []
    page = signed_in(browser, address, name, "/conversations", wrong)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/conversations/2"))
    expect(page.locator("del.slot-material")).to_have_text("silk")
    expect(page.locator(".product img").first).to_have_js_property("complete", True)
    assert page.locator(".product img").first.evaluate("image => image.naturalWidth") == 160
    page.get_by_text(detail).click()
    expect(page.locator(".candidates tbody tr")).to_have_count(6)
    assert wrong == []


def test_the_address_of_a_turn_leads_to_it_whatever_page_it_is_on(browser, address):
    page = signed_in(browser, address, "ana", "/conversations")
    page.goto(f"{address}/conversations/1#turn-3")
    page.wait_for_url(re.compile(r"turn=3#turn-3$"))
    expect(page.locator("#turn-3")).to_be_in_viewport()


def test_pages_read_and_are_searched_without_a_script(browser, address):
    page = signed_in(browser, address, "mei", "/conversations", java_script_enabled=False)
    page.fill("[name=q]", "耳机")
    page.click("main .primary")
    expect(page.locator("mark")).to_have_text("耳机")
    page.click(".words a")
    expect(page.locator(".shopper .bubble")).to_have_text("有没有蓝牙耳机")
    expect(page.locator(".shopper mark")).to_have_text("耳机")
    page.goto(f"{address}/conversations/2")
    page.click("details.how summary")
    page.click("details.how .button")
    expect(page.locator(".candidates tbody tr")).to_have_count(6)


def test_a_phone_is_wide_enough(browser, address):
    narrow = {"width": 390, "height": 844}
    page = signed_in(browser, address, "ana", "/conversations", color_scheme="dark")
    page.set_viewport_size(narrow)
    for path in ("/conversations", "/conversations/2", "/conversations/2/turns/71"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= narrow["width"], path
