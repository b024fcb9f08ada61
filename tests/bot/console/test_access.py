"""Who may do what in the console: every route that the app has, walked in every role, against a written table.

`access.tsv` says for each method and path the least role that it is for; "nobody" needs no login. A new page without a
row fails here, and so does a row whose page is gone.
"""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount

from storage.console.staff import Role
from storage.shop import Shop
from tests.support.lived_in import settle
from tests.support.staff import Member, console

NOBODY = "nobody"
ROLES = (NOBODY, *(role.value for role in (Role.VIEWER, Role.REVIEWER, Role.ADMIN)))
TABLE = {
    (method, path): role
    for method, path, role in (
        line.split("\t") for line in (Path(__file__).parent / "access.tsv").read_text(encoding="utf-8").splitlines()
    )
}
SHOPPER = 7_123_456_789
# What stands in a path's braces: rows that there are, so that a page refuses for the role and not for what it lacks.
FILLED = {"name": "boss", "product_id": "kept-0", "day": "2026-12-24"}
NEW_OWNER = {"role": "admin", "active": "no", "name": "mallory", "language": "zh", "user_id": str(SHOPPER)}
FORM = NEW_OWNER | {
    "again": str(SHOPPER),
    "text": "x",
    "tag": "x",
    "turn": "1",
    "conversation_id": "1",
    "how": "odd",
    "page": "conversations",
}
# These go on for ever, or begin work in a process of its own: tried by test_live.py and test_models.py.
NOT_TRIED = {
    ("GET", "/live/news"),
    *(("POST", f"/models/{act}") for act in ("adopt", "drop", "shadow", "rollback", "jobs/{name}")),
}
# Beyond the table: a shopper's file is shown to who holds the case or has it revealed; no password fits here.
OWN = {"/files/{file_id}": 403, "/sign-in": 401}
LAST = {("POST", "/sign-out"), ("POST", "/account/sign-out-everywhere"), ("POST", "/people/{name}/active")}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("access")
    with closing(Shop.open(folder)) as shop:
        settle(shop, SHOPPER)
    with console(folder) as app:
        yield app


@pytest.fixture(scope="module")
def members(app):
    """Somebody of each role, signed in; nobody is a browser without a session."""
    boss = Member.of(app, "boss", Role.ADMIN)
    members = {role: Member.of(app, role, Role(role)) for role in ROLES[1:]}
    assert all(member.token for member in members.values())
    assert boss.get("/people").status_code == 200
    return {NOBODY: Member(app)} | members


def walked(routes):
    """Every method and path that is served, however deep its router lies."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield from ((method, route.path) for method in route.methods)
        elif isinstance(route, Mount):
            assert route.path == "/static"
        else:
            yield from walked(route.original_router.routes)


def asked(member, method, path, token="", form=None):
    filled = re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: FILLED.get(name[1], "1"), path)
    data = {"csrf": token} | (FORM if form is None else form)
    return member.client.request(method, filled, data=data if method == "POST" else None)


def state(folder):
    """Every row of both databases but those of sessions, which note when they were seen, and every other file."""
    rows = Counter()
    for name in ("shop.db", "console.db"):
        with closing(sqlite3.connect(f"file:{folder / name}?mode=ro", uri=True)) as db:
            tables = [table for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            assert len(tables) > 20
            for table in set(tables) - {"sessions"}:
                rows.update((name, table, row) for row in db.execute(f"SELECT * FROM [{table}]"))
    files = {path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm"))}
    return rows, files


def test_every_route_has_its_row_and_every_row_its_route(app):
    served = Counter(walked(app.routes))
    assert max(served.values()) == 1, "two pages at one address: the second is never asked"
    assert set(served) == set(TABLE)
    assert set(TABLE.values()) == set(ROLES)


def test_who_may_not_is_refused_and_changes_nothing(app, members):
    folder = app.state.desk.settings.data
    before = state(folder)
    for (method, path), needed in TABLE.items():
        for role in ROLES[: ROLES.index(needed)]:
            member = members[role]
            answer = asked(member, method, path, member.token if role != NOBODY else "")
            if role == NOBODY:
                assert answer.status_code == 303, (method, path)
                assert answer.headers["location"].startswith("/sign-in"), (method, path)
            else:
                assert answer.status_code == 403, (role, method, path, answer.status_code)
                assert "Traceback" not in answer.text
    assert state(folder) == before


def test_a_form_without_its_token_is_refused_in_every_role_and_changes_nothing(app, members):
    folder = app.state.desk.settings.data
    before = state(folder)
    for method, path in TABLE:
        if method == "POST" and path != "/sign-in":
            for role in ROLES[1:]:
                answer = asked(members[role], method, path, members[ROLES[1 + (ROLES.index(role) % 3)]].token)
                assert answer.status_code == 403, (role, path, answer.status_code)
    assert state(folder) == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_what_no_page_asks_for_is_refused(app, members, method):
    for path in {path for _, path in TABLE if path not in ("/livez", "/readyz", "/metrics")}:
        assert asked(members["admin"], method, path).status_code == 405, path


def test_who_may_is_served_without_a_failure(app, members):
    """With a form of odd and of true values: a page is shown, something done, or refused in a sentence. No bot runs."""
    for (method, path), needed in sorted(TABLE.items(), key=lambda row: (row[0] in LAST, row[0][0], row[0])):
        if (method, path) in NOT_TRIED:
            continue
        for role in ROLES[max(1, ROLES.index(needed)) :]:
            member = members[role]
            answer = asked(member, method, path, member.token)
            assert answer.status_code in {200, 303, 400, 404, 409, 503, OWN.get(path)}, (
                role,
                method,
                path,
                answer.status_code,
            )
            signs_in = answer.headers.get("location", "").startswith("/sign-in")
            assert not signs_in or (method, path) in LAST, (role, method, path)
