"""P(product on the page), from many draws through the page builder itself.

Exact slates are hopeless (nearly every draw makes another one), so each product's own chance is estimated and
smoothed by half a showing, so that nothing that was shown has a chance of nought and no weight 1/p explodes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from recommender.bandit import Posterior
from recommender.page import PageRules, Rows, build_pages
from recommender.prior import Matrix

_SMOOTHING = 0.5


def on_page(
    x: Matrix,
    posterior: Posterior,
    rules: PageRules,
    size: int,
    draws: int,
    rng: np.random.Generator,
    build: Callable[[Matrix, PageRules, int], Rows] = build_pages,
) -> Matrix:
    """Each candidate's chance of being on the page, (n,) in (0, 1).

    Args:
        x: features, (n, d).
        posterior: of the weights that are drawn.
        rules, size: of the page.
        draws: samples; the standard error is at most 0.5 / sqrt(draws).
        rng: for the draws.
        build: scores (draws, n) to pages, where more than the rules decides them.
    """
    pages = build(posterior.draws(rng, draws) @ x.T, rules, size)
    shown = np.bincount(pages[pages >= 0], minlength=len(x)).astype(np.float64)
    chance: Matrix = (shown + _SMOOTHING) / (draws + 2 * _SMOOTHING)
    return chance
