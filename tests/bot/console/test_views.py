"""Views: lists as somebody narrowed them, under names of their own, for themselves or for everybody."""

import re

import pytest

from storage.console.database import ConsoleStore
from storage.console.queue import Entry
from storage.console.staff import Role
from storage.console.views import MOST
from storage.records import Intent
from storage.shop import Shop
from tests.support.staff import Member
from tests.support.talks import Talker

KEPT = {"en": "Kept as “Unhappy”.", "zh": "已保存为“Unhappy”。"}
GONE = {"en": "“Unhappy” is removed.", "zh": "已删除“Unhappy”。"}
EMPTY = {"en": "A view needs a name", "zh": "视图需要名称"}
FULL = {"en": "as many views here", "zh": "视图已满"}


@pytest.fixture
def wei(app):
    return Member.of(app, "wei", Role.VIEWER)


def views_of(member, page="/conversations"):
    """Names of the views that a page shows."""
    return re.findall(r'<a class="tag accent" href="/\w+\?[^"]*"[^>]*>(.*?)(?: <span|</a>)', member.get(page).text)


def test_a_view_is_kept_under_a_name_found_again_and_removed(ana, app):
    said = ana.post("/views", page="conversations", name=" Unhappy ", query="thumbs=down&language=zh&evil=1")
    assert KEPT[ana.language] in said.text
    assert 'href="/conversations?language=zh&amp;thumbs=down"' in said.text, "only what the page reads is kept"
    assert 'href="/conversations?language=zh&amp;thumbs=down"' in ana.get("/conversations").text
    ana.post("/views", page="conversations", name="unhappy", query="thumbs=down")
    (view,) = app.state.desk.store.views.of("ana", "conversations")
    assert view.query == "thumbs=down", "the same name holds the newer list"
    assert GONE[ana.language] in ana.post(f"/views/{view.id}/remove").text
    assert app.state.desk.store.views.of("ana", "conversations") == []


def test_a_view_is_ones_own_until_it_is_shared_and_only_its_owner_or_an_admin_removes_it(ana, wei, boss, app):
    ana.post("/views", page="conversations", name="Mine", query="thumbs=down")
    ana.post("/views", page="conversations", name="Ours", query="handoff=yes", shared="yes")
    assert views_of(ana) == ["Mine", "Ours"]
    assert views_of(wei) == ["Ours"]
    mine, ours = app.state.desk.store.views.of("ana", "conversations")
    assert wei.post(f"/views/{ours.id}/remove").status_code == 404
    assert boss.post(f"/views/{mine.id}/remove").status_code == 404, "an admin knows nothing of private ones"
    assert boss.post(f"/views/{ours.id}/remove").status_code == 200
    assert views_of(ana) == ["Mine"]


def test_a_view_without_a_name_or_of_nothing_and_one_too_many_are_refused_in_a_sentence(ana, app):
    assert EMPTY[ana.language] in ana.post("/views", page="conversations", name=" ", query="thumbs=down").text
    assert EMPTY[ana.language] in ana.post("/views", page="conversations", name="All", query="evil=1").text
    for number in range(MOST):
        app.state.desk.store.views.keep("ana", "conversations", f"View {number}", "thumbs=down")
    assert FULL[ana.language] in ana.post("/views", page="conversations", name="More", query="thumbs=up").text


def test_views_of_the_queue_are_for_reviewers_and_pages_that_are_none_are_refused(ana, wei):
    assert wei.post("/views", page="review", name="Zh", query="language=zh").status_code == 403
    assert ana.post("/views", page="people", name="x", query="a=b").status_code == 403
    ana.post("/views", page="review", name="Zh", query="language=zh&why=disliked&x=1")
    assert 'href="/review?why=disliked&amp;language=zh"' in ana.get("/review").text


def test_a_narrowed_queue_serves_what_was_asked_for_and_stays_narrowed(ana, app, folder):
    shop = Shop.open(folder)
    talker = Talker(shop)
    english = talker.says("a thing", intent=Intent.SEARCH, user_id=1)
    chinese = [talker.says(f"东西{number}", language="zh", user_id=2) for number in range(3)]
    store = app.state.desk.store
    store.queue.advance("start", 1 << 40)
    store.queue.advance("turns", 1 << 40)
    why = (("disliked", 1),)
    store.queue.add([Entry(english.id, 0.9, why, english.said_at)], 0.0)
    store.queue.add([Entry(turn.id, 0.5, (("guess", 0.4),), turn.said_at) for turn in chinese[:2]], 0.0)
    store.queue.add([Entry(chinese[2].id, 0.1, why, chinese[2].said_at)], 0.0)
    shop.close()

    assert "a thing" in ana.get("/review").text, "by worth"
    page = ana.get("/review?why=disliked&language=zh").text
    assert "东西2" in page, "what was in hand and does not fit is let go"
    assert 'name="only_why" value="disliked"' in page
    after = ana.post(
        f"/review/{chinese[2].id}", follow=False, version=0, act="discard", only_why="disliked", only_language="zh"
    )
    assert after.headers["location"] == "/review?why=disliked&language=zh"
    assert store.queue.open("ana").worth == 3
    assert "东西2" not in ana.get("/review?why=disliked&language=zh").text
    assert "a thing" in ana.get("/review?why=disliked&language=fr").text, "what is no language does not narrow"


def test_a_shop_begins_with_replies_in_both_languages_and_what_is_removed_stays_away(ana, app, folder):
    first = app.state.desk.store.canned.all()
    assert len(first) >= 10
    assert first[0].zh in ana.text("/canned")
    for reply in first:
        ana.post(f"/canned/{reply.id}/remove")
    with ConsoleStore.open(folder) as again:
        assert again.canned.all() == []
