"""Figures in a question held against those that the shop states: "under 2 kg", "a 15 inch laptop", 超过10小时. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_UNITS: tuple[tuple[str, str, str], ...] = (
    # kind, what one of it is in the kind's first unit, how it is written
    ("mass", "1000", r"kg|kgs|kilos?|kilograms?|公斤|千克"),
    ("mass", "500", r"斤"),
    ("mass", "1", r"g|grams?|克"),
    ("mass", "453.6", r"lbs?|pounds?|磅"),
    ("length", "2.54", r"in|inch(?:es)?|″|\"|英寸|寸"),
    ("length", "1", r"cm|centimet(?:er|re)s?|厘米|公分"),
    ("length", "0.1", r"mm|millimet(?:er|re)s?|毫米"),
    ("length", "100", r"m|met(?:er|re)s?|米"),
    ("volume", "1000", r"l|lit(?:er|re)s?|升"),
    ("volume", "1", r"ml|毫升"),
    ("time", "1", r"h|hrs?|hours?|小时|个小时"),
    ("time", "24", r"days?|天"),
    ("time", "0.0167", r"min|minutes?|分钟"),
    ("power", "1", r"w|watts?|瓦"),
    ("data", "1", r"gb|g内存"),
    ("data", "1024", r"tb"),
    ("charge", "1", r"mah|毫安时?"),
    ("people", "1", r"people|persons?|players?|个?人"),
    ("degrees", "1", r"°c|degrees?|度|℃"),
    ("years", "1", r"years?(?: old)?|岁"),
    ("rate", "1", r"hz|赫兹"),
    ("bar", "1", r"bar"),
    ("pieces", "1", r"pieces?|片|件|块"),
)
_NUMBER = r"(?<![A-Za-z0-9.])(-?\d+(?:\.\d+)?)(?:\s*[–-]\s*(\d+(?:\.\d+)?))?\s*-?\s*"
_PATTERNS = tuple(
    (kind, Decimal(size), re.compile(rf"{_NUMBER}(?:{written})(?![a-z])", re.IGNORECASE))
    for kind, size, written in _UNITS
)
_BELOW = re.compile(
    r"under|less than|below|lighter than|shorter than|smaller than|within|at most|不到|以下|低于|小于|以内|轻于|不超过",
    re.I,
)
_ABOVE = re.compile(
    r"over|more than|above|longer than|at least|exceed|bigger than|超过|以上|至少|大于|高于|不少于|能撑|够", re.I
)
_ROOM = re.compile(
    r"\blasts?\b|\bruns?\b|能有|\bfits?\b|\bhold|\bsupport|\btake|\bcarry|\broom for|装|放|承|坐|睡|住|能用", re.I
)


class Relation(StrEnum):
    """How the stated figure must stand to the asked one."""

    BELOW = "below"
    ABOVE = "above"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure, or a range of them, in the first unit of its kind."""

    kind: str
    low: Decimal
    high: Decimal


_EXACT = frozenset({"fits"})  # a phone's case fits one size of phone
"""Attributes that must be equal, whatever "fit" means elsewhere."""


def measures_in(text: str) -> tuple[Measure, ...]:
    """The figures with units of a text, in order of the units' table."""
    found = []
    for kind, size, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            low = Decimal(match[1]) * size
            found.append(Measure(kind, low, Decimal(match[2]) * size if match[2] else low))
    return tuple(found)


def relation(question: str) -> Relation:
    """What a question with a figure asks."""
    if _BELOW.search(question):
        return Relation.BELOW
    return Relation.ABOVE if _ABOVE.search(question) or _ROOM.search(question) else Relation.EQUAL


def holds(asked: Measure, stated: Measure, how: Relation, attribute: str = "") -> bool:
    """Whether the stated figure stands to the asked one as it was asked."""
    if stated.low < stated.high:  # "6–12 years": the asked one lies in it
        return stated.low <= asked.low <= stated.high
    if how is Relation.EQUAL or attribute in _EXACT:
        return stated.low == asked.low
    return stated.low < asked.low if how is Relation.BELOW else stated.low >= asked.low


def measured(attributes: Mapping[str, str], kind: str) -> dict[str, Measure]:
    """The attributes that state a figure of a kind."""
    found = {}
    for name, value in attributes.items():
        stated = [measure for measure in measures_in(value) if measure.kind == kind]
        if len(stated) == 1 and "gsm" not in value:
            found[name] = stated[0]
    return found
