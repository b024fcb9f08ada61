"""What is said and pointed at beside what is on screen, and the plain words of an intent. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.reply import Line
from bot.understanding.simplified import in_simplified
from storage.records import (
    Intent,
    Recommendation,
    Understanding,
)
from storage.transcripts import TurnRecord

PAGE_INTENTS = frozenset({Intent.SEARCH, Intent.REFINE, Intent.MORE, Intent.INSPIRE})

# Every intent has an honest answer; what this bot cannot do yet it says, and claims nothing.
WORDS: Mapping[Intent, str] = MappingProxyType(
    {
        Intent.GREET: "greet",
        Intent.THANKS: "thanks",
        Intent.GOODBYE: "goodbye",
        Intent.HELP: "help",
        Intent.OUT_OF_SCOPE: "out-of-scope",
        Intent.CONFIRM: "confirm-nothing",
        Intent.DENY: "deny-ok",
        Intent.HUMAN: "case-opened",
    }
)


def pointed_at(said: Understanding, page: tuple[Recommendation, ...]) -> tuple[Recommendation, ...]:
    """The shown items a message points at: by number or, where only one is shown, by "it". A wrong number is none."""
    picks = []
    for number in said.item_refs:
        index = number - 1 if number > 0 else len(page) + number
        if 0 <= index < len(page) and page[index] not in picks:
            picks.append(page[index])
    if not said.item_refs and len(page) == 1:
        picks = [page[0]]
    return tuple(picks)


def focus_of(page: tuple[Recommendation, ...], turns: Sequence[TurnRecord], reacted: str) -> int:
    """The place on the page, from 1, of the item spoken of last; 0 where none was.

    `turns`: those since the page, the newest last. `reacted`: the product that was liked or disliked last.
    """
    for turn in reversed(turns):
        said = turn.understanding
        picks = pointed_at(said, page) if said and said.item_refs else ()
        if len(picks) == 1:
            return picks[0].position
        if said and len(picks) > 1 and said.intent is Intent.COMPARE:
            return 0  # "it" is none of several
    return next((item.position for item in page if item.product.id == reacted), 0)


@dataclass(frozen=True, slots=True)
class Together:
    """The places on the page, from 1, of items that are before the shopper's eyes side by side: `compared` with one
    another, or looked at one after the other. No places where there are not two.
    """

    places: tuple[int, ...] = ()
    compared: bool = False


def together_of(page: tuple[Recommendation, ...], turns: Sequence[TurnRecord]) -> Together:
    """What was spoken of together last. `turns`: those since the page, the newest last.

    One of the compared items may have been asked about since: they still stand side by side.
    """
    lately: list[int] = []
    for said in (turn.understanding for turn in reversed(turns)):
        if said is None:
            continue
        places = [pick.position for pick in pointed_at(said, page)] if said.item_refs else []
        # "Which of them is cheaper?" tells one of those compared before.
        comparing = Intent.COMPARE in (said.intent, *said.also) and len(places) != 1
        if comparing or len(places) > 1:
            places = places if len(places) > 1 else [card.position for card in page]
            if set(lately) <= set(places):
                return Together(tuple(places), compared=True)
            break
        lately += [place for place in places if place not in lately]
    return Together(tuple(lately[:2])) if len(lately) > 1 else Together()


def question_of(turns: Sequence[TurnRecord]) -> Understanding | None:
    """What was asked last of an item, in words. `turns`: those since the page, the newest last."""
    said = (turn.understanding for turn in reversed(turns) if turn.turn.text)
    return next((in_simplified(asked) for asked in said if asked and asked.intent is Intent.ASK_PRODUCT), None)


def missing_item(page: tuple[Recommendation, ...]) -> Line:
    """What to say when a message needs an item and points at none."""
    return Line("which-item", {"count": len(page)}) if page else Line("no-items-shown")
