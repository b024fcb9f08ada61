"""Keeping the figures current: which days are to be counted, and under which words a search that found nothing is.

counted = refresh(store, clock, seconds=0.2)      # from a page: the latest days first, as many as there is time for
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.privacy.masking import redacted
from storage.codec import need_from_text
from storage.console.database import ConsoleStore
from storage.records import Need
from storage.text import fold

_LONGEST = 80  # code points of a wish
_WORDS = 6


def refresh(
    store: ConsoleStore,
    clock: ZoneInfo,
    *,
    seconds: float | None = None,
    told: Callable[[int, int], None] | None = None,
) -> int:
    """Count the days that changed, the latest first, until `seconds` have passed (None: all); how many are left.

    `told` is called with (done, all) after each.
    """
    if not store.attached:
        return 0
    ends = None if seconds is None else time.monotonic() + seconds
    store.figures.notice(clock)
    days = store.figures.stale(datetime.now(clock).date())
    for done, day in enumerate(days, start=1):
        store.figures.build(day, clock, wish_of)
        if told:
            told(done, len(days))
        if ends is not None and time.monotonic() > ends:
            return len(days) - done
    return 0


def wish_of(text: str, need: str) -> str:
    """What was wanted, in normal form where it was understood, else the message; without anything personal."""
    wish = _understood(need_from_text(need)) if need else ""
    return (wish or " ".join(fold(redacted(text)[0]).split()))[:_LONGEST]


def _understood(need: Need) -> str:
    """ "red running shoes, not leather, up to 60 USD" as "-leather · red · running shoes · ≤ 60 USD"."""
    wishes = sorted({("-" if wish.negated else "") + wish.value for wish in need.wishes if wish.value})
    price = need.price
    parts = wishes[:_WORDS]
    if price and wishes:
        ends = [f"≥ {price.min}" if price.min is not None else "", f"≤ {price.max}" if price.max is not None else ""]
        parts += [" ".join(part for part in (*ends, price.currency or "") if part)]
    if need.least_rating is not None and wishes:
        parts.append(f"≥ {need.least_rating:g} ★")
    return redacted(" · ".join(parts))[0]
