"""What is popular and trending in a shop, counted from its tables."""

from __future__ import annotations

from datetime import UTC, datetime

from recommender.heat import Figures, Heat, HeatConfig, heat_of, since, week_before
from storage.shop import Shop


def shop_heat(shop: Shop, config: HeatConfig, now: datetime | None = None) -> Heat:
    """The heat of a shop, counted from its tables."""
    now = now or datetime.now(UTC)
    first = since(now, config)
    return heat_of(
        Figures(
            done=shop.behaviour.by_day(first),
            shown=shop.exposure.shown_by_day(first),
            reacted=shop.exposure.reactions_by_day(first),
            week=shop.behaviour.counts(week_before(now), now),
        ),
        now,
        config,
    )
