"""Simulated shoppers with the tastes of real ones: hidden weights taken from real purchase histories, seeded.

Each shopper is one history of Office_Products (files of `--data-dir`/sessions). How much a shopper cares for a feature
is what the history shows: how often the next purchase is of a brand bought before (taste_brand), of a shelf bought
before (taste_category), how near it is in meaning to what was bought (session_affinity), how popular and how late in
the catalogue it is (popularity, freshness). So tastes differ as much, and go together, as they do in the histories.
The first half of a history is what the shop knows of the shopper; candidates are real products near a wish.

A card at place k is looked at with chance `PLACES[k]`; a card that is looked at is reacted to with chance w.x, within
.01 and .95 (so the truth is not quite linear), and disliked now and then. Regret is exact: no noise enters it.
"""

from __future__ import annotations

import ast
import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from storage.records import Reaction

NAMES = ("bias", "text_dense", "session_affinity", "taste_brand", "taste_category", "popularity", "freshness")
PLACES = np.array([1.0, 0.75, 0.55])
KINDS = (Reaction.OPEN, Reaction.LIKE, Reaction.SAVE, Reaction.CART, Reaction.BUY)
KIND_CHANCES = np.array([0.35, 0.3, 0.15, 0.15, 0.05])
DISLIKED = 0.05  # of the cards that were looked at without a reaction
_BUY, _LOUD = 0.75, 0.35  # as in recommender/affinity.py: what one liking adds, and how soon it speaks aloud


@dataclass(frozen=True)
class Shelf:
    """Real products: unit vectors (n, 384), codes of brand (-1: none) and shelf, popularity and freshness 0..1 (n,)."""

    titles: list[str]
    brands: list[str]
    vectors: np.ndarray
    brand: np.ndarray
    category: np.ndarray
    popularity: np.ndarray
    freshness: np.ndarray


