"""Signing in and out, accounts, and what is written down of it."""

import re

import pytest
from click.testing import CliRunner

from bot.cli.main import shopbot
from bot.console.passwords import fits, hashed
from storage.console.database import ConsoleStore
from storage.console.staff import Role
from tests.support.staff import PASSWORD, Member, account, console, read

SIGN_IN = {"en": "Sign in", "zh": "登录"}
REFUSED = {"en": "do not go together", "zh": "不匹配"}
FORBIDDEN = {"en": "may not do this", "zh": "没有这个权限"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_stranger_is_asked_to_sign_in_in_their_language_and_then_gets_where_they_wanted(app, folder, language):
    account(folder, "ana", language=language)
    ana = Member(app)
    asked = ana.get("/account?x=1", **{"accept-language": f"{language}-XX,en;q=0.5"})
    assert SIGN_IN[language] in read(asked.text)
    then = re.search(r'name="then" value="([^"]+)"', asked.text)[1]
    assert ana.sign_in("ana", then=then).headers["location"] == "/account?x=1"
    assert "ana" in ana.text("/account")


@pytest.mark.parametrize(
    "then", ["//evil.example", "https://evil.example", "/\\evil.example", "/sign-out", "x", "/\r\nSet-Cookie: a=b"]
)
def test_signing_in_leads_to_no_other_site(app, folder, then):
    account(folder)
    assert Member(app).sign_in(then=then).headers["location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("ana", "wrong"), ("nobody", PASSWORD), ("", ""), ("ana", "x" * 5000)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(app, folder, name, password, language):
    account(folder)
    answer = Member(app).sign_in(name, password, **{"accept-language": language})
    assert answer.status_code == 401
    assert REFUSED[language] in read(answer.text)


def test_names_are_the_same_in_either_case(app, folder):
    account(folder, "Ana")
    assert Member(app).sign_in("aNA").status_code == 303
    with ConsoleStore.open(folder, guest=True) as store:
        assert [deed.staff for deed in store.audit.latest(1)] == ["Ana"]


def test_a_password_is_kept_at_the_cost_that_is_recommended():
    kept = hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert fits(PASSWORD, kept)
    assert not fits(f"{PASSWORD}!", kept)


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(app, folder):
    account(folder)
    account(folder, "wei")
    ana = Member(app)
    for _ in range(5):
        assert ana.sign_in(password="wrong password").status_code == 401
    assert ana.sign_in().status_code == 429
    assert Member(app).sign_in("wei").status_code == 303, "others are not kept out"


def test_signing_out_ends_the_session_on_the_server(app, folder, ana):
    kept = dict(ana.client.cookies)
    ana.post("/sign-out")
    thief = Member(app)
    thief.client.cookies.update(kept)
    assert SIGN_IN["en"] in read(thief.get("/account").text)


def test_a_new_password_signs_out_everywhere_and_is_the_only_one(app, folder, ana):
    elsewhere = Member(app)
    elsewhere.sign_in()
    assert ana.post("/account/password", old="not mine at all", new="another good one").status_code == 200
    assert Member(app).sign_in().status_code == 303, "nothing was changed by a wrong old password"
    ana.post("/account/password", old=PASSWORD, new="another good one")
    for member in (ana, elsewhere):
        assert member.client.get("/account").headers["location"].startswith("/sign-in")
    assert Member(app).sign_in().status_code == 401
    assert Member(app).sign_in(password="another good one").status_code == 303


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("short", {"en": "at least 10", "zh": "至少要有 10"}),
        ("ana ana ana", {"en": "must not hold the name", "zh": "不能含有名字"}),
        ("aaaaaaaaaaaa", {"en": "more than three different", "zh": "三个以上不同"}),
        ("x1y2" * 60, {"en": "longer than", "zh": "太长"}),
    ],
)
def test_a_poor_password_is_refused_with_one_sentence(ana, new, says):
    answer = ana.post("/account/password", old=PASSWORD, new=new)
    assert says[ana.language] in read(answer.text)
    assert "ana" in ana.text("/account"), "still signed in"


def test_the_language_of_the_pages_is_ones_own(ana):
    ana.post("/account/language", language="zh")
    assert "退出" in ana.text("/account")
    ana.post("/account/language", language="en")
    assert "Sign out" in ana.text("/account")
    ana.post("/account/language", language="xx")
    assert "Sign out" in ana.text("/account")


# --- people ---------------------------------------------------------------------------------------------------------


def test_an_admin_adds_somebody_who_signs_in_with_the_password_shown_once(app, boss):
    shown = boss.post("/people/add", name="wei", role="reviewer", language="zh").text
    password = re.search(r"<code>([^<]+)</code>", shown)[1]
    wei = Member(app)
    assert wei.sign_in("wei", password).status_code == 303
    assert "退出" in wei.text("/account")
    assert password not in boss.get("/people").text


