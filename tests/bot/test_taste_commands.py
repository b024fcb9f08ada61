"""`shopbot taste` on a real log: fit the prior, build tastes again, compare the arms."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arms import arms, difference
from bot.learning import current_taste, rebuilt_taste
from bot.rates import wilson
from bot.upkeep.beliefs import shared_prior
from recommender.prior import prior
from storage.arms import ArmShare
from storage.shop import Shop
from tests.bot.test_catalog_commands import shopbot
from tests.bot.test_replay_command import Street

SHOPPERS = 60


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    folder = tmp_path_factory.mktemp("street")
    street = Street(folder)
    for user_id in range(1, SHOPPERS + 1):
        for _ in range(2):
            street.visit(user_id, policy="holdout" if user_id <= 8 else "thompson", propensities=False)
    street.shop.close()
    return folder


@pytest.fixture
def folder(street, tmp_path):
    return shutil.copytree(street, tmp_path / "data")


@pytest.fixture
def shop(folder):
    opened = Shop.open(folder)
    yield opened
    opened.close()


@pytest.mark.long
def test_every_taste_is_what_its_log_gives(folder):
    assert f"{SHOPPERS} tastes, 0 differed" in shopbot("taste", "rebuild", "--check", folder=folder).stdout


def test_a_taste_that_was_tampered_with_is_found_and_built_again(folder, shop):
    taste = shop.tastes.get(5)
    shop.tastes.put(replace(taste, moment=tuple(value + 1 for value in taste.moment)))
    assert "of shoppers 5" in shopbot("taste", "rebuild", "--check", folder=folder, expect=1).stderr
    assert "1 differed" in shopbot("taste", "rebuild", folder=folder).stdout
    assert shop.tastes.get(5).moment == pytest.approx(taste.moment)


def test_a_lost_taste_is_built_again_when_it_is_needed(shop):
    kept = shop.tastes.get(7)
    shop.db.execute("DELETE FROM tastes")
    found = current_taste(shop, 7)
    assert found.moment == pytest.approx(kept.moment)
    assert (found.version, found.pages) == (kept.version, kept.pages)
    assert current_taste(shop, 10**6) is None


def test_a_fit_is_judged_put_to_use_and_taken_back(folder, shop):
    before = shop.tastes.get(20)
    assert "Nothing was put to use" in shopbot("taste", "fit", "--dry-run", folder=folder).stdout
    assert shared_prior(shop) is prior()
    found = json.loads(shopbot("taste", "fit", "--json", folder=folder).stdout)
    assert found["version"] == 1
    assert found["shoppers"] == SHOPPERS
    assert found["gain_low"] <= found["gain"] <= found["gain_high"]
    assert found["gain"] > 0, "rewards of this log are not those that the shipped prior expects"
    fitted = shared_prior(shop)
    assert fitted.version == 1
    assert fitted.mean.tolist() == found["prior"]["mean"]
    assert shop.tastes.get(20).prior == 1
    assert shop.tastes.get(20).moment == pytest.approx(rebuilt_taste(shop, 20).moment)
    shopbot("taste", "use", "shipped", folder=folder)
    assert shared_prior(shop) is prior()
    assert shop.tastes.get(20).moment == pytest.approx(before.moment)
    assert "no version 9" in shopbot("taste", "use", "9", folder=folder, expect=1).stderr


def test_a_fit_that_cannot_be_read_is_not_used(shop, caplog):
    from datetime import UTC, datetime

    shop.fitted.put("prior", {"features": ["bias"], "mean": [0.1]}, figures={}, at=datetime.now(UTC))
    assert shared_prior(shop) is prior()
    assert "cannot be read" in caplog.text


def test_arms_are_told_apart(folder):
    found = json.loads(shopbot("taste", "arms", "--json", folder=folder).stdout)
    held, live = found["arms"]
    assert (held["name"], held["shoppers"], live["shoppers"]) == ("holdout", 8, SHOPPERS - 8)
    assert held["pages"] == 16
    for arm in found["arms"]:
        assert arm["rates"]["clicked"]["low"] <= arm["rates"]["clicked"]["value"] <= arm["rates"]["clicked"]["high"]
    assert found["difference"]["clicked"]["low"] < found["difference"]["clicked"]["high"]
    assert "bandit less holdout, clicked" in shopbot("taste", "arms", folder=folder).stdout


def test_what_is_missing_is_one_sentence(tmp_path, folder):
    assert "no shop database" in shopbot("taste", "arms", folder=tmp_path / "none", expect=1).stderr
    assert "nothing to compare" in shopbot("taste", "arms", "--since", "2099-01-01", folder=folder, expect=1).stderr
    assert "VERSION" in shopbot("taste", "use", "best", folder=folder, expect=2).stderr


def test_intervals_resample_shoppers_not_cards():
    """One shopper who clicks everything makes an interval wide that a thousand cards would make narrow."""
    loud = [ArmShare("thompson", 1, 100, 300, 300, 0, 0)] + [ArmShare("thompson", n, 100, 300, 0, 0, 0) for n in (2, 3)]
    (arm,) = arms(loud)
    assert arm.rates["clicked"].value == pytest.approx(1 / 3)
    assert arm.rates["clicked"].low == 0.0
    assert arm.rates["clicked"].high > 0.9
    assert difference(loud, "clicked") is None


def test_who_was_in_both_arms_counts_in_the_holdout():
    both = [
        ArmShare("holdout", 1, 1, 3, 0, 0, 0),
        ArmShare("thompson", 1, 1, 3, 3, 0, 0),
        ArmShare("link", 2, 1, 1, 1, 0, 0),
    ]
    (arm,) = arms(both)
    assert (arm.name, arm.cards) == ("holdout", 3)


@given(st.integers(0, 400), st.integers(0, 400))
def test_wilsons_interval_holds_the_share(successes, more):
    found = wilson(successes, successes + more)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value <= found.high + 1e-12 <= 1 + 1e-9
    assert np.isfinite([found.low, found.high]).all()
