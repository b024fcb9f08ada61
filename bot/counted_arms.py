"""The holdout beside everybody else, counted once and kept: a quarter of a year of pages is too much at each look."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.arms import GOALS, arms, difference
from storage.arms import arm_shares
from storage.console.database import ConsoleStore
from storage.shop import Shop

ARMS = "arms"
"""Under which name they are kept among what was counted."""
_DAYS = 90


def count_arms(folder: Path, store: ConsoleStore) -> int:
    """Counts the last quarter of a year of a data folder's shop and keeps the figures; how many shoppers that were."""
    now = datetime.now(UTC)
    shop = Shop.open(folder, readonly=True)
    try:
        shares = arm_shares(shop.db, now - timedelta(days=_DAYS))
    finally:
        shop.close()
    gains = {goal: difference(shares, goal) for goal in GOALS}
    body = {
        "days": _DAYS,
        "arms": [asdict(arm) for arm in arms(shares)],
        "difference": {goal: asdict(gain) if gain else None for goal, gain in gains.items()},
    }
    store.counted.keep(ARMS, body, now)
    return len({share.user_id for share in shares})
