"""The questions to the shop in a message: clause by clause, in other words beside the shopper's own, each with the
passages that may answer it.

A message may ask for more than one thing ("how much is shipping and can I return shoes?"), and then no passage answers
the whole of it. Where two requests of a message are about the shop, each takes the clauses that its own pages answer.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from recommender.passages import NOTHING, passage_weights
from recommender.recommender import Recommender
from storage.records import FoundPassage, Intent, Language

CLEAR = 0.6
"""From this chance on a clause is a question of its own, of which the understanding knew nothing."""
_CLAUSES = re.compile(
    r"[.?!;,\n]+(?=\s|$)|[。？！；，、]+|\b(?:and|also|plus)\b|还有|另外|而且|以及|顺便(?:问一?下)?"
    r"|和(?=怎么|怎样|如何|多久|多少|几天|能|可以|有没有|是否|支持|什么)"
)
_ASKING = re.compile(r"[吗么几少哪]")
_SHORT = 3
_WORDINGS = 6
_MOST = 3  # questions of one message that are answered at once
_OTHER: dict[Language, Language] = {"en": "zh", "zh": "en"}

ABOUT: Mapping[Intent, frozenset[str]] = MappingProxyType(
    {
        Intent.SHIPPING: frozenset({"shipping", "delivery"}),
        Intent.PAYMENT: frozenset({"payment", "payments"}),
        Intent.RETURN_REFUND: frozenset({"returns", "refunds", "exchanges", "warranty"}),
        Intent.ORDER_STATUS: frozenset({"shipping", "delivery", "orders"}),
        Intent.ORDER_CHANGE: frozenset({"shipping", "delivery", "orders"}),
    }
)
"""Names of the pages that an intent is about: a shop that names its files so is found sooner, another is found too."""


def wordings_of(text: str) -> list[str]:
    """A message whole, and clause by clause: it may ask for more than the shop's pages answer."""
    clauses = [clause.strip() for clause in _CLAUSES.split(text)]
    return list(dict.fromkeys([text, *(clause for clause in clauses if _may_ask(clause))]))[:_WORDINGS]


def _may_ask(clause: str) -> bool:
    """Whether a clause is long enough to be a question; three Chinese characters are, with a word that asks."""
    return len(clause) > _SHORT or (len(clause) == _SHORT and bool(_ASKING.search(clause)))


def reworded(wording: str, language: Language) -> list[str]:
    """A wording with what it is called on pages, where shoppers call it otherwise."""
    return [wording, *(also for said, also in _table()[language] if said.search(wording))]


@cache
def _table() -> dict[Language, tuple[tuple[re.Pattern[str], str], ...]]:
    with (Path(__file__).parent / "reworded.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    languages: tuple[Language, ...] = ("en", "zh")
    return {
        language: tuple(
            (re.compile(row["said"], re.IGNORECASE), row["also"]) for row in rows if row["language"] == language
        )
        for language in languages
    }


def sure(found: Sequence[FoundPassage], least: float = 0.0) -> bool:
    """Whether the first passage is taken for the answer."""
    return bool(found) and found[0].chance >= max(least, passage_weights()[found[0].passage.language].threshold)


def found_for(part: Recommender, text: str, language: Language, intents: Sequence[Intent]) -> list[FoundPassage]:
    """What answers the whole of a message, the likeliest first; in the other language where there are no pages."""
    about = pages_of(intents)
    wordings = [each for wording in wordings_of(text) for each in reworded(wording, language)]
    return _found(part, wordings, language, about)


def found_each(part: Recommender, text: str, language: Language, intents: Sequence[Intent]) -> list[list[FoundPassage]]:
    """What answers each clause of a message that has several; empty for one of a single clause."""
    _, *clauses = wordings_of(text)
    if len(clauses) < 2:
        return []
    return [_found(part, reworded(clause, language), language, pages_of(intents)) for clause in clauses]


def shared_out(
    each: Sequence[list[FoundPassage]], intent: Intent, intents: Sequence[Intent]
) -> list[list[FoundPassage]]:
    """Which clauses' answers belong to an intent, of the message's `intents` about the shop: those from its own pages,
    and to the first those from nobody's. Distinct passages, each of a clause that it answers for sure.
    """
    least = CLEAR if len(intents) < 2 else 0.0
    answers: dict[int, list[FoundPassage]] = {}
    for found in each:
        if sure(found, least) and _whose(found[0].passage.page, intents) is intent:
            answers.setdefault(found[0].passage.number, found)
    return list(answers.values())[:_MOST]


def pages_of(intents: Sequence[Intent]) -> frozenset[str]:
    """The pages that requests are about."""
    return NOTHING.union(*(ABOUT.get(intent, NOTHING) for intent in intents))


def _whose(page: str, intents: Sequence[Intent]) -> Intent | None:
    return next((intent for intent in intents if page in ABOUT.get(intent, NOTHING)), next(iter(intents), None))


def _found(part: Recommender, wordings: Sequence[str], language: Language, about: frozenset[str]) -> list[FoundPassage]:
    if part.passages is None:
        return []
    return part.passages.find(wordings, language, about) or part.passages.find(wordings, _OTHER[language], about)
