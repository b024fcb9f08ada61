"""What goes with what: for each product its partners, learned from the shop's own log and the events it imported.

    partners = together_of(events, vectors_of=index.vectors)      # in the indexer's thread; a value, swapped whole
    partners.suggested(["p1", "p7"])                             # what goes with these, the strongest first

Small: for each product the strongest partners only. The weights are EASE's where the products with a history are few
enough to solve for (`EASE_UP_TO`), the plain co-occurrences above that. The counts are of visitors who bought both, and
a sentence may say only those.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

import numpy as np

from recommender.item_models import Histories, Sparse, cooccurrence, ease, text_likeness
from recommender.ports import Vectors
from recommender.prior import Matrix

EASE_UP_TO = 4_000  # products: the inverse takes some seconds there, and a hundred megabytes
PARTNERS = 40
_LONGEST = 200  # of a visitor's deeds the newest: robots look at everything
_LEAST_BUYERS = 2  # who bought both, before a sentence says so
_SCALE = 0.15  # a suggestion of this weight is at 63 % of the feature's range
Event = tuple[str, str, str, datetime]
"""(visitor, product id, "view" | "cart" | "order", instant)."""


@dataclass(frozen=True)
class Together:
    """`partners`: for each product the strongest others with their weights (above 0), the best first.
    `bought`: how many visitors bought both, for (lesser id, greater id).
    """

    partners: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    bought: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def suggested(self, had: Mapping[str, float]) -> dict[str, float]:
        """What goes with the products that were had: the sum over them of how much each counts times the weight of its
        partner, strongest first. What was had is not suggested.
        """
        sums: defaultdict[str, float] = defaultdict(float)
        for product, counts in had.items():
            for partner, weight in self.partners.get(product, ()):
                if partner not in had:
                    sums[partner] += counts * weight
        return dict(sorted(sums.items(), key=lambda pair: -pair[1]))

    def both(self, one: str, other: str) -> int:
        """How many visitors bought both; 0 where too few did for a rule."""
        count = self.bought.get((min(one, other), max(one, other)), 0)
        return count if count >= _LEAST_BUYERS else 0


def fit(suggested: Mapping[str, float], ids: Sequence[str]) -> Matrix:
    """Suggestions squeezed into 0..1, for some products in their order; 0 for what is not suggested, (n,)."""
    sums = np.array([suggested.get(id, 0.0) for id in ids], dtype=np.float64)
    squeezed: Matrix = 1.0 - np.exp(-sums / _SCALE)
    return squeezed


APART = Together()
"""Nothing is known of what goes together."""


def together_of(
    events: Iterable[Event],
    vectors_of: Callable[[Sequence[str]], Vectors] | None = None,
    *,
    ease_up_to: int = EASE_UP_TO,
) -> Together:
    """Partners from events that come visitor by visitor, each one's oldest first.

    Args:
        events: of the shop's own log and of imports, one after the other.
        vectors_of: unit vectors of products' texts; with them little known products learn from those like them.
        ease_up_to: products with a history up to which EASE is solved for.
    """
    visits = [list(deeds)[-_LONGEST:] for _, deeds in groupby(events, key=lambda event: event[0])]
    histories = [list(dict.fromkeys(product for _, product, _, _ in deeds)) for deeds in visits]
    ids = sorted({product for history in histories for product in history})
    if not ids:
        return APART
    number = {id: at for at, id in enumerate(ids)}
    numbered = [[number[product] for product in history] for history in histories]
    return Together(_partners(numbered, ids, vectors_of, ease_up_to), _bought(visits))


def _partners(
    histories: Histories, ids: list[str], vectors_of: Callable[[Sequence[str]], Vectors] | None, ease_up_to: int
) -> dict[str, tuple[tuple[str, float], ...]]:
    if len(ids) > ease_up_to:
        return _strongest(cooccurrence(histories, len(ids)).tocsr(), ids)
    likeness = text_likeness(vectors_of(ids)) if vectors_of else None
    weights = ease(histories, len(ids), likeness)
    return {
        id: tuple((ids[at], float(row[at])) for at in np.argsort(-row, kind="stable")[:PARTNERS] if row[at] > 0)
        for id, row in zip(ids, weights, strict=True)
    }


def _strongest(model: Sparse, ids: list[str]) -> dict[str, tuple[tuple[str, float], ...]]:
    found = {}
    for at, id in enumerate(ids):
        begin, end = model.indptr[at], model.indptr[at + 1]
        columns, weights = model.indices[begin:end], model.data[begin:end]
        order = np.argsort(-weights, kind="stable")[:PARTNERS]
        found[id] = tuple((ids[columns[place]], float(weights[place])) for place in order)
    return found


def _bought(visits: Sequence[Sequence[Event]]) -> dict[tuple[str, str], int]:
    """For each pair the visitors who ordered both, pairs of one buyer left out."""
    counts: Counter[tuple[str, str]] = Counter()
    for deeds in visits:
        ordered = sorted({product for _, product, kind, _ in deeds if kind == "order"})
        counts.update((one, other) for at, one in enumerate(ordered) for other in ordered[at + 1 :])
    return {pair: count for pair, count in counts.items() if count >= _LEAST_BUYERS}
