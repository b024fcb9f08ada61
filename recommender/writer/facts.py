"""The closed facts of a page: from the reasons that hold and the catalogue rows, in words of the reply's language.

A writer may say nothing else, and the checker lets nothing else pass. Descriptions are left out: what stands in them
may be negated, promised or meant for somebody else, and no list of words can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from recommender.facts import ENOUGH_RATINGS, GOOD_RATING, MANY_RATINGS
from recommender.writer.contract import CardFacts, PageFacts
from recommender.writer.untrusted import bounded, fit
from storage.records import (
    Language,
    Need,
    Product,
    Reason,
    ReasonCode,
    Recommendation,
    SlotName,
    Vocabulary,
)

NAME_LIMIT, WORD_LIMIT, SAID_LIMIT, MEASURES = 90, 40, 200, 4
_SHOWN = (SlotName.CATEGORY, SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE, SlotName.AUDIENCE)
_TASTES: Mapping[ReasonCode, SlotName] = {
    ReasonCode.LIKES_BRAND: SlotName.BRAND,
    ReasonCode.LIKES_CATEGORY: SlotName.CATEGORY,
    ReasonCode.LIKES_COLOR: SlotName.COLOR,
    ReasonCode.LIKES_MATERIAL: SlotName.MATERIAL,
}
# Columns of feeds whose values are words for the thing itself; every other column is a measure and keeps its name.
_WORD_COLUMNS: Mapping[str, SlotName] = {
    "kind": SlotName.CATEGORY,
    "features": SlotName.FEATURE,
    "feature": SlotName.FEATURE,
    "occasions": SlotName.OCCASION,
    "occasion": SlotName.OCCASION,
}
_UNTOLD = frozenset({"model"})
_LIST = re.compile(r"\s*[,;，、；/]\s*")
_HAN = re.compile(r"[\u3400-\u9fff]")


def page_facts(
    page: Sequence[Recommendation], need: Need, vocabulary: Vocabulary, language: Language | None = None
) -> PageFacts:
    """What may be said of the cards of a page, in their order; in the need's language unless told otherwise."""
    language = language or need.language
    cards = tuple(card_facts(card, need, vocabulary, language) for card in page)
    return PageFacts(language, cards, bounded(need.query, SAID_LIMIT))


def card_facts(card: Recommendation, need: Need, vocabulary: Vocabulary, language: Language) -> CardFacts:
    """What may be said of one card."""
    product = card.product
    words = _Words(vocabulary, language)
    # "Right for Christmas" is not "in season": an occasion has words of its own, which the template knows.
    reasons = {reason.code: reason for reason in card.reasons if not reason.facts.get("occasion")}
    values = _values(product, card.reasons, words)
    limit = _limit(product, need)
    return CardFacts(
        position=card.position,
        price=product.price,
        currency=product.currency,
        name=fit(product.title_in(language), NAME_LIMIT),
        limit=limit,
        rating=product.rating if product.rating_count > 0 else None,
        rating_count=product.rating_count if product.rating is not None else 0,
        values=values,
        wished=_wished(product, need, card.reasons, words),
        liked=_liked(reasons, words),
        similar_to=_similar(reasons),
        season=_season(reasons, words),
        words=_said(reasons),
        measures=_measures(product, language),
        reasons=frozenset(reasons) | _known(product, limit),
    )


class _Words:
    """Normal forms as the words of one language that mean just that and nothing narrower."""

    def __init__(self, vocabulary: Vocabulary, language: Language) -> None:
        self.vocabulary, self.language = vocabulary, language

    def of(self, slot: SlotName, value: str) -> tuple[str, ...]:
        """Words for a value, the best one for showing first; none where the language has none."""
        term = self.vocabulary.by_value.get((slot, value))
        label = term.label(self.language) if term else value
        if self.language == "zh" and term and not term.zh:
            return ()
        found = _audience(label) if slot is SlotName.AUDIENCE and self.language == "zh" else (label,)
        if slot is SlotName.SIZE:
            found = (value.upper(), label)
        elif self.language == "en":
            found = (*found, value)
        trusted = term is not None and slot not in (SlotName.BRAND, SlotName.SIZE)
        return tuple(
            word for word in dict.fromkeys(found) if (trusted or fit(word, WORD_LIMIT)) and self._speaks(word, slot)
        )

    def _speaks(self, word: str, slot: SlotName) -> bool:
        if slot in (SlotName.BRAND, SlotName.SIZE):
            return True
        return bool(_HAN.search(word)) if self.language == "zh" else word.isascii()


