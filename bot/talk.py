"""Answers that need no search: pure functions from what was said and what is on screen to lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.attributes import attribute_name
from bot.release import names_a_part
from bot.reply import Line
from recommender.wishes import wanted_of
from storage.records import (
    Intent,
    Language,
    Need,
    Product,
    Recommendation,
    Slot,
    SlotName,
    Understanding,
    Vocabulary,
    Wish,
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
        if said and said.item_refs and len(picks := pointed_at(said, page)) == 1:
            return picks[0].position
    return next((item.position for item in page if item.product.id == reacted), 0)


def missing_item(page: tuple[Recommendation, ...]) -> Line:
    """What to say when a message needs an item and points at none."""
    return Line("which-item", {"count": len(page)}) if page else Line("no-items-shown")


def compare(picks: tuple[Recommendation, ...], language: Language) -> tuple[Line, ...]:
    """Two or more items side by side: a row each, then the cheapest and the best rated where they differ."""
    if len(picks) < 2:
        return (Line("compare-need-two"),)
    products = [pick.product for pick in picks]
    rows = [_row(pick, language) for pick in picks]
    cheapest = min(products, key=lambda product: product.price)
    lines = [Line("compare-intro"), *rows]
    if sum(product.price == cheapest.price for product in products) == 1:
        lines.append(Line("compare-cheapest", {"title": cheapest.title_in(language)}))
    rated = [product for product in products if product.rating is not None and product.rating_count >= 5]
    if len(rated) > 1 and len({product.rating for product in rated}) > 1:
        best = max(rated, key=lambda product: product.rating or 0.0)
        lines.append(Line("compare-best-rated", {"title": best.title_in(language)}))
    return tuple(lines)


def _row(pick: Recommendation, language: Language) -> Line:
    product = pick.product
    facts = {
        "position": pick.position,
        "title": product.title_in(language),
        "amount": product.price,
        "currency": product.currency,
    }
    if product.rating is None:
        return Line("compare-row", facts)
    return Line("compare-row-rated", {**facts, "rating": product.rating, "count": product.rating_count})


def facts_of(product: Product, language: Language, labels: Mapping[SlotName, tuple[str, ...]]) -> tuple[Line, ...]:
    """What the shop says of one product, nothing more: its description and its known facts."""
    lines = [Line("product-facts", {"title": product.title_in(language)})]
    lines.append(Line("fact-price", {"amount": product.price, "currency": product.currency}))
    if text := product.description_in(language):
        lines.append(Line("quote", {"text": text}))
    lines += [Line(f"fact-{slot.value}", {"values": values}) for slot, values in labels.items() if values]
    for name, value in product.attributes.items():
        if label := attribute_name(name, value, language):
            lines.append(Line("fact-other", {"name": label, "value": value}))
    return tuple(lines)


_KNOWN_VALUES = frozenset({SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE})
_ASKABLE = frozenset({*_KNOWN_VALUES, SlotName.FEATURE, SlotName.OCCASION})


def told_of(said: Understanding, product: Product, vocabulary: Vocabulary, language: Language) -> tuple[Line, ...]:
    """A straight answer to "is it waterproof?": yes, no or unsaid, by the shop's own texts and columns alone."""
    asked = [slot for slot in said.slots if slot.name in _ASKABLE and not names_a_part(slot.text)]
    return tuple(Line(_verdict(slot, product, vocabulary, language), {"value": slot.text}) for slot in asked)


def _verdict(slot: Slot, product: Product, vocabulary: Vocabulary, language: Language) -> str:
    need = Need(language=language, wishes=(Wish(slot.name, slot.value, slot.text),))
    wishes = wanted_of(need, vocabulary).wishes
    if any(wish.granted(product) for wish in wishes):
        return "asked-yes"
    known = slot.name in _KNOWN_VALUES and product.values(slot.name)
    return "asked-no" if known or any(wish.denied(product) for wish in wishes) else "asked-unsaid"