@pytest.mark.parametrize("name", ["", "a b", "<b>x</b>", "x" * 33, "../x", "boss", "BOSS"])
def test_a_name_that_cannot_be_one_is_refused(app, boss, name):
    boss.post("/people/add", name=name, role="viewer", language="en")
    assert boss.text("/people").count("boss") == 2, "the admin in the bar and in the table, nobody else"


def test_a_closed_account_is_out_at_once_and_the_last_admin_stays(app, folder, boss):
    wei = Member.of(app, "wei")
    boss.post("/people/wei/active", active="no")
    assert wei.client.get("/account").headers["location"].startswith("/sign-in")
    assert Member(app).sign_in("wei").status_code == 401
    boss.post("/people/wei/active", active="yes")
    assert Member(app).sign_in("wei").status_code == 303
    assert "must be left" in read(boss.post("/people/boss/active", active="no").text)
    assert "must be left" in read(boss.post("/people/boss/role", role="viewer").text)
    assert "boss" in boss.text("/people")


def test_a_role_takes_effect_at_the_next_page(app, boss, ana):
    assert ana.get("/people").status_code == 403
    boss.post("/people/ana/role", role="admin")
    assert ana.get("/people").status_code == 200


def test_what_people_do_is_written_down_and_cannot_be_changed(app, folder, boss, ana):
    ana.sign_in(password="wrong password")
    ana.post("/sign-out")
    log = boss.text("/audit?staff=ana")
    for act in ("signed in", "sign-in refused", "signed out"):
        assert act in log
    assert PASSWORD not in log
    with ConsoleStore.open(folder, guest=True) as store:
        for change in ("UPDATE audit SET staff = 'x'", "DELETE FROM audit"):
            with pytest.raises(Exception, match="not changed"):
                store.db.execute(change)


def test_the_audit_log_is_read_page_by_page(folder, app, boss):
    with ConsoleStore.open(folder, guest=True) as store:
        for number in range(150):
            store.audit.add("robot", "count", str(number))
    first = boss.get("/audit?staff=robot").text
    assert "<td>149</td>" in first
    assert "<td>49</td>" not in first
    older = re.search(r'href="(/audit\?[^"]+before=[^"]+)"', first)[1].replace("&amp;", "&")
    assert "<td>49</td>" in boss.get(older).text


# --- from the shell -------------------------------------------------------------------------------------------------


def test_the_first_account_is_made_in_the_shell(folder):
    shell = CliRunner()
    with console(folder) as app:
        assert "shopbot staff add" in read(Member(app).get("/").text)
        made = shell.invoke(
            shopbot, ["staff", "add", "ana", "--role", "admin", "--data", str(folder)], input=PASSWORD + "\n"
        )
        assert made.exit_code == 0, made.output
        assert Member(app).sign_in().status_code == 303
        assert "shopbot staff add" not in read(Member(app).get("/").text)


def test_the_shell_lists_invents_and_closes(folder):
    shell = CliRunner()
    data = ["--data", str(folder)]
    account(folder, "boss", Role.ADMIN)
    made = shell.invoke(shopbot, ["staff", "add", "wei", "--language", "zh", "--invent", *data]).output
    password = made.split("Password: ")[1].strip()
    with console(folder) as app:
        assert Member(app).sign_in("wei", password).status_code == 303
        again = shell.invoke(shopbot, ["staff", "password", "wei", "--invent", *data]).output.split("Password: ")[1]
        assert Member(app).sign_in("wei", password).status_code == 401
        assert Member(app).sign_in("wei", again.strip()).status_code == 303
        assert shell.invoke(shopbot, ["staff", "remove", "wei", *data]).exit_code == 0
        assert Member(app).sign_in("wei", again.strip()).status_code == 401
    assert "closed" in shell.invoke(shopbot, ["staff", "list", *data]).output


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        (["add", "a b"], PASSWORD, "A name has"),
        (["add", "ana"], "short", "at least 10"),
        (["password", "nobody"], PASSWORD, "no account nobody"),
        (["remove", "boss"], "", "One active admin"),
    ],
)
def test_the_shell_refuses_with_one_sentence(folder, capfd, arguments, typed, says):
    from bot.cli.main import main

    account(folder, "boss", Role.ADMIN)
    failed = CliRunner().invoke(shopbot, ["staff", *arguments, "--data", str(folder)], input=typed + "\n")
    assert failed.exit_code == 1
    assert says in f"{failed.output}{failed.exception}"
    assert main
