""" "Why this?": who asks, what is looked up for it, and the lines that answer.

The model reads such questions as nearly anything (a dislike, a search), so a few sure words decide. The answer comes
from what was stored with the page; what cannot be told from there is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

import numpy as np

from bot.cues import cue
from bot.draft import Draft
from bot.naming import wish_name
from bot.recall import Before
from bot.reply import Line
from bot.talk import pointed_at
from bot.understanding.relative import direction
from recommender.config import RecommenderConfig
from recommender.explaining import Point, Story, why
from recommender.facts import Witness
from recommender.pool import Evidence, Pool
from recommender.ports import DIMENSIONS
from recommender.question import question_of
from recommender.request import Request
from recommender.wishes import wanted_of
from storage.records import (
    Event,
    Language,
    Need,
    Product,
    Reason,
    ReasonCode,
    Recommendation,
    SlotName,
    Stage,
    Understanding,
    Vocabulary,
    Wish,
)
from storage.shop import Shop

_TASTES = {
    ReasonCode.LIKES_BRAND: SlotName.BRAND,
    ReasonCode.LIKES_CATEGORY: SlotName.CATEGORY,
    ReasonCode.LIKES_COLOR: SlotName.COLOR,
    ReasonCode.LIKES_MATERIAL: SlotName.MATERIAL,
}
_THINGS = (SlotName.BRAND, SlotName.CATEGORY)
# What stands around the thing in "why not the Larkhill ones here?" and 为什么没有索尼的呢.
_AROUND = re.compile(
    r"^[\s,.:;]+|(?:\bones?\b|\bproducts?\b|\bhere\b|\bthere\b|[的呢吗啊呀了款]|[\s?!.,？！。，])+$", re.IGNORECASE
)
_SEVERAL = re.compile(r"\b(?:these|those|them)\b|[这那]些|这几|它们", re.IGNORECASE)
_A_THING = re.compile(r"\bones?\W*$|的(?:呢|啊|呀)?\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for reasons: of cards that were shown, or (`missing`) of what was not, in the shopper's words.

    `claimed` says that the words surely name a thing, so that "the shop has none" is an answer.
    """

    cards: tuple[Recommendation, ...] = ()
    missing: str = ""
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as it was: all that was ranked, the need it was made for, when, and what the shopper had done by then."""

    candidates: tuple[Recommendation, ...]
    need: Need
    at: datetime
    events: tuple[Event, ...]
    products: tuple[Product, ...]

    @property
    def page(self) -> tuple[Recommendation, ...]:
        return tuple(item for item in self.candidates if item.position > 0)


@dataclass(frozen=True, slots=True)
class Telling:
    """All that an explanation is told from: the page, the talk since, how the shopper speaks, the shop's time zone."""

    shown: Shown
    before: Before
    language: Language
    vocabulary: Vocabulary
    zone: tzinfo | None = None

    def draft(self, lines: Sequence[Line]) -> Draft:
        """The reply: the wish stays as it is."""
        return Draft(need=replace(self.before.need, language=self.language, asked=None), lines=tuple(lines))

    def witness(self, item: Recommendation) -> Witness:
        """Where facts about one candidate come from: its row, the need, and what the shopper had done by then."""
        shown = self.shown
        need, events = replace(shown.need, language=self.language), len(shown.events)
        wanted = wanted_of(need, self.vocabulary)
        lexical, dense, fused = (
            np.array([item.features.get(name, 0.0)]) for name in ("text_lexical", "text_dense", "text_fused")
        )
        return Witness(
            request=Request(
                user_id=0,
                need=need,
                stage=Stage.CONSIDER,
                taste=None,
                events=shown.events,
                seen=frozenset(),
                now=shown.at.astimezone(self.zone),
                seed=0,
            ),
            pool=Pool((item.product,), lexical, dense, fused, np.zeros((1, DIMENSIONS), dtype=np.float32)),
            evidence=Evidence(shown.events, shown.products, np.zeros((events, DIMENSIONS), dtype=np.float32)),
            wanted=wanted,
            granted=wanted.granted([item.product]),
            question=question_of(need, self.vocabulary),
            config=RecommenderConfig(),
        )


