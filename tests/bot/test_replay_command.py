"""`shopbot replay` on a real log: pages of a real recommender, reactions learned as a button teaches them."""

import csv
import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.learning import finish_turn, learn
from bot.replaying import Gatherer, Tastes, worth
from recommender import bandit
from recommender.exact import ExactIndex
from recommender.recommender import Recommender
from recommender.request import Request
from storage.records import Feedback, Need, Reaction, Stage, Turn
from storage.shop import Shop
from tests.bot.test_catalog_commands import shopbot
from tests.recommender.conftest import HashingEncoder, shelf

WISHES = ("boots", "summer dress", "mug", "headphones")
SHOPPERS, PAGES = 60, 2


class Street:
    """Shoppers who like linen, on a shop with a real recommender."""

    def __init__(self, folder):
        self.shop = Shop.open(folder)
        self.shop.catalogue.upsert(shelf())
        encode = HashingEncoder()
        index = ExactIndex(self.shop.catalogue, self.shop.vectors, encode, encode.version)
        self.recommender = Recommender(self.shop.catalogue, index, encode, self.shop.catalogue.vocabulary)
        self.rng = np.random.default_rng(3)
        self.number = 0

    def visit(self, user_id, policy="thompson", need=None, propensities=True):
        self.number += 1
        now = datetime.now(UTC)
        turn = self.shop.transcripts.begin(Turn(self.number, user_id, user_id, "", now))
        need = need or Need(query=WISHES[self.number % len(WISHES)])
        request = Request(
            user_id,
            need,
            Stage.BROWSE,
            self.shop.tastes.get(user_id),
            tuple(self.shop.feedback.events(user_id, 20)),
            frozenset(),
            now,
            self.number,
            policy=policy,
        )
        slate = self.recommender.recommend(request)
        stored = finish_turn(
            self.shop,
            turn.id,
            understanding=None,
            need=need,
            slate=slate,
            reply="{}",
            timings={},
            versions={},
            degraded=False,
        )
        if propensities:
            self.shop.impressions.set_propensities(turn.id, self.recommender.propensities(request, slate))
        for item in stored:
            likes = 0.5 if "linen" in item.product.materials else 0.15
            if item.position and self.rng.random() < likes:
                learn(self.shop, Feedback(item.id, user_id, Reaction.LIKE, datetime.now(UTC)))
        return turn.id


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data folder with 120 pages that can speak, and a few that cannot."""
    folder = tmp_path_factory.mktemp("street")
    street = Street(folder)
    for user_id in range(1, SHOPPERS + 1):
        for _ in range(PAGES):
            street.visit(user_id)
    street.visit(1, policy="greedy")
    street.visit(2, need=Need(query="boots", cheapest=True))
    street.visit(3, propensities=False)
    street.shop.close()
    return folder


@pytest.mark.long
def test_every_policy_is_judged_on_the_shops_log(folder):
    found = json.loads(shopbot("replay", "--json", folder=folder).stdout)
    assert found["log"]["pages"] == SHOPPERS * PAGES
    assert found["log"]["left_out"] == {
        "shown by greedy, which draws nothing": 1,
        "ordered by price": 1,
        "without propensities": 1,
    }
    itself = found["policies"]["thompson"]
    assert itself["diagnosis"]["shoppers"] == SHOPPERS
    gained = itself["gains"]["snips"]
    assert abs(gained["value"]) <= 3 * gained["error"]
    assert itself["diagnosis"]["mean_weight"] == pytest.approx(1.0, abs=0.1)
    for estimate in itself["estimates"].values():
        assert estimate["low"] < estimate["value"] < estimate["high"]


def test_the_table_says_what_the_figures_mean_and_refusals_say_why(folder):
    shown = shopbot("replay", "--policy", "thompson", "--policy", "popularity", "--goal", "click", folder=folder)
    assert "95 % interval" in shown.stdout
    assert "support" in shown.stdout
    refused = shopbot("replay", "--since", "2099-01-01", folder=folder, expect=1)
    assert "no page that can speak" in refused.stderr


def test_another_prior_is_judged_by_its_version(folder):
    arguments = ("replay", "--json", "--policy", "prior")
    shipped, used = (
        json.loads(shopbot(*arguments, *more, folder=folder).stdout)["policies"] for more in (("--prior", "0"), ())
    )
    assert shipped == used  # nothing was fitted: the shipped one serves
    assert "There is no fitted prior 7" in shopbot(*arguments, "--prior", "7", folder=folder, expect=1).stderr


def test_a_policy_of_another_name_is_wrong_use(folder):
    assert "There is no policy 'best'" in shopbot("replay", "--policy", "best", folder=folder, expect=2).stderr


def test_an_empty_folder_is_one_sentence(tmp_path):
    assert "no shop database" in shopbot("replay", folder=tmp_path, expect=1).stderr


def test_what_is_believed_at_a_page_is_what_was_known_then(folder):
    shop = Shop.open(folder, readonly=True)
    tastes, last = Tastes(shop), {}
    for page in shop.page_log.pages():
        earlier = [seen for seen in shop.seen.of(page.user_id) if seen.shown_at < page.shown_at]
        teaching = [x for seen in earlier for x in seen.cards if not x.features.get(bandit.SPONSORED)]
        assert (tastes.before(page).mean != tastes.before(page, known=False).mean).any() == bool(teaching)
        last[page.user_id] = page
    for user_id, page in last.items():
        rebuilt = bandit.rebuild(user_id, shop.seen.of(user_id)[:-1])
        assert tastes.before(page).mean == pytest.approx(bandit.posterior(rebuilt, page.shown_at).mean)
    shop.close()


def test_reading_takes_up_where_a_batch_ended(folder, monkeypatch):
    shop = Shop.open(folder, readonly=True)
    whole = [page.turn_id for page in shop.page_log.pages()]
    assert whole == sorted(whole)
    assert len(whole) == shop.page_log.count() == SHOPPERS * PAGES + 3
    since = list(shop.page_log.pages())[50].shown_at
    assert len(list(shop.page_log.pages(since))) == shop.page_log.count(since) == len(whole) - 50
    shop.close()


def test_gathered_pages_hold_each_candidate_once(folder):
    shop = Shop.open(folder, readonly=True)
    gatherer = Gatherer(shop, ("random", "prior"))
    for page in shop.page_log.pages():
        gatherer.add(page)
    log = gatherer.replay.log("random")
    shown = np.bincount(log.page[log.shown])
    assert shown.max() <= 3
    assert log.logged[log.shown].min() > 0
    sure = gatherer.replay.log("prior").target
    assert set(np.unique(sure)) == {0.0, 1.0}
    assert len(gatherer.replay.features) == len(log.page)
    shop.close()


@pytest.mark.parametrize(
    ("reactions", "goal", "value"),
    [
        ({Reaction.LIKE, Reaction.CART}, "reward", 0.85),
        ({Reaction.DISLIKE}, "reward", -0.5),
        ({Reaction.DISLIKE, Reaction.OPEN}, "reward", 0.5),
        ({Reaction.OPEN}, "click", 1.0),
        ({Reaction.DISLIKE}, "click", 0.0),
        ({Reaction.LIKE}, "cart", 0.0),
        ({Reaction.BUY}, "cart", 1.0),
        ({Reaction.CART}, "order", 0.0),
        (set(), "reward", 0.0),
    ],
)
def test_what_a_showing_was_worth(reactions, goal, value):
    assert worth(reactions, goal) == pytest.approx(value)


def open_bandit_files(folder, rounds=600, seed=1, **odd):
    """A small campaign: 6 items in 3 places, clicks where the item's number is high."""
    rng = np.random.default_rng(seed)
    folder.mkdir()
    start = datetime(2019, 11, 24, tzinfo=UTC)
    with (folder / "log.csv").open("w", newline="", encoding="utf-8") as out:
        lines = csv.writer(out)
        lines.writerow(["", "timestamp", "item_id", "position", "click", "propensity_score"])
        for number in range(rounds):
            item = int(rng.integers(6))
            click = int(rng.random() < 0.05 + 0.05 * item)
            row = [number, start + timedelta(seconds=number), item, number % 3 + 1, click, 1 / 6]
            lines.writerow([odd.get("propensity", value) if at == 5 else value for at, value in enumerate(row)])
    with (folder / "item_context.csv").open("w", newline="", encoding="utf-8") as out:
        lines = csv.writer(out)
        lines.writerow(["", "item_id", "item_feature_0", "item_feature_1"])
        lines.writerows([item, item, 0.1 * item, "ab"[item % 2]] for item in range(6))
    return folder