def read_sessions(folder: Path):
    """Titles, brands, shelves and the longest history of each shopper. Raises FileNotFoundError."""
    items = json.loads((folder / "Office_Products.items.json").read_text(encoding="utf-8"))
    ids = sorted(items, key=int)
    shelves, histories = [""] * len(ids), {}
    for name in ("valid", "test"):
        with (folder / f"Office_Products.{name}.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                bought = [*ast.literal_eval(row["history_item_id"]), int(row["item_id"])]
                codes = [*ast.literal_eval(row["history_item_sid"]), row["item_sid"]]
                for item, code in zip(bought, codes, strict=True):
                    shelves[item] = code[1 : code.index(">")]
                if len(bought) > len(histories.get(row["user_id"], ())):
                    histories[row["user_id"]] = bought
    return (
        [items[id]["title"] for id in ids],
        [items[id]["brand"] for id in ids],
        shelves,
        [np.array(histories[user]) for user in sorted(histories)],
    )


def shelf_of(titles, brands, shelves, histories, vectors):
    names = [brand.casefold() for brand in brands]
    brand = np.where([bool(name) for name in names], np.unique(names, return_inverse=True)[1], -1)
    bought = np.bincount(np.concatenate(histories), minlength=len(titles))
    popularity = np.log1p(bought) / np.log1p(bought.max())
    category = np.where([bool(each) for each in shelves], np.unique(shelves, return_inverse=True)[1], -1)
    # Item numbers follow the order in which products came into the data set.
    freshness = np.argsort(np.argsort(np.arange(len(titles)))) / max(len(titles) - 1, 1)
    return Shelf(titles, brands, vectors, brand, category, popularity, freshness)


def cares(shelf: Shelf, history) -> np.ndarray:
    """What one history shows of its shopper, (5,): brand, shelf and meaning kept, popularity, freshness."""
    kept = []
    for at in range(1, len(history)):
        past, item = history[:at], history[at]
        middle = unit(shelf.vectors[past].mean(axis=0))
        kept.append(
            (
                float(shelf.brand[item] >= 0 and shelf.brand[item] in shelf.brand[past]),
                float(shelf.category[item] >= 0 and shelf.category[item] in shelf.category[past]),
                max(float(shelf.vectors[item] @ middle), 0.0),
            )
        )
    return np.array([*np.mean(kept, axis=0), shelf.popularity[history].mean(), shelf.freshness[history].mean()])


def hidden_weights(shown: np.ndarray) -> np.ndarray:
    """(n, 7) weights over NAMES from what n histories show, (n, 5): a card that has all that its shopper cares for is
    reacted to about every second time it is looked at, a usual candidate one time in seven.
    """
    brand, category, meaning, popular, fresh = shown.T
    usual = shown.mean(axis=0)
    return np.column_stack(
        [
            np.full(len(shown), -0.42),
            np.full(len(shown), 0.25),
            0.9 * meaning,
            0.8 * brand - 0.1,
            0.5 * category - 0.05,
            1.5 * (popular - usual[3]),
            1.5 * (fresh - usual[4]),
        ]
    )


@dataclass(frozen=True)
class World:
    """What n shoppers meet at t interactions with c candidates each: features (n, t, c, d) and chances (n, t, c).

    `expected` (n, t, c) is the mean reward of a card that is looked at. All randomness of the shoppers is drawn
    beforehand, so that every policy meets the same luck at the same place of the same page.
    """

    x: np.ndarray
    chance: np.ndarray
    expected: np.ndarray
    looks: np.ndarray
    luck: np.ndarray
    kind: np.ndarray

    def react(self, shopper, at, page):
        """The reaction to each card of a page, None where there is none."""
        looked, luck = self.looks[shopper, at], self.luck[shopper, at]
        chance = self.chance[shopper, at, page]
        found = []
        for place in range(len(page)):
            if not looked[place]:
                found.append(None)
            elif luck[place] < chance[place]:
                found.append(KINDS[self.kind[shopper, at, place]])
            else:
                spiteful = luck[place] > 1 - DISLIKED * (1 - chance[place])
                found.append(Reaction.DISLIKE if spiteful else None)
        return found

    def regret(self, shopper, at, page):
        """Expected reward of the best page less that of this one."""
        expected = self.expected[shopper, at]
        best = np.sort(expected)[::-1][: len(PLACES)]
        return float(((best - expected[page]) * PLACES).sum())


def world_of(shelf, histories, weights, interactions, candidates, rng) -> World:
    """Each shopper's wishes and candidates. `weights` is (n, d), or (n, t, d) where tastes change on the way."""
    from recommender.bandit import reward

    n = len(histories)
    x = np.zeros((n, interactions, candidates, len(NAMES)))
    near = shelf.vectors @ shelf.vectors.T
    fame = shelf.popularity / shelf.popularity.sum()
    for shopper, history in enumerate(histories):
        known = history[: max(2, len(history) // 2)]
        facts = standing(shelf, known)
        for at in range(interactions):
            # Half of the wishes are for something like what the shopper does buy, half for what others buy.
            wish = history[rng.integers(len(history))] if rng.random() < 0.5 else rng.choice(len(fame), p=fame)
            pool = np.argpartition(-near[wish], 3 * candidates)[: 3 * candidates]
            rows = rng.choice(pool, candidates, replace=False)
            x[shopper, at] = facts[rows]
            x[shopper, at, :, 1] = np.clip(near[wish, rows], 0, 1)
    weights = weights[:, None, :] if weights.ndim == 2 else weights
    chance = np.clip(np.einsum("ntcd,ntd->ntc", x, np.broadcast_to(weights, (n, interactions, len(NAMES)))), 0.01, 0.95)
    worth = float(KIND_CHANCES @ [reward(kind) for kind in KINDS])
    expected = worth * chance + reward(Reaction.DISLIKE) * DISLIKED * (1 - chance)
    places = (n, interactions, len(PLACES))
    kind = rng.choice(len(KINDS), size=places, p=KIND_CHANCES)
    return World(x, chance, expected, rng.random(places) < PLACES, rng.random(places), kind)


def standing(shelf: Shelf, known) -> np.ndarray:
    """(n, 7): how every product stands to what a shopper is known to have bought; text match is left at 0."""
    same = lambda codes: ((codes[:, None] == codes[known]) & (codes[:, None] >= 0)).sum(axis=1)  # noqa: E731
    loud = 1 - 0.5 ** (_BUY * len(known) / _LOUD)
    pull = np.clip(shelf.vectors @ unit(shelf.vectors[known].mean(axis=0)), 0, 1) * loud
    return np.column_stack(
        [
            np.ones(len(pull)),
            np.zeros(len(pull)),
            0.5 + 0.5 * pull,
            0.5 + 0.5 * np.tanh(_BUY * same(shelf.brand)),
            0.5 + 0.5 * np.tanh(_BUY * same(shelf.category)),
            shelf.popularity,
            shelf.freshness,
        ]
    )


def unit(vector):
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
