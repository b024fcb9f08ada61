"""Wishes that lean on what is shown: "cheaper", "something nicer", "便宜点的".

The model says `refine`; which way the price should go stands in a few words of either language.
"""

from __future__ import annotations

from enum import StrEnum

from bot.cues import cue


class Direction(StrEnum):
    """Which way the price should go from what is shown."""

    CHEAPER = "cheaper"
    DEARER = "dearer"


def direction(text: str) -> Direction | None:
    """CHEAPER or DEARER when the words lean on the prices shown, else None."""
    if cue("dearer").search(text):
        return Direction.DEARER
    if cue("cheaper").search(text):
        return Direction.CHEAPER
    return None