def _audience(label: str) -> tuple[str, ...]:
    return (f"{label}士", f"{label}款", f"{label}性") if label in ("男", "女") else (label,)


def _values(product: Product, reasons: Iterable[Reason], words: _Words) -> dict[SlotName, tuple[str, ...]]:
    found: dict[SlotName, list[str]] = {}
    for column, slot in _WORD_COLUMNS.items():
        for value in _LIST.split(product.attributes.get(column, "")):
            if value and (words.language == "en" or (slot, value) in words.vocabulary.by_value):
                found.setdefault(slot, []).extend(words.of(slot, value))
    for slot in _SHOWN:
        for value in product.values(slot):
            found.setdefault(slot, []).extend(words.of(slot, value))
    if brand := fit(product.brand, WORD_LIMIT):
        found[SlotName.BRAND] = [brand]
    for slot, value in _granted(reasons):
        if slot is not SlotName.BRAND:
            found.setdefault(slot, []).extend(words.of(slot, value))
    return {slot: tuple(dict.fromkeys(each)) for slot, each in found.items() if each}


def _granted(reasons: Iterable[Reason]) -> list[tuple[SlotName, str]]:
    return [
        (SlotName(reason.facts["slot"]), str(reason.facts["value"]))
        for reason in reasons
        if reason.code is ReasonCode.HAS_WISH and "slot" in reason.facts and "value" in reason.facts
    ]


def _wished(product: Product, need: Need, reasons: Iterable[Reason], words: _Words) -> frozenset[str]:
    """Words of what was asked for and is known to be there."""
    asked = [(wish.name, wish.value) for wish in need.wishes if not wish.negated]
    held = [(slot, value) for slot, value in asked if value in product.values(slot)]
    found = {word for slot, value in (*held, *_granted(reasons)) for word in words.of(slot, value)}
    if any(slot is SlotName.BRAND for slot, _ in held):
        found.add(product.brand)
    return frozenset(found)


def _liked(reasons: Mapping[ReasonCode, Reason], words: _Words) -> dict[ReasonCode, tuple[str, ...]]:
    found: dict[ReasonCode, tuple[str, ...]] = {}
    for code, slot in _TASTES.items():
        value = reasons[code].facts.get("value") if code in reasons else None
        if isinstance(value, str):
            found[code] = (value,) if slot is SlotName.BRAND else words.of(slot, value)
    return found


def _similar(reasons: Mapping[ReasonCode, Reason]) -> str:
    named = [reasons[code] for code in (ReasonCode.LIKE_PRODUCT, ReasonCode.LIKE_SESSION) if code in reasons]
    return next((fit(str(reason.facts.get("title", "")), NAME_LIMIT) for reason in named), "")


def _season(reasons: Mapping[ReasonCode, Reason], words: _Words) -> str:
    reason = reasons.get(ReasonCode.IN_SEASON)
    season = str(reason.facts.get("season", "")) if reason else ""
    return next(iter(words.of(SlotName.OCCASION, season)), "") if season else ""


def _said(reasons: Mapping[ReasonCode, Reason]) -> str:
    reason = reasons.get(ReasonCode.MATCHES_WORDS)
    return fit(str(reason.facts.get("words", "")), WORD_LIMIT) if reason else ""


def _limit(product: Product, need: Need) -> Decimal | None:
    price = need.price
    if price is None or price.max is None or price.currency not in (None, product.currency):
        return None
    return price.max if product.price <= price.max else None


def _known(product: Product, limit: Decimal | None) -> set[ReasonCode]:
    """Codes that hold by the row alone, whether or not they counted."""
    rated = product.rating is not None and product.rating >= GOOD_RATING and product.rating_count >= ENOUGH_RATINGS
    holding = {
        ReasonCode.WITHIN_BUDGET: limit is not None,
        ReasonCode.WELL_RATED: rated,
        ReasonCode.POPULAR: product.rating_count >= MANY_RATINGS,
        ReasonCode.IN_STOCK: product.stock is not None and product.stock > 0,
    }
    return {code for code, holds in holding.items() if holds}


def _measures(product: Product, language: Language) -> dict[str, str]:
    """Further columns in the language spoken; a Chinese reader is told those that have a Chinese name."""
    found: dict[str, str] = {}
    for name, value in product.attributes.items():
        if name in _WORD_COLUMNS or name in _UNTOLD or len(found) == MEASURES:
            continue
        if bool(_HAN.search(name)) == (language == "zh") and fit(name, WORD_LIMIT) and fit(value, WORD_LIMIT):
            found[name] = value
    return found
