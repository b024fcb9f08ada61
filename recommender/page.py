"""From scores to a page, for one draw of the weights or for a thousand at once.

The page is filled from the top. Two rules bend that order on a live page: look-alikes do not stand side by side, and
one place at most goes to a sponsored product. A sponsored product that earns its place by its score keeps it; else
the best matching one may take the last place, chosen by text match alone: money never enters the score. The live page
and the estimate of propensities go through the same function, so that the estimate is of the page that was built.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.config import RecommenderConfig
from recommender.pool import Pool
from recommender.prior import Matrix

Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
_NONE = -1


@dataclass(frozen=True)
class PageRules:
    """What the page builder heeds: `alike` (n, n) look-alikes, `sponsored` (n,), and who may take the paid place.

    `paid` lists the rows of sponsored products with a reasonable text match, the best match first.
    """

    alike: Flags
    sponsored: Flags
    paid: tuple[int, ...]


def rules_of(pool: Pool, match: Matrix, config: RecommenderConfig) -> PageRules:
    """The rules of a live page. `match` (n,) says how well each candidate fits what was asked; 0 where nothing was."""
    sponsored = np.array([product.sponsored for product in pool.products], dtype=np.bool_)
    enough = (match > 0) & (match >= config.sponsored_match * float(match.max(initial=0.0)))
    paid = [int(row) for row in np.argsort(-match, kind="stable") if sponsored[row] and enough[row]]
    return PageRules(_alike(pool, config.look_alike), sponsored, tuple(paid))


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
    for place in range(min(size, n)):
        best = left.argmax(axis=1)
        open_ = np.isfinite(left[every, best])
        pages[open_, place] = best[open_]
        blocked = rules.alike[best] | (rules.sponsored[best][:, None] & rules.sponsored[None, :])
        left[blocked] = -np.inf
        left[every, best] = -np.inf
    _give_paid_place(pages, rules)
    return pages


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


def _alike(pool: Pool, threshold: float) -> Flags:
    """Same title, or same brand and category with vectors at `threshold` or nearer; nothing is like itself."""
    titles, shelves = (
        np.unique(names, return_inverse=True)[1]
        for names in (
            [product.title.casefold() for product in pool.products],
            [f"{product.brand}\0{product.category}".casefold() for product in pool.products],
        )
    )
    near = pool.vectors @ pool.vectors.T >= threshold
    alike: Flags = (titles[:, None] == titles[None, :]) | (near & (shelves[:, None] == shelves[None, :]))
    np.fill_diagonal(alike, False)
    return alike
