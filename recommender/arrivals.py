"""New products shown on purpose, on a budget, so that they get a chance before anybody has reacted to them.

On a small share of live pages one place may go to a new arrival: the last place that is neither paid nor pinned. Who
gets it is drawn: each arrival's share of good reactions is Beta distributed, from the shop's usual share and what its
own showings brought (Thompson sampling for Bernoulli rewards: Chapelle and Li, "An empirical evaluation of Thompson
sampling", NIPS 2011), so that what nobody takes to soon gives way. Only what fits the question about as well as the
best is drawn, and an arrival that was shown often without a reaction is not shown on purpose any more.

The draw is part of the policy: the live page and the estimate of propensities go through the same function.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from recommender.config import ArrivalConfig
from recommender.features import ages
from recommender.heat import Trial
from recommender.page import PageRules, Rows
from recommender.pool import Pool
from recommender.prior import Matrix
from recommender.request import Request

EXPLORED = "explored"
"""A mark among the logged features: this place was given to a new arrival on purpose."""
_STRENGTH = 10.0  # showings' worth of belief that an arrival is as good as the shop's usual product


@dataclass(frozen=True)
class Arrivals:
    """The arrivals among n candidates: rows (m,), and the Beta beliefs about each, (m,)."""

    share: float = 0.0
    rows: Rows = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    alpha: Matrix = field(default_factory=lambda: np.zeros(0))
    beta: Matrix = field(default_factory=lambda: np.zeros(0))

    def without(self, rows: Collection[int]) -> Arrivals:
        """Those that are none of these rows."""
        if not rows:
            return self
        kept = ~np.isin(self.rows, list(rows))
        return replace(self, rows=self.rows[kept], alpha=self.alpha[kept], beta=self.beta[kept])


NO_ARRIVALS = Arrivals()


def arrivals_of(request: Request, pool: Pool, match: Matrix, config: ArrivalConfig) -> Arrivals:
    """Who may be drawn. Nobody, where the page is not drawn at all, must be in the order of prices, or has limits that
    gave way.

    `match` (n,) says how well each fits what was asked; all 0 where nothing was.
    """
    if config.share <= 0 or request.anonymous or request.policy != "thompson" or request.need.ordered or request.way:
        return NO_ARRIVALS
    fits = match >= config.match * float(match.max(initial=0.0))
    new = fits & (ages(pool.facts, request.now) <= config.days) & ~pool.facts.sponsored
    trials = {row: pool.heat.trials.get(pool.facts.ids[row], Trial()) for row in np.flatnonzero(new).tolist()}
    found = {row: trial for row, trial in trials.items() if trial.liked > 0 or trial.shown < config.patience}
    if not found:
        return NO_ARRIVALS
    usual = pool.heat.liked_share
    alpha = np.array([_STRENGTH * usual + trial.liked for trial in found.values()])
    beta = np.array([_STRENGTH * (1 - usual) + trial.shown - trial.liked for trial in found.values()])
    return Arrivals(config.share, np.array(list(found), dtype=np.intp), alpha, beta)


def give_new_places(
    pages: Rows, arrivals: Arrivals, rules: PageRules, kept: frozenset[int], rng: np.random.Generator
) -> tuple[Rows, Rows]:
    """The pages with an arrival on a share of them, and which row was put there, (draws,), -1 where none was.

    Args:
        pages: (draws, size), -1 where a place is empty.
        kept: rows that must stay: what the owner pinned.
        rng: for who is drawn, and on which page.

    A page of a single place stays as it is, and so does one whose place in question an arrival has by its score.
    """
    given = np.full(len(pages), -1, dtype=np.intp)
    if not len(arrivals.rows) or pages.shape[1] < 2:
        return pages, given
    tried = rng.random(len(pages)) < arrivals.share
    chances = rng.beta(arrivals.alpha, arrivals.beta, (len(pages), len(arrivals.rows)))
    new, changed = set(arrivals.rows.tolist()), pages.copy()
    for at in np.flatnonzero(tried):
        shown = [int(row) for row in pages[at] if row >= 0]
        places = [place for place, row in enumerate(pages[at]) if row >= 0 and row not in kept]
        places = [place for place in places if not rules.sponsored[pages[at, place]]]
        if not places or len(shown) < 2 or int(pages[at, places[-1]]) in new:
            continue
        others = [row for row in shown if row != pages[at, places[-1]]]
        ranked = arrivals.rows[np.argsort(-chances[at], kind="stable")]
        fits = (int(row) for row in ranked if row not in others and not rules.alike[row, others].any())
        chosen = next(fits, -1)
        if chosen >= 0:
            changed[at, places[-1]] = given[at] = chosen
    return changed, given
