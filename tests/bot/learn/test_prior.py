"""The shared prior, proposed with its estimates, and put to use by the running bot on an admin's word alone."""

import json
import shutil
from types import SimpleNamespace

import pytest
import pytest_asyncio

from bot.desks.prior_desk import prior_requests
from bot.learn.prior import USE_PRIOR, USE_PROPOSED, ProposalError, proposal
from bot.upkeep.beliefs import shared_prior
from bot.workers import Worker
from recommender.prior import prior
from storage.console.staff import Role
from storage.shop import Shop
from tests.bot.test_catalog_commands import shopbot
from tests.bot.test_replay_command import Street
from tests.support.staff import Member, console, read


@pytest.fixture(scope="module")
def proposed(tmp_path_factory):
    """Sixty shoppers' log, and a proposal from it."""
    folder = tmp_path_factory.mktemp("street")
    street = Street(folder)
    for user_id in range(1, 61):
        for _ in range(2):
            street.visit(user_id)
    street.shop.close()
    told = shopbot("taste", "propose", folder=folder).stdout
    assert "Log-likelihood gained a card" in told
    return folder


@pytest.fixture
def folder(proposed, tmp_path):
    return shutil.copytree(proposed, tmp_path / "data")


@pytest_asyncio.fixture
async def asked(folder):
    """Asks what the running bot does."""
    database = Worker("database", lambda: Shop.open(folder))
    requests = prior_requests(SimpleNamespace(settings=SimpleNamespace(data=folder), database=database))

    async def ask(request, **fields):
        return await requests[request](fields)

    ask.prior = lambda: database.run(shared_prior)
    yield ask
    database.close()


def test_a_proposal_is_judged_and_changes_nothing(folder):
    found = proposal(folder)
    assert found["instead_of"] == 0
    assert found["figures"]["gain_low"] <= found["figures"]["gain"] <= found["figures"]["gain_high"]
    for estimate in found["estimates"].values():
        assert estimate.get("silent") or estimate["reward"]["low"] <= estimate["reward"]["value"]
    shop = Shop.open(folder, readonly=True)
    assert shared_prior(shop) is prior()
    shop.close()


async def test_it_is_used_as_it_was_seen_and_taken_back(asked, folder):
    found = proposal(folder)
    with pytest.raises(ProposalError, match="another proposal"):
        await asked(USE_PROPOSED, at="some other time")
    assert await asked(USE_PROPOSED, at=found["at"]) == {"version": 1}
    assert (await asked.prior()).mean.tolist() == found["prior"]["mean"]
    with pytest.raises(ProposalError, match="propose again"):
        await asked(USE_PROPOSED, at=found["at"])
    assert await asked(USE_PRIOR, version=0) == {"version": 0}
    assert await asked.prior() is prior()
    with pytest.raises(LookupError):
        await asked(USE_PRIOR, version=9)


async def test_a_proposal_that_cannot_be_read_is_not_used(asked, folder):
    path = folder / "learning" / "prior.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(found | {"prior": {"mean": [1]}}), encoding="utf-8")
    with pytest.raises(ProposalError, match="cannot be read"):
        await asked(USE_PROPOSED, at=found["at"])
    assert await asked.prior() is prior()


@pytest.mark.parametrize(("language", "says"), [("en", "60 shoppers"), ("zh", "60 位顾客")])
def test_the_page_shows_the_estimates_first(folder, language, says):
    with console(folder) as app:
        boss = Member.of(app, "boss", Role.ADMIN, language)
        page = boss.get("/models")
        assert says in read(page.text)
        assert proposal(folder)["at"] in page.text
        assert "prior" in page.text


def test_too_short_a_log_is_one_sentence(tmp_path):
    Shop.open(tmp_path).close()
    assert "a prior needs at least 50" in shopbot("taste", "propose", folder=tmp_path, expect=1).stderr
    assert "no shop database" in shopbot("taste", "propose", folder=tmp_path / "none", expect=1).stderr
