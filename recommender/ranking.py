"""The candidates of one request with all that decides their page: from features to scores, a page and a log.

Pure: the same ranking and the same seed give the same page, whoever asks and however often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender import bandit
from recommender.arrivals import EXPLORED, Arrivals, give_new_places
from recommender.clarify import belief_in, clarification, names_a_kind, vague
from recommender.config import RecommenderConfig
from recommender.facts import Witness
from recommender.hand import Hand, pages_by_hand
from recommender.ordering import ordered
from recommender.page import PageRules, Rows, rules_of, senses_of
from recommender.pool import Pool
from recommender.prior import Matrix, prior
from recommender.reasons import MOST
from recommender.request import Request
from storage.records import Clarification, Filters, Need, Reason, ReasonCode, Recommendation


@dataclass(frozen=True)
class Ranking:
    """The candidates of one request with all that decides the page."""

    pool: Pool
    x: Matrix
    posterior: bandit.Posterior
    rules: PageRules
    hand: Hand
    arrivals: Arrivals
    witness: Witness
    filters: Filters
    admitted: int
    degraded: bool

    def pages(self, scores: Matrix, size: int, rng: np.random.Generator) -> tuple[Rows, Rows]:
        """Pages (draws, size) of the scores (draws, n), with the owner's hand and the budget for new arrivals, and the
        row that was put on each on purpose, -1 where none was.
        """
        pages = pages_by_hand(scores, self.rules, self.hand, size)
        pinned = frozenset(row for _, row in self.hand.pins)
        return give_new_places(pages, self.arrivals, self.rules, pinned, rng)


@dataclass(frozen=True)
class Drawn:
    """A page: its rows in order, then those that are logged beside it (`rows` holds both); scores (n,) with their parts
    (n, d), and the row that got its place on purpose, -1 where none did.
    """

    page: list[int]
    rows: list[int]
    scores: Matrix
    parts: Matrix
    explored: int


def draw(request: Request, ranking: Ranking, logged: int) -> Drawn:
    """The page of the request's own draw, with up to so many of the next."""
    scores, parts = scores_of(request, ranking)
    order = ordered(request.need, ranking.pool, ranking.x, scores)
    chance = np.random.default_rng((abs(request.seed), 2))
    pages, explored = ranking.pages(order[None, :], request.page_size, chance)
    page = [row for row in pages[0].tolist() if row >= 0]
    shown = set(page)
    rest = [row for row in np.argsort(-order, kind="stable").tolist() if row not in shown]
    return Drawn(page, [*page, *rest[:logged]], scores, parts, int(explored[0]))


def live_rules(need: Need, pool: Pool, match: Matrix, means: Matrix, config: RecommenderConfig) -> PageRules:
    """The rules of a live page; a short wish for no kind in particular may be meant in several senses.

    Args:
        match: how well each candidate fits what was asked, (n,).
        means: their expected rewards, (n,).
    """
    open_ = len(pool) > 0 and not need.empty and vague(need) and not names_a_kind(need)
    rules = rules_of(pool, match, config, senses_of(pool, belief_in(means), config) if open_ else None)
    return replace(rules, paid=()) if need.ordered else rules  # no place is sold in an order that was asked for


def scores_of(request: Request, ranking: Ranking) -> tuple[Matrix, Matrix]:
    """Scores (n,) and their parts (n, d): w.x for the drawn, the mean or, for LinUCB, the mean weights.

    The width of LinUCB's confidence goes into the part of the bias, so that parts still sum to the score.
    """
    x, believed = ranking.x, ranking.posterior
    if request.impersonal or request.policy == "greedy":
        parts = x * believed.mean
    elif request.policy == "linucb":
        parts = x * believed.mean
        parts[:, prior().features.index("bias")] += bandit.UCB_WIDTH * believed.widths(x)
    else:
        rng = np.random.default_rng(abs(request.seed))
        parts = x * believed.draws(rng, 1)[0]
    scores: Matrix = parts.sum(axis=1)
    return scores, parts


def question_beside(request: Request, ranking: Ranking, page: list[int]) -> Clarification | None:
    """What to ask beside the page, by the scores of the mean weights: chance must not decide what is asked."""
    if not request.may_ask or request.anonymous:
        return None
    scores = ranking.x @ ranking.posterior.mean
    return clarification(request.need, ranking.pool.facts, scores, page, request.page_size)


def as_rated(ranking: Ranking, row: int, why: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The reasons of a card on a page from the best rated: a good rating first, where it has one."""
    return _first(ReasonCode.WELL_RATED, ranking, row, why)


def as_seen(ranking: Ranking, row: int, why: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The reasons of a card on a page from what looks most like a photo: that it does first."""
    return _first(ReasonCode.LOOKS_ALIKE, ranking, row, why)


def _first(code: ReasonCode, ranking: Ranking, row: int, why: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The reasons with one before the others, but for the label of what is paid, where it is true of the card."""
    facts = ranking.witness.facts(code, row)
    if not facts:
        return why
    others = [reason for reason in why if reason.code is not code]
    label = [reason for reason in others if reason.code is ReasonCode.SPONSORED]
    rest = [reason for reason in others if reason.code is not ReasonCode.SPONSORED]
    return (*label, Reason(code, facts[0]), *rest)[:MOST]


def as_new(ranking: Ranking, row: int, why: tuple[Reason, ...], explored: int) -> tuple[Reason, ...]:
    """The reasons of a card; one that was given its place as a new arrival says so first."""
    if row != explored or any(reason.code is ReasonCode.NEW for reason in why):
        return why
    facts = ranking.witness.facts(ReasonCode.NEW, row)
    return (*(Reason(ReasonCode.NEW, told) for told in facts[:1]), *why[: MOST - 1])


def items_of(ranking: Ranking, drawn: Drawn, reasons: Sequence[tuple[Reason, ...]]) -> list[Recommendation]:
    """The logged candidates: those shown have positions from 1 and reasons, the others 0 and none."""
    names, shown = prior().features, len(drawn.page)
    x, parts = ranking.x[drawn.rows].tolist(), drawn.parts[drawn.rows].tolist()
    items = []
    for at, row in enumerate(drawn.rows):
        product = ranking.pool.products[row]
        features = dict(zip(names, x[at], strict=True))
        if product.sponsored and not ranking.witness.request.anonymous:
            features[bandit.SPONSORED] = 1.0
        features |= ranking.hand.marks(row)
        if row == drawn.explored and at < shown:
            features[EXPLORED] = 1.0
        items.append(
            Recommendation(
                product=product,
                position=at + 1 if at < shown else 0,
                score=float(drawn.scores[row]),
                features=features,
                parts=dict(zip(names, parts[at], strict=True)),
                reasons=reasons[at] if at < shown else (),
            )
        )
    return items
