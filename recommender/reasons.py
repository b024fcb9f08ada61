"""Why this one: the largest true contributions to its score, told apart from its neighbours'.

A contribution is a part w.x of the score, measured against the candidates' mean: what all share explains nothing. It
becomes a reason only where `facts` finds it to be true, and a page does not say the same of two cards as long as
there is something else to say.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from recommender.facts import Facts, Witness
from recommender.prior import Matrix, prior
from storage.records import Reason, ReasonCode

MOST = 2
_REPEATED = 0.4  # what a sentence is worth that another card says already
_SPEAKERS: Mapping[str, ReasonCode] = MappingProxyType(
    {
        "text_lexical": ReasonCode.MATCHES_WORDS,
        "text_dense": ReasonCode.MATCHES_MEANING,
        "known_match": ReasonCode.HAS_WISH,
        "like_product": ReasonCode.LIKE_PRODUCT,
        "session_affinity": ReasonCode.LIKE_SESSION,
        "price_fit": ReasonCode.WITHIN_BUDGET,
        "rating": ReasonCode.WELL_RATED,
        "popularity": ReasonCode.POPULAR,
        "trending": ReasonCode.TRENDING,
        "goes_with": ReasonCode.GOES_WITH,
        "freshness": ReasonCode.NEW,
        "stock": ReasonCode.IN_STOCK,
        "taste_brand": ReasonCode.LIKES_BRAND,
        "taste_category": ReasonCode.LIKES_CATEGORY,
        "taste_color": ReasonCode.LIKES_COLOR,
        "taste_material": ReasonCode.LIKES_MATERIAL,
        "season": ReasonCode.IN_SEASON,
    }
)
# Facts that are kept for the record but that no sentence says: they do not make two sentences different.
_UNSPOKEN = MappingProxyType(
    {
        ReasonCode.LIKE_SESSION: ("title", "product_id", "slot", "value"),
        ReasonCode.GOES_WITH: ("product_id",),
        ReasonCode.LIKE_PRODUCT: ("product_id", "slot", "value"),
        ReasonCode.IN_STOCK: ("count",),
        ReasonCode.POPULAR: ("count",),
        ReasonCode.NEW: ("days",),
    }
)


@dataclass(frozen=True)
class _Claim:
    """Something true that could be said, and how much it counted."""

    code: ReasonCode
    facts: Facts
    weight: float

    @property
    def sentence(self) -> tuple[Any, ...]:
        """What makes two sentences the same to a reader."""
        unspoken = _UNSPOKEN.get(self.code, ("count",) if self.code.value.startswith("likes_") else ())
        return (self.code, *sorted((name, str(fact)) for name, fact in self.facts.items() if name not in unspoken))

    @property
    def reason(self) -> Reason:
        return Reason(self.code, self.facts)


def code_of(feature: str) -> ReasonCode | None:
    """What a contribution of this feature may be told as; None for one that no sentence speaks of."""
    return _SPEAKERS.get(feature)


def reasons_of(witness: Witness, parts: Matrix, page: Sequence[int]) -> list[tuple[Reason, ...]]:
    """Up to two reasons for each row of the page, in its order.

    Args:
        witness: where facts come from.
        parts: w*x of all candidates, (n, d).
        page: rows on the page.
    """
    if not page:
        return []
    whole = parts[page]
    told = dict(zip(page, (whole - parts.mean(axis=0)).tolist(), strict=True))
    counted = dict(zip(page, whole.tolist(), strict=True))
    said: set[tuple[Any, ...]] = set()
    given: list[frozenset[tuple[Any, ...]]] = []
    found = []
    for row in page:
        paid = witness.pool.products[row].sponsored and not witness.request.anonymous
        chosen = _choose(_claims(witness, row, counted[row], told[row]), said, given, MOST - paid)
        said |= {claim.sentence for claim in chosen}
        given.append(frozenset(claim.sentence for claim in chosen))
        label = (Reason(ReasonCode.SPONSORED, MappingProxyType({})),) if paid else ()
        found.append((*label, *(claim.reason for claim in chosen)))
    return found


def _claims(witness: Witness, row: int, part: Sequence[float], told: Sequence[float]) -> list[_Claim]:
    """What is true and counted for this candidate, what sets it apart first, then what it shares with the others."""
    speaking = [
        (code, part[at], told[at])
        for at, name in enumerate(prior().features)
        if (code := _SPEAKERS.get(name)) and part[at] > 0
    ]
    # A shared contribution stays behind all that set this card apart: it gets a thousandth of its weight.
    weighed = [(code, ahead if ahead > 1e-9 else whole / 1_000) for code, whole, ahead in speaking]
    claims = [
        _Claim(code, facts, weight / (1 + at))
        for code, weight in weighed
        for at, facts in enumerate(witness.facts(code, row))
    ]
    return sorted(claims, key=lambda claim: -claim.weight)


def _choose(
    claims: list[_Claim], said: set[tuple[Any, ...]], given: list[frozenset[tuple[Any, ...]]], most: int
) -> tuple[_Claim, ...]:
    """The heaviest claims of different codes, fresh sentences first, that together are not another card's."""
    ranked = sorted(claims, key=lambda claim: -claim.weight * (_REPEATED if claim.sentence in said else 1.0))
    for chosen in _combinations(ranked, most):
        if frozenset(claim.sentence for claim in chosen) not in given:
            return chosen
    return next(_combinations(ranked, most), ())


def _combinations(ranked: list[_Claim], most: int) -> Iterator[tuple[_Claim, ...]]:
    """Choices of up to `most` claims of different codes, fuller and heavier ones first."""
    for size in range(min(most, len(ranked)), 0, -1):
        for chosen in itertools.combinations(ranked[:8], size):
            if len({claim.code for claim in chosen}) == size:
                yield chosen
