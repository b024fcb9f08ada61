"""A console on an empty folder, and people who sign in to it."""

import pytest

from storage.console.staff import Role
from storage.shop import Shop
from tests.support.browser import chromium
from tests.support.staff import Member, console


@pytest.fixture
def folder(tmp_path):
    """A data folder with an empty shop, as a bot leaves it."""
    Shop.open(tmp_path).close()
    return tmp_path


@pytest.fixture
def app(folder):
    with console(folder) as app:
        yield app


@pytest.fixture(params=["en", "zh"])
def ana(request, app):
    """A reviewer, in each language."""
    member = Member.of(app, "ana", Role.REVIEWER, request.param)
    member.language = request.param
    return member


@pytest.fixture
def boss(app):
    return Member.of(app, "boss", Role.ADMIN)


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running
