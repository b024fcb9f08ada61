"""What somebody would try who means harm, and what they get: forged forms, planted sessions, other people's pages."""

import pytest

from storage.console.database import ConsoleStore
from storage.console.staff import Role
from tests.support.staff import Member, account, console, routes

SITE = "https://evil.example"


# --- forged requests ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "forged",
    [
        {"csrf": ""},
        {"csrf": "wrong"},
        {"csrf": "é" * 32},
    ],
)
def test_a_form_without_the_sessions_token_does_nothing(app, boss, forged):
    answer = boss.post("/people/add", name="mallory", role="admin", **forged)
    assert answer.status_code == 403
    assert "mallory" not in boss.text("/people")


def test_another_sessions_token_does_nothing(app, boss):
    ana = Member.of(app, "ana")
    assert boss.post("/people/add", name="mallory", role="admin", csrf=ana.token).status_code == 403


@pytest.mark.parametrize("headers", [{"origin": SITE}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}])
def test_a_form_from_another_site_does_nothing_even_with_the_token(app, boss, headers):
    answer = boss.post("/people/add", headers=headers, name="mallory", role="admin")
    assert answer.status_code == 403
    assert "mallory" not in boss.text("/people")


@pytest.mark.parametrize("headers", [{"origin": SITE}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}])
def test_nobody_is_signed_in_from_another_site(app, folder, headers):
    account(folder)
    assert Member(app).sign_in(**headers).status_code == 403


def test_nothing_is_changed_by_following_a_link(app, boss):
    Member.of(app, "ana")
    for path in ("/people/ana/active", "/people/ana/role", "/people/add", "/sign-out", "/account/password"):
        assert boss.client.get(path).status_code == 405


def test_behind_a_proxy_the_public_address_is_ours_and_cookies_need_tls(folder):
    with console(folder, console_origin="https://staff.shop.example") as app:
        account(folder)
        ana = Member(app)
        answer = ana.sign_in(origin="https://staff.shop.example")
        assert answer.status_code == 303
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-console=")
        for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie
        assert "max-age" in answer.headers["strict-transport-security"]


# --- sessions -------------------------------------------------------------------------------------------------------


def test_a_planted_session_is_not_taken_up(app, folder):
    account(folder)
    ana = Member(app)
    ana.client.cookies.set("console", "planted")
    ana.sign_in()
    assert "planted" not in ana.client.cookies.get("console", domain="127.0.0.1")
    mallory = Member(app)
    mallory.client.cookies.set("console", "planted")
    assert mallory.client.get("/account").status_code == 303


def test_the_file_holds_nothing_that_signs_in(app, folder, boss):
    token = dict(boss.client.cookies)["console"]
    held = b"".join(path.read_bytes() for path in folder.glob("console.db*"))
    assert token.encode() not in held
    with ConsoleStore.open(folder, guest=True) as store:
        key = store.db.execute("SELECT key FROM sessions").fetchone()[0]
    mallory = Member(app)
    mallory.client.cookies.set("console", key)
    assert mallory.client.get("/account").status_code == 303
    assert (folder / "console.db").stat().st_mode & 0o077 == 0


def test_a_session_ends_after_eight_idle_hours_and_after_a_week(app, folder, boss):
    with ConsoleStore.open(folder, guest=True) as store:
        store.db.execute("UPDATE sessions SET seen_at = '2020-01-01T00:00:00.000000Z'")
    assert boss.client.get("/account").status_code == 303
    boss.sign_in("boss")
    with ConsoleStore.open(folder, guest=True) as store:
        store.db.execute("UPDATE sessions SET began_at = '2020-01-01T00:00:00.000000Z'")
    assert boss.client.get("/account").status_code == 303


# --- pages of others ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
def test_only_admins_manage_people_and_read_the_audit_log(app, boss, role):
    ana = Member.of(app, "ana", role)
    for path in ("/people", "/audit"):
        assert ana.get(path).status_code == 403
        assert f'href="{path}"' not in ana.get("/account").text
    attempts = {
        "/people/add": {"name": "mallory", "role": "admin"},
        "/people/ana/role": {"role": "admin"},
        "/people/boss/password": {},
        "/people/boss/active": {"active": "no"},
        "/people/boss/sign-out": {},
    }
    for path, form in attempts.items():
        assert ana.post(path, **form).status_code == 403
    assert boss.text("/people").count("mallory") == 0
    assert boss.get("/account").status_code == 200, "still signed in"


# Asked for without a login: the way in, and what this machine alone is told (test_health_pages.py).
OPEN = ("/sign-in", "/livez", "/readyz", "/metrics")


def test_every_page_but_signing_in_needs_somebody_who_is_signed_in(app):
    stranger, pages = Member(app), [(path, methods) for path, methods in routes() if path not in OPEN]
    assert len(pages) > 50
    for path, methods in pages:
        for method in methods - {"HEAD", "OPTIONS"}:
            answer = stranger.client.request(method, path)
            assert answer.status_code in (303, 401), (method, path, answer.status_code)
            assert answer.headers.get("location", "/sign-in").startswith("/sign-in"), path


# --- odd requests ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_other_host_names_are_refused(app, host):
    """DNS rebinding: another site's name that points at this machine."""
    assert Member(app).client.get("/sign-in", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2f..%2fsettings.py",
        "/static//etc/passwd",
        "/static/%00",
    ],
)
def test_nothing_but_its_own_files_is_served(app, path):
    answer = Member(app).client.get(path)
    assert answer.status_code in (404, 405)
    assert "import" not in answer.text


def test_there_is_no_machine_readable_list_of_pages(app):
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert Member(app).client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["before=x", "before=1;DROP TABLE audit", "before=" + "9" * 400, "before=-1"])
def test_a_number_that_is_none_is_one_sentence(app, boss, query):
    answer = boss.get(f"/audit?{query}")
    assert answer.status_code in (200, 400)
    assert "Traceback" not in answer.text
    assert boss.get("/audit").status_code == 200


@pytest.mark.parametrize("staff", ["' OR 1=1 --", "ana'; DROP TABLE staff; --", "<script>alert(1)</script>", "\x00"])
def test_queries_and_names_are_data(app, boss, staff):
    answer = boss.client.get("/audit", params={"staff": staff})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "sign in" not in answer.text.split("<tbody>")[1], "nobody of that name did anything"
    assert boss.text("/people")


def test_markup_in_a_flash_or_a_refused_name_is_text(app, boss):
    assert "<b>" not in boss.post("/people/<b>x<b>/sign-out").text.split("<main")[1]


def test_more_than_a_megabyte_is_not_read(app, folder):
    account(folder)
    ana = Member(app)
    assert ana.sign_in(password="x" * 1_100_000).status_code == 413
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert ana.client.post("/sign-in", headers=kind, content=(b"x" * 100_000 for _ in range(20))).status_code in (
        400,
        413,
    )
    assert ana.client.post("/sign-in", headers={"content-length": "-1"}).status_code in (400, 413)


def test_every_answer_tells_the_browser_what_it_may_do(app, boss):
    for path in ("/sign-in", "/account", "/people", "/nowhere", "/static/console.css"):
        headers = boss.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
    for page in ("/account", "/people", "/audit"):
        text = boss.get(page).text
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<script>" not in text
