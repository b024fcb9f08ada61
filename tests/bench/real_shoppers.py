"""Simulated shoppers with real tastes, through the real recommender, the real database and the real learning.

    python tests/bench/real_shoppers.py --data-dir DIR [--shoppers 1000] [--keep FOLDER]

Each shopper (`tests/bench/shoppers.py`) is a stranger to a shop of 3,459 real products, asks twenty times for something
in the first words of a real title, and reacts to cards by weights that the shop never sees. First a third of the
shoppers is served under the shipped prior and `shopbot taste fit` learns from their log; then the others are served
twice with the same luck: by the bandit, and by the plain ranker of the holdout. Regret is against the best page of the
candidates that were logged. Prints rewards, regret and rates, with intervals over shoppers.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from bot.learning import current_taste, finish_turn, learn
from bot.upkeep.beliefs import shared_prior
from bot.upkeep.tasting import TooLittleError, fit_prior, keep_prior, rebuild_all
from nlu.loading import load_encoder
from recommender import bandit
from recommender.exact import ExactIndex
from recommender.holdout import POLICY
from recommender.recommender import Recommender
from recommender.request import Request
from recommender.staging import stage_odds
from storage.records import DEFAULT_STAGE, Feedback, Intent, Need, Product, Reaction, Turn, Understanding
from storage.shop import Shop
from tests.bench.shoppers import (
    DISLIKED,
    KIND_CHANCES,
    KINDS,
    PLACES,
    standing,
)
from tests.bench.simulation import cast_of, interval, options, spelt

INTERACTIONS, SIZE = 20, len(PLACES)
SAID = Understanding("", "en", Intent.SEARCH, 0.95, ((Intent.SEARCH, 0.95),), DEFAULT_STAGE[Intent.SEARCH])
WORTH = float(KIND_CHANCES @ [bandit.reward(kind) for kind in KINDS])


class Street:
    """A shop of real products, and everybody who comes to it."""

    def __init__(self, folder, shelf, shelves, encode):
        self.shelf, self.shop, self.turns = shelf, Shop.open(folder), 0
        fame = np.round(np.expm1(shelf.popularity * np.log1p(500))).astype(int)
        self.shop.catalogue.upsert(
            Product(
                id=str(at), title=title, price=Decimal(10), currency="USD", brand=shelf.brands[at],
                category=shelves[at], categories=(shelves[at],) if shelves[at] else (), rating_count=int(fame[at]),
            )
            for at, title in enumerate(shelf.titles)
        )  # fmt: skip
        texts = list(self.shop.catalogue.embedding_texts())
        ids, hashes = [id for id, _, _ in texts], [hash for _, _, hash in texts]
        self.shop.vectors.put(encode.version, ids, hashes, shelf.vectors[[int(id) for id in ids]].astype(np.float32))
        index = ExactIndex(self.shop.catalogue, self.shop.vectors, encode, encode.version, embed=False)
        self.recommender = Recommender(self.shop.catalogue, index, encode, self.shop.catalogue.vocabulary)

    def visit(self, user, wish, policy, seed, at):
        """A page of cards for a wish, recorded and learned from as the bot does."""
        self.turns += 1
        need = Need(query=" ".join(self.shelf.titles[wish].split()[:5]))
        turn = self.shop.transcripts.begin(Turn(self.turns, user, user, need.query, at))
        events = tuple(self.shop.feedback.events(user, 60))
        request = Request(
            user_id=user, need=need, stage=stage_odds(SAID, events, at), taste=current_taste(self.shop, user),
            events=events, seen=frozenset(), now=at, seed=seed, policy=policy, prior=shared_prior(self.shop),
        )  # fmt: skip
        slate = self.recommender.recommend(request)
        return finish_turn(
            self.shop, turn.id, understanding=None, need=need, slate=slate, reply="{}", timings={}, versions={},
            degraded=False,
        )  # fmt: skip


def serve(street, user, history, weights, policy, seed):
    """Twenty interactions of one shopper: expected reward and regret of each page, (20, 2)."""
    rng, shelf = np.random.default_rng((seed, 1)), street.shelf
    facts, found = standing(shelf, history), []
    for number in range(INTERACTIONS):
        at = datetime.now(UTC) + timedelta(seconds=number)
        wish = int(history[rng.integers(len(history))])
        stored = street.visit(user, wish, policy, seed * 1_000 + number, at)
        rows = np.array([int(item.product.id) for item in stored])
        x = facts[rows]
        x[:, 1] = np.clip(shelf.vectors[rows] @ shelf.vectors[wish], 0, 1)
        chance = np.clip(x @ weights, 0.01, 0.95)
        expected = WORTH * chance + bandit.reward(Reaction.DISLIKE) * DISLIKED * (1 - chance)
        shown = [place for place, item in enumerate(stored) if item.position > 0][:SIZE]
        best = np.sort(expected)[::-1][: len(shown)]
        gained, ideal = expected[shown] @ PLACES[: len(shown)], best @ PLACES[: len(shown)]
        found.append((gained, ideal - gained))
        react(street.shop, user, [stored[place] for place in shown], chance[shown], rng, at)
    return np.array(found)


def react(shop, user, cards, chances, rng, at):
    looks, luck, kinds = rng.random(SIZE) < PLACES, rng.random(SIZE), rng.choice(len(KINDS), SIZE, p=KIND_CHANCES)
    for place, card in enumerate(cards):
        if not looks[place]:
            continue
        if luck[place] < chances[place]:
            learn(shop, Feedback(card.id, user, KINDS[kinds[place]], at))
        elif luck[place] > 1 - DISLIKED * (1 - chances[place]):
            learn(shop, Feedback(card.id, user, Reaction.DISLIKE, at))


def main():
    arguments = options(__doc__, "how many").parse_args()
    cast = cast_of(arguments)
    if cast is None:
        return 1
    shelf, shelves, chosen, weights = cast.shelf, cast.shelves, cast.histories, cast.weights
    third = len(chosen) // 3
    with tempfile.TemporaryDirectory(prefix="street-") as scratch:
        street = Street(Path(scratch), shelf, shelves, load_encoder(arguments.keep / "models", threads=1))
        for user in range(third):
            serve(street, user + 1, chosen[user], weights[user], "thompson", user)
        try:
            fitted = fit_prior(street.shop, fewest=10)
            keep_prior(street.shop, fitted, datetime.now(UTC))
            rebuild_all(street.shop)
            print(
                f"Fitted on {fitted.shoppers} shoppers: log-likelihood gained a card {spelt(fitted.gain)}\n", flush=True
            )
        except TooLittleError as error:
            print(f"{error} The shipped prior serves on.\n")
        arms = {policy: [] for policy in ("thompson", "greedy", POLICY)}
        for at in range(third, len(chosen)):
            for number, (policy, found) in enumerate(arms.items(), start=1):
                found.append(serve(street, number * 10**6 + at, chosen[at], weights[at], policy, at))
        report({policy: np.array(found) for policy, found in arms.items()})
        print(f"\nTastes that differ from their log: {len(rebuild_all(street.shop, write=False).differing)}")
        street.shop.close()
    return 0


def report(arms):
    print("| arm | expected reward a page | regret, 20 pages | regret / holdout's | last 5 pages / holdout's |")
    print("|---|---|---|---|---|")
    held = arms[POLICY][:, :, 1]
    for policy, found in arms.items():
        regret = found[:, :, 1]
        cells = (
            interval(found[:, :, 0].mean(1)), interval(regret.sum(1)), interval(regret.sum(1), held.sum(1)),
            interval(regret[:, -5:].sum(1), held[:, -5:].sum(1)),
        )  # fmt: skip
        print(f"| {policy} | {' | '.join(map(spelt, cells))} |")


if __name__ == "__main__":
    sys.exit(main())