def asked_why(said: Understanding, before: Before) -> Asked | None:
    """Whether a message asks for reasons, and of what; None for one that does not, or with nothing on screen."""
    if not before.page or cue("why-price").search(said.text):
        return None
    if found := cue("why-not").search(said.text):
        return _missing(said, said.text[found.end() :])
    if not cue("why").search(said.text):
        return None
    if _SEVERAL.search(said.text):
        return Asked(cards=before.page)
    picks = pointed_at(said, before.page)
    if not picks and before.focus and not said.item_refs:
        picks = (before.in_focus,) if before.in_focus else ()
    return Asked(cards=picks[:1] or before.page)


def _missing(said: Understanding, rest: str) -> Asked | None:
    """What is missed; None for a wish in the form of a question ("why not something cheaper")."""
    missing = _AROUND.sub("", rest).strip()
    if not missing or direction(rest) or said.price:
        return None
    names = any(slot.name in _THINGS and slot.text in rest for slot in said.slots)
    return Asked(missing=missing, claimed=names or bool(_A_THING.search(rest)))


def shown_with(shop: Shop, recommendation_id: int, events: Sequence[Event]) -> Shown | None:
    """The page that a card stood on, with what was done before it; None where there is none (any more)."""
    impression = shop.impressions.get(recommendation_id)
    if impression is None:
        return None
    earlier = [event for event in events if event.at < impression.shown_at]
    products = shop.catalogue.get([event.product_id for event in earlier])
    known = tuple(event for event in earlier if event.product_id in products)
    return Shown(
        candidates=shop.impressions.of_turn(impression.turn_id),
        need=shop.transcripts.need(impression.turn_id) or Need(),
        at=impression.shown_at,
        events=known,
        products=tuple(products[event.product_id] for event in known),
    )


def why_draft(cards: Sequence[Recommendation], telling: Telling) -> Draft:
    """The story of one card, or a line for each of several."""
    lines: list[Line] = []
    for card in cards:
        item = next((one for one in telling.shown.candidates if one.id == card.id), card)
        story = why(item, telling.shown.candidates, telling.witness(item))
        lines += (_whole if len(cards) == 1 else _brief)(item, story, telling)
    return telling.draft(lines)


def _whole(item: Recommendation, story: Story, telling: Telling) -> Iterator[Line]:
    yield Line("why-shown", {"title": item.product.title_in(telling.language)})
    if story.paid:
        yield Line("why-paid")
    for reason in story.gave_way:
        yield Line("why-gave-way", {"what": reason_line(reason, telling)})
    for reason in story.pros:
        yield Line("why-for", {"what": reason_line(reason, telling)})
    for point in story.cons:
        yield Line("why-against", {"what": point_line(point, telling)})
    if story.tried:
        yield Line("why-tried")
    if not (story.pros or story.gave_way or story.paid or story.tried):
        yield Line("why-nothing")


def _brief(item: Recommendation, story: Story, telling: Telling) -> Iterator[Line]:
    facts = {"position": item.position, "title": item.product.title_in(telling.language)}
    paid = (Line("reason-sponsored"),) if story.paid else ()
    said = (*paid, *(reason_line(reason, telling) for reason in (*story.gave_way, *story.pros[:1])))
    yield Line("why-card", {**facts, "what": said[0]}) if said else Line("why-card-nothing", facts)


def reason_line(reason: Reason, telling: Telling) -> Line:
    """A reason as a line, its normal forms in the shopper's words."""
    facts = {name: fact for name, fact in reason.facts.items() if name != "product_id"}
    slot = _TASTES.get(reason.code) or reason.facts.get("slot")
    for name in ("value", "wanted"):
        if slot and facts.get(name) and isinstance(facts[name], str):
            facts[name] = wish_name(Wish(SlotName(slot), facts[name]), telling.vocabulary, telling.language)
    return Line(f"reason-{reason.code.value.replace('_', '-')}", facts)


def point_line(point: Point, telling: Telling) -> Line:
    """What spoke against a product as a line."""
    facts = {name: fact for name, fact in point.facts.items() if name != "slot"}
    if slot := point.facts.get("slot"):
        facts["value"] = wish_name(Wish(SlotName(slot), facts["value"]), telling.vocabulary, telling.language)
    return Line(f"against-{point.code.value.replace('_', '-')}", facts)
