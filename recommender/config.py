"""How the recommender searches, indexes and ranks: every number that is not a weight of the bandit's prior."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArrivalConfig:
    """The budget of exploring.

    Args:
        share: of the live pages may give a place to a new arrival; 0 gives none.
        days: how long a product is new.
        patience: showings without a good reaction after which it is not shown on purpose any more.
        match: share of the best candidate's match that it needs.
    """

    share: float = 0.1
    days: float = 30.0
    patience: int = 60
    match: float = 0.6


@dataclass(frozen=True, slots=True)
class RecommenderConfig:
    """Sizes count products; half-lives say after how long evidence counts half.

    Args:
        candidates: how many products are scored, after both retrievers were fused.
        retrieved: how many each retriever brings.
        logged: how many candidates after the page are kept in the log.
        session_hours: half-life of the session's liking.
        taste_days: half-life of liked brands, colours and the like.
        draws: samples for the estimate of propensities.
        look_alike: cosine from which two products of one brand and category do not share a page.
        spread: what a card loses of its score next to one with the same vector; the scale is the prior's.
        sense_weight: what the first card of the likeliest kind gains where the wish is vague.
        sponsored_match: share of the best candidate's text match that a sponsored slot needs.
        boost_match: share of the best candidate's match that a product needs for the owner's boost to count.
        anchor_weight: how much the vector of the product in "more like this" counts beside the words.
        push_weight: how far a "less like this" pushes the question away.
        southern: seasons of the southern hemisphere.
        arrivals: the budget for showing new products on purpose.
    """

    candidates: int = 120
    retrieved: int = 200
    logged: int = 20
    session_hours: float = 3.0
    taste_days: float = 30.0
    draws: int = 1_000
    look_alike: float = 0.97
    spread: float = 0.02
    sense_weight: float = 0.03
    sponsored_match: float = 0.8
    boost_match: float = 0.6
    anchor_weight: float = 0.6
    push_weight: float = 0.25
    southern: bool = False
    arrivals: ArrivalConfig = ArrivalConfig()


@dataclass(frozen=True, slots=True)
class IndexConfig:
    """When exact search answers in the index's place, and when the index is built anew. Counts are of products.

    Args:
        exact_up_to: up to so many allowed products exact search is as quick as Chroma's, and complete.
        looked_at: so many neighbours at most are asked of Chroma, to find enough allowed ones among them; where that
            would not do, search is exact.
        drift, drift_share: so many changed products, or such a share of all, are searched beside the index before a
            new one is built; the larger of the two counts.
    """

    exact_up_to: int = 60_000
    looked_at: int = 600
    drift: int = 500
    drift_share: float = 0.1
