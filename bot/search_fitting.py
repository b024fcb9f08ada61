"""Weights of search fitted to this shop, put to use where they are certain to be better, and taken back.

Runs where nobody else writes the shop's database; a bot takes them up at its next start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.upkeep.weights import NAME, fusion_in_use
from recommender.fusion import SHIPPED, script_of
from recommender.fusion_fitting import FusionFit, JudgedQuery, TooFewQueriesError, fit_fusion
from recommender.matching import PARTS
from recommender.prior import Matrix
from storage.records import Language
from storage.shop import Shop

_LANGUAGES: tuple[Language, ...] = ("en", "zh")


class NothingToTakeBackError(Exception):
    """The shipped weights are in use."""


@dataclass
class SearchFit:
    """Fits by the script of the question, and why a script has none."""

    fits: dict[Language, FusionFit] = field(default_factory=dict)
    skipped: dict[Language, str] = field(default_factory=dict)

    @property
    def certain(self) -> bool:
        """Whether one of the fits is to be put to use."""
        return any(fit.certain for fit in self.fits.values())

    @property
    def figures(self) -> dict[str, dict[str, Any]]:
        return {
            language: {
                "queries_fitted": fit.learned,
                "queries_judged": fit.judged,
                "ndcg_before": fit.before,
                "ndcg_after": fit.after,
                "gain": fit.gain[0],
                "gain_low": fit.gain[1],
                "gain_high": fit.gain[2],
                "certain": fit.certain,
            }
            for language, fit in self.fits.items()
        }


def fit_search(shop: Shop, queries: Sequence[JudgedQuery]) -> SearchFit:
    """Fits English and Chinese questions apart, each against the weights in use."""
    found, used = SearchFit(), fusion_in_use(shop)
    for language in _LANGUAGES:
        asked = [query for query in queries if script_of(query.text) == language]
        try:
            found.fits[language] = fit_fusion(asked, SHIPPED.of(language), used.of(language))
        except TooFewQueriesError as error:
            found.skipped[language] = str(error)
    return found


def keep_search(shop: Shop, found: SearchFit, at: datetime) -> int:
    """Puts the certain fits to use; a language without one keeps its weights. The version."""
    current = shop.fitted.current(NAME)
    fitted = dict(fusion_in_use(shop).weights)
    fitted |= {language: fit.weights for language, fit in found.fits.items() if fit.certain}
    weights = {language: named(row) for language, row in fitted.items()}
    figures = {**found.figures, "before": current.version if current else None}
    return shop.fitted.put(NAME, {"weights": weights}, figures=figures, at=at)


def take_back(shop: Shop) -> int | None:
    """Puts to use what was before the weights in use: an earlier version, or None, the shipped ones."""
    current = shop.fitted.current(NAME)
    if current is None:
        raise NothingToTakeBackError("The shipped weights are in use: there is nothing to take back.")
    before: int | None = current.figures.get("before")
    shop.fitted.use(NAME, before)
    return before


def named(weights: Matrix) -> Mapping[str, float]:
    """Weights by the names of their parts."""
    return dict(zip(PARTS, map(float, weights), strict=True))