def test_open_bandit_files_are_read_and_judged(tmp_path):
    files = open_bandit_files(tmp_path / "random")
    arguments = ("--open-bandit", files, "--policy", "random", "--policy", "popularity", "--policy", f"logged:{files}")
    found = json.loads(shopbot("replay", "--json", *arguments, folder=tmp_path).stdout)
    assert found["log"]["pages"] == 300
    judged = found["policies"]
    rate = found["log"]["clicks"] / 300
    assert judged["random"]["estimates"]["ips"]["value"] == pytest.approx(rate)
    assert judged[f"logged:{files}"]["estimates"]["snips"]["value"] == pytest.approx(rate)
    assert judged["popularity"]["estimates"]["dr"]["value"] > rate


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: (folder / "log.csv").unlink(), "cannot be read"),
        (lambda folder: (folder / "item_context.csv").write_text("a,b\n1,2\n"), "has no column item_id"),
        (
            lambda folder: (folder / "log.csv").write_text("item_id,position,click\n1,1,0\n"),
            "no column propensity_score",
        ),
    ],
)
def test_files_that_are_none_are_one_sentence(tmp_path, spoil, says):
    files = open_bandit_files(tmp_path / "random", rounds=10)
    spoil(files)
    assert says in shopbot("replay", "--open-bandit", files, folder=tmp_path, expect=1).stderr


@pytest.mark.parametrize("propensity", [0, 1.5, "much"])
def test_impossible_propensities_are_one_sentence(tmp_path, propensity):
    files = open_bandit_files(tmp_path / "random", rounds=10, propensity=propensity)
    assert "log.csv" in shopbot("replay", "--open-bandit", files, folder=tmp_path, expect=1).stderr
