"""What goes with what in a shop, learned from its tables."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from recommender.ports import VectorIndex
from recommender.together import Together, together_of
from storage.shop import Shop

_SINCE = timedelta(days=400)  # a year and a season: what is bought once a year goes together, too


def shop_together(shop: Shop, index: VectorIndex, now: datetime | None = None) -> Together:
    """The partners of every product, from the events that were imported and from the chat's own reactions."""
    since = (now or datetime.now(UTC)) - _SINCE
    return together_of(itertools.chain(shop.behaviour.events(since), shop.feedback.visits(since)), index.vectors)
