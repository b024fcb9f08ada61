"""From scores to a page, for one draw of the weights or for a thousand at once.

The page is filled from the top. Four rules bend that order on a live page. Look-alikes do not stand side by side.
What resembles a card that is on the page already gives way to what does not: each place goes to the highest score less
the largest likeness to a card before it (maximal marginal relevance: Carbonell and Goldstein, SIGIR 1998). A vague wish
("apple") may mean several kinds of thing, and a kind without a card yet gets a bonus by how likely it is meant (the
explicit coverage of xQuAD: Santos, Macdonald and Ounis, WWW 2010). And one place at most goes to a sponsored product:
one that earns its place keeps it; else the best matching one may take the last place, chosen by text match alone, for
money never enters the score. The live page and the estimate of propensities go through the same function, so that the
estimate is of the page that was built.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.candidates import values_in
from recommender.config import RecommenderConfig
from recommender.pool import Pool
from recommender.prior import Matrix
from storage.records import SlotName

Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
_NONE = -1
_UNRELATED = 0.5  # cosine up to which two products have nothing to do with each other
_LEAST_MEANT = 0.1  # of the belief: a kind that is less likely to be meant is no sense of the wish


@dataclass(frozen=True)
class PageRules:
    """What the page builder heeds: `alike` (n, n) look-alikes, `sponsored` (n,), and who may take the paid place.

    `paid` lists the rows of sponsored products with a reasonable text match, the best match first. `likeness` (n, n)
    is what a card next to another loses of its score, `senses` (n, kinds) what the first card of its kind gains; None
    where nothing is to be spread out.
    """

    alike: Flags
    sponsored: Flags
    paid: tuple[int, ...]
    likeness: Matrix | None = None
    senses: Matrix | None = None


def rules_of(pool: Pool, match: Matrix, config: RecommenderConfig, senses: Matrix | None = None) -> PageRules:
    """The rules of a live page.

    Args:
        pool: the candidates.
        match: how well each fits what was asked; 0 where nothing was, (n,).
        config: how alike is too alike, and what likeness costs.
        senses: from `senses_of`, for a vague wish.
    """
    sponsored = pool.facts.sponsored
    enough = (match > 0) & (match >= config.sponsored_match * float(match.max(initial=0.0)))
    paid = [int(row) for row in np.argsort(-match, kind="stable") if sponsored[row] and enough[row]]
    cosines = (pool.vectors @ pool.vectors.T).astype(np.float64)
    likeness = config.spread * np.clip((cosines - _UNRELATED) / (1.0 - _UNRELATED), 0.0, 1.0)
    return PageRules(_alike(pool, cosines, config.look_alike), sponsored, tuple(paid), likeness, senses)


def senses_of(pool: Pool, belief: Matrix, config: RecommenderConfig) -> Matrix | None:
    """What the first card of each kind gains, (n, kinds): by how likely its kind is meant, the likeliest in full.

    `belief` (n,) is each candidate's chance to be the wanted one. None where one kind alone is meant.
    """
    kinds = [kinds[-1] if kinds else "" for kinds in values_in(pool.facts, SlotName.CATEGORY)]
    names, rows = np.unique(kinds, return_inverse=True)
    meant = np.bincount(rows, weights=belief, minlength=len(names))
    likely = (meant >= _LEAST_MEANT) & (names != "")
    if likely.sum() < 2:
        return None
    held = np.equal.outer(rows, np.flatnonzero(likely)).astype(np.float64)
    gains: Matrix = held * (config.sense_weight * meant[likely] / meant[likely].max())
    return gains


def plain_rules(pool: Pool) -> PageRules:
    """No diversity and no paid place: the order of the scores alone."""
    return PageRules(np.zeros((len(pool), len(pool)), dtype=np.bool_), np.zeros(len(pool), dtype=np.bool_), ())


def build_pages(scores: Matrix, rules: PageRules, size: int) -> Rows:
    """The rows on each page, in order: (draws, size), -1 where nothing is left to show.

    Args:
        scores: (draws, n), higher is better; equals go to the earlier row.
        rules: of the same n candidates.
        size: places on a page.
    """
    draws, n = scores.shape
    pages = np.full((draws, size), _NONE, dtype=np.intp)
    left = np.array(scores, dtype=np.float64)
    every = np.arange(draws)
    near = np.zeros((draws, n))
    open_senses = np.ones((draws, 0 if rules.senses is None else rules.senses.shape[1]))
    for place in range(min(size, n)):
        best = _marginal(left, near, open_senses, rules).argmax(axis=1)
        open_ = np.isfinite(left[every, best])
        pages[open_, place] = best[open_]
        blocked = rules.alike[best] | (rules.sponsored[best][:, None] & rules.sponsored[None, :])
        left[blocked] = -np.inf
        left[every, best] = -np.inf
        if rules.likeness is not None:
            np.maximum(near, rules.likeness[best], out=near)
        if rules.senses is not None:
            open_senses[rules.senses[best] > 0] = 0.0
    _give_paid_place(pages, rules)
    return pages


def _marginal(left: Matrix, near: Matrix, open_senses: Matrix, rules: PageRules) -> Matrix:
    """What each candidate is worth beside the cards that are on the page already, (draws, n)."""
    worth = left if rules.likeness is None else left - near
    return worth if rules.senses is None else worth + open_senses @ rules.senses.T


def _give_paid_place(pages: Rows, rules: PageRules) -> None:
    """Puts the best fitting paid product on the last place of full pages that have none."""
    if not rules.paid or pages.shape[1] < 2:
        return
    shown = pages >= 0
    open_ = shown.all(axis=1) & ~(rules.sponsored[pages] & shown).any(axis=1)
    for row in rules.paid:
        fits = open_ & ~rules.alike[row][pages[:, :-1]].any(axis=1)
        pages[fits, -1] = row
        open_ &= ~fits


def _alike(pool: Pool, cosines: Matrix, threshold: float) -> Flags:
    """Same title, or same brand and category with vectors at `threshold` or nearer; nothing is like itself."""
    titles, shelves = pool.facts.titles, pool.facts.shelves
    near = cosines >= threshold
    alike: Flags = (titles[:, None] == titles[None, :]) | (near & (shelves[:, None] == shelves[None, :]))
    np.fill_diagonal(alike, False)
    return alike
