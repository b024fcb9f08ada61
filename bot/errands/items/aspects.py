"""What a question about an item is about, and which words speak of it: `aspects.tsv`, in both languages.

A row names what is asked, the feature that answers it with yes, the attributes that state it, the words by which a
question asks it, and the words by which a sentence of a description speaks of it (regular expressions).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that can be asked. `feature` is a normal form of the vocabulary, or empty."""

    name: str
    feature: str
    attributes: tuple[str, ...]
    question: re.Pattern[str]
    evidence: re.Pattern[str]


def aspects_of(question: str) -> tuple[Aspect, ...]:
    """What a question asks, in the order of the table; empty where its words name nothing known."""
    return tuple(aspect for aspect in _table() if aspect.question.search(question))


@cache
def _table() -> tuple[Aspect, ...]:
    with (Path(__file__).parent / "aspects.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(
        Aspect(
            name=row["name"],
            feature=row["feature"],
            attributes=tuple(filter(None, row["attributes"].split(","))),
            question=re.compile(row["question"], re.IGNORECASE),
            evidence=re.compile(row["evidence"], re.IGNORECASE),
        )
        for row in rows
    )
