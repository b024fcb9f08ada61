"""Scores of the intents for one clause, from the cue phrases in `phrases/en.tsv` and `phrases/zh.tsv`.

A row of a table is an intent, a weight (about the log-odds it adds), the features it needs ("item,!question", a
"!" forbids) and a regular expression over the folded clause. English expressions begin and end at word borders. The
best row of an intent counts fully, its further rows a little.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from storage.records import Intent, Language

_FOLDER = Path(__file__).parent / "phrases"
_FURTHER = 0.25
_FURTHER_MOST = 1.2


@dataclass(frozen=True, slots=True)
class _Cue:
    intent: Intent
    weight: float
    needs: frozenset[str]
    forbids: frozenset[str]
    pattern: re.Pattern[str]


def cue_scores(clause: str, language: Language, features: frozenset[str]) -> dict[Intent, float]:
    """What the cue phrases say for each intent they speak for; intents without a cue are left out."""
    weights: dict[Intent, list[float]] = defaultdict(list)
    for cue in _cues(language):
        if cue.needs <= features and not cue.forbids & features and cue.pattern.search(clause):
            weights[cue.intent].append(cue.weight)
    return {intent: _together(found) for intent, found in weights.items()}


def _together(weights: list[float]) -> float:
    best = max(weights)
    return best + min(_FURTHER_MOST, _FURTHER * (sum(weights) - best))


@cache
def _cues(language: Language) -> tuple[_Cue, ...]:
    with (_FOLDER / f"{language}.tsv").open(encoding="utf-8", newline="") as lines:
        return tuple(_cue(row, language) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _cue(row: Mapping[str, str], language: Language) -> _Cue:
    needs = {need for need in row["needs"].split(",") if need}
    forbids = {need[1:] for need in needs if need.startswith("!")}
    pattern = row["pattern"]
    if language == "en":
        pattern = rf"(?<![a-z0-9])(?:{pattern})(?![a-z])"
    return _Cue(
        Intent(row["intent"]),
        float(row["weight"]),
        frozenset(need for need in needs if not need.startswith("!")),
        frozenset(forbids),
        re.compile(pattern),
    )
