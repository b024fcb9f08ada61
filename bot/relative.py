"""Wishes that lean on what is shown: "cheaper", "something nicer", "便宜点的".

The model says `refine`; which way the price should go stands in a few words of either language.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Direction(StrEnum):
    """Which way the price should go from what is shown."""

    CHEAPER = "cheaper"
    DEARER = "dearer"


_CHEAPER = re.compile(
    r"\bcheap(?:er|est)?\b|\bless expensive\b|\btoo (?:expensive|pricey|dear|much)\b|\bexpensive\b(?!.*\bmore\b)|\blower price"
    r"|\bmore affordable\b|\bbudget option|便宜|太贵|有点贵|贵了|低一点的价|实惠|平价|省钱",
    re.IGNORECASE,
)
_DEARER = re.compile(
    r"\bmore expensive\b|\bpricier\b|\bdearer\b|\bfancier\b|\bmore premium\b|\bhigher[- ]end\b|\btoo cheap\b|更贵|贵一点|贵点|高档|高端|太便宜",
    re.IGNORECASE,
)


def direction(text: str) -> Direction | None:
    """CHEAPER or DEARER when the words lean on the prices shown, else None."""
    if _DEARER.search(text):
        return Direction.DEARER
    if _CHEAPER.search(text):
        return Direction.CHEAPER
    return None
