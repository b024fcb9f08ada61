"""The review page in headless Chromium: by keyboard alone, by mouse, and two reviewers at one message."""

import pytest
from playwright.sync_api import expect

from storage.console.database import ConsoleStore
from storage.console.labels import Label, SlotSpan, Verdict
from storage.console.staff import Role
from storage.records import Intent, SlotName
from storage.shop import Shop
from tests.support.browser import served, signed_in
from tests.support.messages import Talks
from tests.support.staff import account

pytestmark = pytest.mark.browser
EMPTY = {"en": "Nothing waits for you", "zh": "没有待审核的消息"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("console")
    Shop.open(folder).close()
    for name, language in (("ana", "en"), ("mei", "zh")):
        account(folder, name, Role.REVIEWER, language)
    return folder


@pytest.fixture(scope="module")
def address(folder):
    with served(folder, review_sample=0.0, second_opinions=0.0) as address:
        yield address


@pytest.fixture(scope="module")
def everybody(browser, address):
    """A page of each reviewer, by language, and what went wrong in their scripts."""
    wrong = []
    yield (
        {
            "en": signed_in(browser, address, "ana", "/account", wrong),
            "zh": signed_in(browser, address, "mei", "/account", wrong),
        },
        wrong,
    )


@pytest.fixture
def desk(everybody, address, folder):
    """Opens the queue of a reviewer; whatever is left of it at the end is put away."""
    pages, wrong = everybody

    def opened(language, path="/review"):
        pages[language].goto(address + path)
        return pages[language]

    yield opened
    with ConsoleStore.open(folder, guest=True) as store:
        store.db.execute("UPDATE review_queue SET done = 1")
        store.db.execute("DELETE FROM claims")
    assert wrong == []


@pytest.fixture
def talks(folder):
    with Talks(folder) as talks:
        yield talks


def label(folder, turn):
    with ConsoleStore.open(folder, guest=True) as store:
        return store.labels.get(turn)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def save(page, key="Enter"):
    with page.expect_navigation():
        page.keyboard.press(key)


def select(page, start, end):
    """Draws the mouse over the message's code points from start to end."""
    box = page.evaluate(
        """([start, end]) => {
            const message = document.getElementById("message");
            const range = document.createRange();
            const find = (at) => {
                const walker = document.createTreeWalker(message, NodeFilter.SHOW_TEXT);
                for (let node; (node = walker.nextNode());) {
                    const points = Array.from(node.data);
                    if (at <= points.length) return [node, points.slice(0, at).join("").length];
                    at -= points.length;
                }
            };
            range.setStart(...find(start)); range.setEnd(...find(end));
            const rects = [...range.getClientRects()].filter((rect) => rect.width);
            const [first, last] = [rects[0], rects[rects.length - 1]];
            return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
        }""",
        [start, end],
    )
    page.mouse.move(box[0], box[1])
    page.mouse.down()
    page.mouse.move(box[2], box[3], steps=4)
    page.mouse.up()


RETURNED = (Verdict.WRONG, Intent.RETURN_REFUND, (Intent.THANKS,))
WORK = {
    # what is said, what is typed, and the label it makes
    "thanks": (["2", "Enter"], (Verdict.WRONG, Intent.THANKS, ())),
    "谢谢": (["1", "Enter"], (Verdict.CORRECT, Intent.SEARCH, ())),
    "a red dress": (["2", "0", "Enter"], (Verdict.CORRECT, Intent.SEARCH, ())),
    "红色连衣裙退了": (["/", "return|退换", "Enter", "Shift+Digit2", "Enter"], RETURNED),
    "hats and shoes": (["+", "help|帮助", "Enter", "Enter"], (Verdict.WRONG, Intent.SEARCH, (Intent.HELP,))),
    "asdf": (["d"], (Verdict.DISCARD, None, ())),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_queue_is_worked_by_keyboard_alone_and_undone(desk, folder, talks, language):
    turns = {text: talks.says(text, "search 0.5 thanks 0.5 more 0.0") for text in WORK}
    page = desk(language)
    put_off = page.locator("#message").inner_text()
    save(page, "l")
    worked = []
    while (text := page.evaluate("document.getElementById('message')?.dataset.text")) is not None:
        worked.append(text)
        *keys, last = WORK[text][0]
        for key in keys:
            page.keyboard.type(key.split("|")[language == "zh"]) if "|" in key else page.keyboard.press(key)
        save(page, last)
    assert sorted(worked) == sorted(WORK) and worked[-1] == put_off
    expect(page.locator("main")).to_contain_text(EMPTY[language])
    kept = {text: label(folder, turn) for text, turn in turns.items()}
    assert {text: (each.verdict, each.intent, each.also) for text, each in kept.items()} == {
        text: expected for text, (_, expected) in WORK.items()
    }
    for text in reversed(worked[-2:]):
        save(page, "u")
        expect(page.locator("#message")).to_have_text(text)
    assert label(folder, turns[worked[-2]]) is None
    assert label(folder, turns[put_off]).verdict is Verdict.LATER


MARKED = {
    # Walk to "red", mark it; walk on to "running shoes", two words; "not linen": linen is not wanted.
    "en": (
        "👟 red running shoes, not linen",
        ["ArrowRight", "ArrowRight", "k", "ArrowRight", "Shift+ArrowRight", "c", "ArrowLeft", "End"],
        [(SlotName.COLOR, 2, 5, False), (SlotName.CATEGORY, 6, 19, False), (SlotName.MATERIAL, 25, 30, True)],
    ),
    "zh": (
        "👟红色跑鞋，不要亚麻𠮷",
        ["ArrowRight", "ArrowRight", "k", "ArrowRight", "c", "End"],
        [(SlotName.COLOR, 1, 3, False), (SlotName.CATEGORY, 3, 5, False), (SlotName.MATERIAL, 8, 10, True)],
    ),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_slots_are_marked_by_keys_in_code_points(desk, folder, talks, language):
    text, keys, slots = MARKED[language]
    turn = talks.says(text, "search 0.5 refine 0.5")
    page = desk(language)
    press(page, *keys, "Escape", "ArrowLeft")
    _reach(page, slots[-1][1:3])
    press(page, "m", "-")
    save(page, "Enter")
    assert label(folder, turn).slots == tuple(SlotSpan(*slot) for slot in slots)


def _reach(page, span):
    """Walks back to the word that begins where a span does, and gives it the span's end."""
    for _ in range(12):
        start, end = page.evaluate(
            """() => {
                const cursor = [...document.querySelectorAll("#message .cursor")];
                const before = document.createRange();
                before.setStart(document.getElementById("message"), 0); before.setEndBefore(cursor[0]);
                const start = Array.from(before.toString()).length;
                return [start, start + Array.from(cursor.map((part) => part.textContent).join("")).length];
            }"""
        )
        if start <= span[0]:
            break
        press(page, "ArrowLeft")
    assert start == span[0]
    press(page, *["]" if end < span[1] else "["] * abs(span[1] - end))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_slots_are_marked_by_mouse_in_code_points_and_taken_off(desk, folder, talks, language):
    text, _, slots = MARKED[language]
    turn = talks.says(text, "search 0.5 refine 0.5", "feature=👟")
    page = desk(language)
    for name, start, end, negated in slots:
        select(page, start, end)
        page.locator(f"#slot-keys [data-slot={name.value}]").click()
        if negated:
            page.locator("#slot-keys [data-slot=negated]").click()
    select(page, 0, 1)
    press(page, "x")
    save(page, "Enter")
    assert label(folder, turn).slots == tuple(SlotSpan(*slot) for slot in slots)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_note_and_a_tag_leave_what_was_marked_alone(desk, folder, talks, language):
    nobody_else = {"en": 71, "zh": 72}[language]  # notes and tags are of a talk: another test's would be found here
    turn = talks.says("红色 hat", "search 0.5 refine 0.5", user=nobody_else)
    page = desk(language)
    press(page, "2", "ArrowRight", "k", "Escape", "n")
    page.keyboard.type("问一下 Wei")
    press(page, "Control+Enter")
    expect(page.locator("#beside")).to_contain_text("问一下 Wei")
    expect(page.locator("#note")).not_to_be_focused()
    press(page, "t")
    page.keyboard.type("Colour")
    press(page, "Enter")
    expect(page.locator("#beside .tag")).to_contain_text("colour")
    expect(page.locator("#tag")).not_to_be_focused()
    save(page, "Enter")
    assert label(folder, turn).intent is Intent.REFINE
    assert label(folder, turn).slots == (SlotSpan(SlotName.COLOR, 0, 2),)


def test_two_reviewers_collide_on_one_message_and_the_slower_one_loses_nothing_unseen(desk, folder, talks):
    turn = talks.says("hm", "search 0.5 refine 0.5")
    ana = desk("en")
    mei = desk("zh", f"/review/{turn}")
    expect(mei.locator(".problem")).to_contain_text("ana")
    press(mei, "2")
    save(mei, "Enter")
    press(ana, "3")
    save(ana, "Enter")
    expect(ana.locator(".flash")).to_contain_text("mei labelled this message meanwhile")
    expect(ana.locator(".choice:has(:checked)")).to_contain_text("Refine")
    kept = label(folder, turn)
    assert kept == Label(turn, Verdict.WRONG, Intent.REFINE, by="mei", at=kept.at, version=1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_keys_are_told_and_letters_are_only_letters_where_one_writes(desk, folder, talks, language):
    turn = talks.says("hm", "search 0.5 refine 0.5")
    page = desk(language)
    press(page, "?")
    expect(page.locator("#help")).to_be_visible()
    press(page, "d", "Escape", "n")
    page.keyboard.type("dlu")
    expect(page.locator("#note")).to_have_value("dlu")
    assert label(folder, turn) is None
    press(page, "Escape", "g")
    assert page.locator("#guide").get_attribute("open") is None
