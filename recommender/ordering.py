"""The orders that a shopper may ask for: from the cheapest, from the best rated, from what looks most like a photo.
Nothing bends them.

Relevance goes before any: the cheapest coffee maker is a coffee maker, and so is the best rated. The score decides
among what the order leaves open.
"""

from __future__ import annotations

import numpy as np

from recommender.facts import ENOUGH_RATINGS, GOOD_RATING
from recommender.pool import Pool
from recommender.prior import Matrix, prior
from recommender.wishes import Flags
from storage.records import Need

_AHEAD = 1e6  # what puts a candidate before all that have less


def ordered(need: Need, pool: Pool, x: Matrix, scores: Matrix) -> Matrix:
    """What the page is filled by, (n,): the scores, or the order that was asked for where one was.

    Args:
        x: features of the candidates, (n, d).
        scores: of the same, (n,).
    """
    if not need.ordered or not len(scores):
        return scores
    match = x[:, prior().features.index("known_match")]
    fits: Flags = match >= match.max()
    if need.cheapest:
        by = _from_the_cheapest(pool, fits, need)
    elif need.best_rated:
        by = _from_the_best_rated(pool, x)
    else:
        by = _from_the_most_alike(pool, need)
    found: Matrix = np.where(fits, _AHEAD + by, scores - _AHEAD)
    return found


def _from_the_cheapest(pool: Pool, fits: Flags, need: Need) -> Matrix:
    """Lower prices are more; with good ratings asked for, what is well rated goes first, as far as there is any."""
    by: Matrix = -pool.facts.prices
    good = fits & (pool.facts.ratings >= GOOD_RATING) & (pool.facts.rating_counts >= ENOUGH_RATINGS)
    return by + np.where(good, _AHEAD, 0.0) if need.best_rated else by


def _from_the_best_rated(pool: Pool, x: Matrix) -> Matrix:
    """By the mean rating, which few ratings move less than many do; what nobody rated comes last."""
    rated = ~np.isnan(pool.facts.ratings) & (pool.facts.rating_counts > 0)
    by: Matrix = np.where(rated, 1.0 + x[:, prior().features.index("rating")], 0.0)
    return by * 1e3  # how like one card is to the next weighs less than any difference of ratings


def _from_the_most_alike(pool: Pool, need: Need) -> Matrix:
    """By the place among what looks like the photo."""
    places = {id: place for place, id in enumerate(need.looks)}
    by = np.array([-places.get(id, len(places)) for id in pool.facts.ids], dtype=np.float64)
    return by * 1e3  # how like one card is to the next weighs less than any place
