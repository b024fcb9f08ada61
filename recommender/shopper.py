"""What the shopper did, turned towards the question: which products speak for it, which must stay away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from recommender.affinity import weights
from recommender.bandit import reward
from recommender.config import RecommenderConfig
from recommender.pool import Evidence
from recommender.ports import CatalogueReader, VectorIndex, Vectors
from recommender.question import unit
from recommender.request import Request
from storage.records import Reaction

_REFUSED = timedelta(days=30)
_FAINT = 0.01  # of a fresh reward: what has faded to that says nothing of this session


def evidence_of(request: Request, catalogue: CatalogueReader, index: VectorIndex) -> Evidence:
    """Events with their products and vectors; none for an anonymous request. Vanished products still count."""
    anchor_id = request.need.like_product
    events = () if request.anonymous else request.events
    ids = list(dict.fromkeys((*(event.product_id for event in events), *((anchor_id,) if anchor_id else ()))))
    products = catalogue.get(ids) if ids else {}
    known = tuple(event for event in events if event.product_id in products)
    anchor = products.get(anchor_id)
    return Evidence(
        events=known,
        products=tuple(products[event.product_id] for event in known),
        vectors=index.vectors([event.product_id for event in known]),
        anchor=anchor,
        anchor_vector=index.vectors([anchor.id])[0] if anchor else None,
    )


def unwanted(request: Request) -> frozenset[str]:
    """Ids that must not be shown: seen ones, the anchor itself, and what was refused within the last month."""
    if request.anonymous:
        return request.seen
    refused = {
        event.product_id
        for event in request.events
        if reward(event.reaction) < 0 and request.now - event.at <= _REFUSED
    }
    taken_back = {event.product_id for event in request.events if reward(event.reaction) > 0}
    anchor = {request.need.like_product} - {""}
    return request.seen | anchor | (refused - taken_back)


def taken(request: Request, config: RecommenderConfig) -> dict[str, float]:
    """What the shopper took to lately, each product by its faded reward: what others may go with. Dislikes are none."""
    if request.anonymous:
        return {}
    faded = weights(request.events, request.now, timedelta(hours=config.session_hours))
    sums: dict[str, float] = {}
    for event, weight in zip(request.events, faded, strict=True):
        sums[event.product_id] = sums.get(event.product_id, 0.0) + float(weight)
    return {id: total for id, total in sums.items() if total > _FAINT}


def aim(vector: Vectors | None, evidence: Evidence, request: Request, config: RecommenderConfig) -> Vectors | None:
    """Where to look: the question's vector, drawn to the product of "more like this", pushed off "less like this".

    Without a question or an anchor, towards what was liked in this session; None where there is nothing to go by.
    """
    session = timedelta(hours=config.session_hours)
    given = weights(evidence.events, request.now, session)
    target: Any = vector
    if evidence.anchor_vector is not None:
        words = np.zeros_like(evidence.anchor_vector) if vector is None else vector
        target = (1 - config.anchor_weight) * words + config.anchor_weight * evidence.anchor_vector
    elif vector is None and (given > 0).any():
        target = np.clip(given, 0, None) @ evidence.vectors
    if target is None:
        return None
    less = np.array([e.reaction is Reaction.LESS_LIKE for e in evidence.events], dtype=bool)
    if less.any():
        fading = np.abs(given[less]) / abs(reward(Reaction.LESS_LIKE))
        target = unit(target) - config.push_weight * unit(fading @ evidence.vectors[less]) * min(fading.sum(), 1.0)
    return unit(np.asarray(target, dtype=np.float32))
