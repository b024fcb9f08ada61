"""A shopper, a supplier and a colleague who write markup instead of words: every page shows it, none obeys it."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import urlsplit

import pytest

from storage.console.staff import Role
from storage.records import Product
from storage.shop import Shop
from tests.support.messages import Talks
from tests.support.staff import Member, routes

EVIL = """<img src=x onerror=hacked()>"'><script>hacked()</script>{{1337*1337}}${7*7} ‮txt"""
RAW = ("<img src=x", "<script>hacked", "1787569")
FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture
def crooked(folder):
    """A shop in which everybody means harm."""
    with Talks(folder) as talks:
        turn = talks.says(EVIL, "search 0.4 refine 0.35", cards=True)
        talks.says(FORMULA, "out_of_scope 0.9")
        talks.says("红色" + EVIL, "search 0.6", user=8, cards=True)
    shop = Shop.open(folder)
    [product] = shop.catalogue.get(["p1"]).values()
    assert isinstance(product, Product)
    shop.catalogue.upsert([replace(product, title=EVIL, title_zh=EVIL, brand=EVIL, description=EVIL)])
    conversation = shop.conversations.of_turn(turn)
    shop.close()
    return conversation, turn


def _links(page):
    return {unescape(href) for href in re.findall(r'href="(/[^"#]*)', page)}


def _crawl(member, starts, most=150):
    """Every page that can be reached by links, with its text; CSV files too."""
    waiting, seen = list(starts), {}
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        if address in seen or urlsplit(address).path.startswith(("/static", "/sign-")):
            continue
        answer = member.get(address)
        assert answer.status_code in (200, 404), (address, answer.status_code)
        seen[address] = answer
        waiting += sorted(_links(answer.text) - seen.keys()) if "html" in answer.headers["content-type"] else []
    return seen


@pytest.mark.long
def test_no_page_obeys_what_was_written(app, crooked):
    conversation, turn = crooked
    boss = Member.of(app, "boss", Role.ADMIN)
    boss.post(f"/conversations/{conversation}/notes", text=EVIL)
    boss.post(f"/conversations/{conversation}/tags", tag=EVIL[:30])
    boss.post("/canned", name="evil", en=EVIL, zh=EVIL, text_en=EVIL, text_zh=EVIL)
    starts = [
        "/conversations",
        "/review",
        "/live",
        "/tickets",
        "/canned",
        "/figures?days=7",
        "/models",
        "/people",
        "/audit",
    ]
    starts += [f"/conversations/{conversation}", f"/conversations/{conversation}/turns/{turn}", f"/review/{turn}"]
    starts += [boss.client.base_url.copy_with(path="/conversations", params={"q": EVIL}).raw_path.decode()]
    pages = _crawl(boss, starts)
    assert len(pages) > 25
    for address, answer in pages.items():
        for raw in RAW:
            assert raw not in answer.text, (address, raw)
        if "csv" in answer.headers["content-type"]:
            cells = re.split(r"[,\r\n]", answer.text)
            assert not [cell for cell in cells if cell.strip('"﻿').startswith(("=cmd", "=", "@"))], address
    said = [address for address, answer in pages.items() if "&lt;img src=x" in answer.text]
    assert len(said) >= 4, "it is shown as what it is"


POSTS_OF_ONES_OWN = {"/sign-in", "/sign-out", "/account/language", "/account/password", "/account/sign-out-everywhere"}
POSTS_OF_ONES_OWN |= {"/views", "/views/1/remove"}
DERIVED = {"/figures/count", "/figures/arms"}  # sums of what may be read anyway


def _posts():
    return [path for path, methods in routes() if "POST" in methods]


def test_whoever_may_only_read_changes_nothing(app, crooked):
    viewer = Member.of(app, "vic", Role.VIEWER)
    tried = [path for path in _posts() if path not in POSTS_OF_ONES_OWN | DERIVED]
    assert len(tried) > 30
    token = viewer.token
    for path in tried:
        answer = viewer.client.post(path, data={"csrf": token})
        assert answer.status_code == 403, (path, answer.status_code)


def test_every_form_needs_the_sessions_token(app, crooked):
    boss = Member.of(app, "boss", Role.ADMIN)
    for path in _posts():
        if path != "/sign-in":
            for form in ({}, {"csrf": "x" * 32}):
                answer = boss.client.post(path, data=form)
                assert answer.status_code == 403, (path, answer.status_code)


def test_no_form_is_taken_from_another_site(app, crooked):
    """Even with the session's own token in it."""
    boss = Member.of(app, "boss", Role.ADMIN)
    token = boss.token
    for path in _posts():
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            answer = boss.client.post(path, data={"csrf": token}, headers=headers)
            assert answer.status_code == 403, (path, headers, answer.status_code)
    assert boss.get("/account").status_code == 200, "nobody was signed out"


@pytest.mark.parametrize(
    "number", ["0", "-1", "999999", "9" * 30, "1;DROP TABLE turns", "%27%20OR%201=1", "..%2f..%2fetc"]
)
def test_numbers_of_nothing_are_nothing(app, crooked, number):
    boss = Member.of(app, "boss", Role.ADMIN)
    for path in (
        "/conversations",
        "/review",
        "/live",
        "/tickets",
        "/turns",
        "/models/runs",
        "/models/sets",
        "/models/versions",
    ):
        answer = boss.get(f"{path}/{number}")
        assert answer.status_code in (400, 404), (path, number, answer.status_code)
        assert "Traceback" not in answer.text
    assert boss.get("/conversations").status_code == 200
