"""Members of staff for tests: they sign in over HTTP as people do, and send the forms that pages hold.

with console(folder) as app:                       # a fresh console on a data folder
    ana = Member.of(app, "ana", Role.ADMIN)        # made, signed in
    ana.get("/people")
    ana.post("/people/add", name="wei")            # with the token of her session
"""

import re
from contextlib import contextmanager
from functools import cache
from html import unescape

from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from bot.console.app import ROUTERS, build_app
from bot.settings import Settings
from storage.console.database import ConsoleStore
from storage.console.staff import Role

PASSWORD = "correct horse battery"
HOST = "http://127.0.0.1"


@contextmanager
def console(folder, **settings):
    """The app of a data folder, started and ended."""
    app = build_app(Settings(_env_file=None, data=folder, **settings))
    with TestClient(app, base_url=HOST) as client:
        app.state.portal = client.portal  # one loop for all who come, as the server has it
        yield app


def account(folder, name="ana", role=Role.REVIEWER, language="en"):
    """An account, as the command makes it."""
    with ConsoleStore.open(folder, guest=True) as store:
        return store.staff.add(name, role, _kept(), language)


@cache
def _kept():
    """A hash that is quick to check: it carries its own cost. The console's own is `test_signing_in`'s matter."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class Member:
    """Somebody at a browser of their own."""

    def __init__(self, app):
        self.client = TestClient(app, base_url=HOST, follow_redirects=False)
        self.client.portal = app.state.portal
        self._token = ""

    @classmethod
    def of(cls, app, name="ana", role=Role.REVIEWER, language="en"):
        """A new account, signed in."""
        account(app.state.desk.settings.data, name, role, language)
        member = cls(app)
        assert member.sign_in(name).status_code == 303
        return member

    def sign_in(self, name="ana", password=PASSWORD, then="/", **headers):
        form = {"name": name, "password": password, "then": then}
        self._token = ""
        return self.client.post("/sign-in", data=form, headers=headers)

    def get(self, path, **headers):
        """The page, redirects followed."""
        return self.client.get(path, follow_redirects=True, headers=headers)

    def text(self, path):
        """What can be read on a page: its text without markup."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return read(answer.text)

    @property
    def token(self):
        """The token of this session, as any form of any page holds it."""
        if not self._token:
            self._token = unescape(re.search(r'name="csrf" value="([^"]+)"', self.get("/account").text)[1])
        return self._token

    def post(self, path, follow=True, headers=None, **form):
        """Sends a form with the session's token, or with the `csrf` given; the page that follows."""
        form = {"csrf": self.token} | form
        return self.client.post(path, data=form, headers=headers or {}, follow_redirects=follow)


def routes():
    """Every page's path, its numbers filled in, with its methods."""
    for router in ROUTERS:
        for route in router.routes:
            yield re.sub(r"\{[^}]*\}", "1", route.path), route.methods


def read(html):
    """The text of a page, one space between words."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
