"""Which values are near which: burgundy to red, suede to leather, L to M.

By hand for the base vocabulary (`neighbours.tsv`: of a kind of thing only what serves the same end), by the lineage
and the compounds ("dark red") that the shop's own catalogue adds to it, by the scale for sizes.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

from storage.records import SlotName, Vocabulary

_LETTERS = ("XS", "S", "M", "L", "XL", "XXL")
_MEASURE = re.compile(r"(\D*)(\d{1,3}(?:\.\d)?)(\D*)")
_ONE_STEP = Decimal(1)  # between neighbouring numbered sizes


def kin_of(slot: SlotName, asked: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Values near those asked for, the nearest first: turn by turn of each value asked for."""
    near = [_near(slot, value, vocabulary) for value in asked]
    turns = itertools.chain.from_iterable(itertools.zip_longest(*near))
    return [value for value in dict.fromkeys(turns) if value is not None and value not in asked]


def _near(slot: SlotName, value: str, vocabulary: Vocabulary) -> list[str]:
    if slot is SlotName.SIZE:
        return _next_sizes(value, [term.value for term in vocabulary.terms if term.slot is slot])
    wider = [] if slot is SlotName.CATEGORY else list(vocabulary.lineage(slot, value)[1:])
    return [*neighbours().get((slot, value), ()), *wider, *_shades(slot, value, vocabulary)]


def _shades(slot: SlotName, value: str, vocabulary: Vocabulary) -> list[str]:
    """The shop's own finer names: "dark red" for red."""
    if slot not in (SlotName.COLOR, SlotName.MATERIAL):
        return []
    return [
        term.value
        for term in vocabulary.terms
        if term.slot is slot and term.value != value and value in term.value.split() and len(term.value) > len(value)
    ]


def _next_sizes(value: str, known: Sequence[str]) -> list[str]:
    """M: S and L, then what fits everybody; EU 42: 41.5, 42.5, 41, 43."""
    if value in _LETTERS:
        at = _LETTERS.index(value)
        return [*_LETTERS[max(at - 1, 0) : at], *_LETTERS[at + 1 : at + 2], "one size"]
    asked = _MEASURE.fullmatch(value)
    if asked is None:
        return []
    number = Decimal(asked[2])
    found = []
    for other in known:
        size = _MEASURE.fullmatch(other)
        if size and (size[1], size[3]) == (asked[1], asked[3]):
            apart = abs(Decimal(size[2]) - number)
            if 0 < apart <= _ONE_STEP:
                found.append((apart, Decimal(size[2]), other))
    return [other for _, _, other in sorted(found)]


@cache
def neighbours() -> Mapping[tuple[SlotName, str], tuple[str, ...]]:
    """Kin values by slot and value, the nearest first."""
    with Path(__file__).with_name("neighbours.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(SlotName(row["slot"]), row["value"]): tuple(row["near"].split("|")) for row in rows}
