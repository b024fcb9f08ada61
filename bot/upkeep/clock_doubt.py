"""Whether the machine's clock is believed, before anything is removed by it.

    if doubt := clock_doubt(settings, now):     # a sentence; nothing is removed until somebody has looked
        ...

A clock that stands a year ahead (a dead battery, a wrong image, a typing error) would end every period at once. It is
believed up to a month beyond the last day that is known: that of the newest message, by Telegram's own clock, or that
on which periods ended last. A leap beyond may be right, where nothing ran for so long; only a person knows. A clock
that stands behind removes too little, which is made up for, and needs no guard.
"""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta

from bot.settings import Settings
from storage.console.database import ConsoleStore
from storage.database import DatabaseError
from storage.shop import Shop

LEAP = timedelta(days=30)
_PERIODS = "periods ended"


class ClockDoubtError(Exception):
    """The clock has leapt; the message says from when to when, and what to do."""


def clock_doubt(settings: Settings, now: datetime) -> str:
    """Why the clock is not believed, in a sentence; empty where it is."""
    known = _last_known(settings)
    if known is None or now - known <= LEAP:
        return ""
    return (
        f"The clock says {now:%Y-%m-%d}, {(now - known).days} days after the last day that is known, {known:%Y-%m-%d}: "
        "nothing is removed by it. Where it is wrong, set it; where it is right, run shopbot retention --sure"
    )


def believe(store: ConsoleStore, now: datetime) -> None:
    """From here on the clock is followed again: periods ended by it."""
    store.counted.keep(_PERIODS, None, now)


def _last_known(settings: Settings) -> datetime | None:
    """None: nothing is known yet, and there is nothing to remove."""
    return max((at for at in (_ended(settings), _written(settings)) if at), default=None)


def _ended(settings: Settings) -> datetime | None:
    try:
        with ConsoleStore.open(settings.data, readonly=True) as store:
            ended = store.counted.get(_PERIODS)
    except DatabaseError:  # nobody has opened a console here yet
        return None
    return ended[0] if ended else None


def _written(settings: Settings) -> datetime | None:
    try:
        with closing(Shop.open(settings.data, readonly=True)) as shop:
            return shop.transcripts.last_written()
    except DatabaseError:
        return None
