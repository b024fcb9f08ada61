"""The answer in the making: which lines, chips and cards a turn deserves. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.money import Rates
from bot.reply import Action, Chip, Line, Option
from bot.summary import chips_of, what
from bot.talk import PAGE_INTENTS, WORDS, compare, facts_of, missing_item, pointed_at
from recommender.filters import unknown_wishes
from storage.records import (
    Intent,
    Language,
    Need,
    Product,
    Recommendation,
    Slate,
    SlotName,
    Understanding,
    Vocabulary,
)

# Below this the bot says that it is not sure, unless the words name something to search for.
UNSURE_BELOW = 0.35
_FACT_SLOTS = (SlotName.BRAND, SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE, SlotName.AUDIENCE)


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply before it is recorded: its cards are still a slate without ids."""

    need: Need
    lines: tuple[Line, ...] = ()
    chips: tuple[Chip, ...] = ()
    options: tuple[Option, ...] = ()
    slate: Slate | None = None
    has_more: bool = False
    edits_turn: int = 0

    def after(self, first: Draft) -> Draft:
        """This draft with the lines of another in front."""
        return replace(self, lines=(*first.lines, *self.lines))


def words_draft(
    said: Understanding,
    need: Need,
    page: tuple[Recommendation, ...],
    language: Language,
    vocabulary: Vocabulary,
    unknown_rate: bool = False,
) -> Draft:
    """The part of the answer that needs no search, a line or more for each request of the message."""
    lines: list[Line] = []
    for intent in dict.fromkeys((said.intent, *said.also)):
        lines += _spoken(intent, said, need, page, language, vocabulary)
    if unknown_rate and said.price:
        lines.append(Line("unknown-currency", {"currency": said.price.currency}))
    return Draft(need=need, lines=tuple(lines))


def _spoken(
    intent: Intent,
    said: Understanding,
    need: Need,
    page: tuple[Recommendation, ...],
    language: Language,
    vocabulary: Vocabulary,
) -> tuple[Line, ...]:
    if intent is said.intent and said.confidence < UNSURE_BELOW and intent not in PAGE_INTENTS:
        return (Line("unsure"),)
    picks = pointed_at(said, page)
    match intent:
        case Intent.LIKE:
            return tuple(Line("liked", {"title": p.product.title_in(language)}) for p in picks) or (missing_item(page),)
        case Intent.DISLIKE:
            return (Line("disliked"),) if page else (Line("no-items-shown"),)
        case Intent.COMPARE:
            return compare(picks or page, language) if page else (Line("no-items-shown"),)
        case Intent.ASK_PRODUCT:
            if not picks:
                return (missing_item(page),)
            return facts_of(picks[0].product, language, _labels(picks[0].product, vocabulary, language))
        case Intent.MORE if need.empty:
            return (Line("need-more"),)
        case _:
            return (Line(WORDS[intent]),) if intent in WORDS else ()


def _labels(product: Product, vocabulary: Vocabulary, language: Language) -> dict[SlotName, tuple[str, ...]]:
    return {
        slot: (product.brand,)
        if slot is SlotName.BRAND and product.brand
        else tuple(vocabulary.label(slot, value, language) for value in product.values(slot))
        for slot in _FACT_SLOTS
    }


def page_draft(
    need: Need,
    slate: Slate,
    vocabulary: Vocabulary,
    language: Language,
    said: Understanding,
    anchor_title: str,
    rates: Rates,
    action: Action | None = None,
    pick: Recommendation | None = None,
) -> Draft:
    """The header over a page of cards, or the plain word that there is none, with the chips to change it."""
    chips = chips_of(need, vocabulary, language, anchor_title)
    lines = [_header(need, slate, chips, said, anchor_title, action, pick, language)]
    if missing := _not_carried(need, said, vocabulary):
        lines.insert(0, Line("not-carried", {"value": missing}))
    if need.price_said and need.price and need.price_said.currency not in (None, rates.currency):
        lines.append(_converted(need, rates))
    if not slate.page and chips:
        lines.append(Line("relax-hint"))
    has_more = bool(slate.page) and len(slate.items) > len(slate.page)
    return Draft(need=need, lines=tuple(lines), chips=chips, slate=slate, has_more=has_more)


def _not_carried(need: Need, said: Understanding, vocabulary: Vocabulary) -> str:
    """Brands and kinds of thing that this message asked for and that this shop does not know, as they were said."""
    unknown = [w for w in unknown_wishes(need, vocabulary) if w.name in (SlotName.BRAND, SlotName.CATEGORY)]
    return ", ".join(dict.fromkeys(w.text for w in unknown if w.text and w.text in said.text))


def _header(
    need: Need,
    slate: Slate,
    chips: tuple[Chip, ...],
    said: Understanding,
    anchor_title: str,
    action: Action | None,
    pick: Recommendation | None,
    language: Language,
) -> Line:
    parts = what(chips)
    if not slate.page:
        gone = said.intent is Intent.MORE or action in (Action.MORE, Action.LESS_LIKE)
        return Line("nothing-left") if gone else Line("nothing-found", {"what": parts})
    if action is Action.CHEAPER and pick:
        title, price = pick.product.title_in(language), pick.product
        return Line("found-cheaper", {"title": title, "amount": price.price, "currency": price.currency})
    if need.cheapest and parts:
        return Line("found-cheapest", {"what": parts})
    if need.like_product and anchor_title:
        return Line("found-like", {"title": anchor_title})
    if not parts:
        return Line("found-inspire")
    return Line("found-more" if said.intent is Intent.MORE else "looking-for", {"what": parts})


def _converted(need: Need, rates: Rates) -> Line:
    said, shop = need.price_said, need.price
    assert said is not None and shop is not None
    return Line(
        "converted",
        {
            "said": said.max if said.max is not None else said.min,
            "said_currency": said.currency,
            "limit": shop.max if shop.max is not None else shop.min,
            "limit_currency": shop.currency,
            "date": rates.day,
        },
    )
