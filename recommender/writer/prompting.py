"""The prompt of a page: a versioned text, then the facts as JSON between two lines that nothing inside can repeat.

The marker is drawn for each call and is no part of what is quoted; angle brackets and line ends inside the data are
written as JSON escapes, so that no text of a catalogue or a shopper can end its own quotation.
"""

from __future__ import annotations

import json
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from recommender.writer.amounts import money
from recommender.writer.contract import CardFacts, PageFacts
from storage.records import Language, ReasonCode, SlotName

PROMPT = "v1"
_FOLDER = Path(__file__).parent / "prompts"
_HOLDS = {
    ReasonCode.IN_STOCK: "in stock",
    ReasonCode.NEW: "new in the shop",
    ReasonCode.POPULAR: "popular with other shoppers",
    ReasonCode.WELL_RATED: "well rated",
    ReasonCode.IN_SEASON: "in season",
    ReasonCode.LIKE_SESSION: "close to what the shopper liked today",
    ReasonCode.MATCHES_MEANING: "fits what the shopper described",
}
_LIKED = {
    ReasonCode.LIKES_BRAND: "brand",
    ReasonCode.LIKES_CATEGORY: "kind",
    ReasonCode.LIKES_COLOR: "colour",
    ReasonCode.LIKES_MATERIAL: "material",
}
_VALUES_A_SLOT = 6


def messages(page: PageFacts) -> list[tuple[str, str]]:
    """System and user message for one call."""
    return [("system", prompt(page.language)), ("user", quoted(page))]


@cache
def prompt(language: Language) -> str:
    """The text of the prompt in use."""
    return (_FOLDER / f"{PROMPT}.{language}.txt").read_text(encoding="utf-8").strip()


def quoted(page: PageFacts) -> str:
    """The facts between their marker lines."""
    body = {
        "language": page.language,
        "what_the_shopper_typed": page.said,
        "number_of_cards": len(page.cards),
        "cards": [_card(card, page.language) for card in page.cards],
    }
    text = json.dumps(body, ensure_ascii=False, indent=1)
    for sign in "<>":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    marker = secrets.token_hex(8)
    return f"<<data {marker}>>\n{text}\n<<end of data {marker}>>"


def _card(card: CardFacts, language: Language) -> dict[str, Any]:
    facts = {
        "card": card.position,
        "name": card.name,
        **{_slot(slot): list(words[:_VALUES_A_SLOT]) for slot, words in card.values.items()},
        "price": money(card.price, card.currency, language),
        "budget": money(card.limit, card.currency, language) if card.limit is not None else "",
        "rating": _rating(card, language),
        "further": dict(card.measures),
        "asked_for": sorted(card.wished),
        "liked": {_LIKED[code]: list(words) for code, words in card.liked.items()},
        "similar_to": card.similar_to,
        "season": card.season,
        "matched_words": card.words,
        "holds": [words for code, words in _HOLDS.items() if code in card.reasons],
    }
    return {name: fact for name, fact in facts.items() if fact}


def _slot(slot: SlotName) -> str:
    return {SlotName.CATEGORY: "kind", SlotName.AUDIENCE: "for_whom", SlotName.OCCASION: "good_for"}.get(
        slot, slot.value
    )


def _rating(card: CardFacts, language: Language) -> str:
    if card.rating is None:
        return ""
    if language == "zh":
        return f"{card.rating_count}位买家评分{card.rating}分"
    return f"{card.rating} stars from {card.rating_count} {'buyer' if card.rating_count == 1 else 'buyers'}"
