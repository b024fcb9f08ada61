"""The answer in the making: which lines, chips and cards a turn deserves. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.case_step import CaseStep
from bot.money import Rates
from bot.naming import wish_name
from bot.relaxed import exact_chips, relaxed_header
from bot.reply import Action, Attachment, Chip, ErrandAct, Line, Option
from bot.summary import chips_of, names_a_thing, range_line, what
from bot.talk import PAGE_INTENTS, WORDS, missing_item, pointed_at
from bot.understanding.narrower import of_some_alone
from bot.understanding.relative import Direction
from bot.understanding.size_charts import size_lines
from recommender.allergens import covered_by
from recommender.facts import well_rated
from recommender.filters import unknown_wishes
from recommender.wishes import wanted_of
from storage.preferences import Preference
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
    Wish,
)
from storage.shop import Shop

# Below this the bot says that it is not sure, unless the words name something to search for.
UNSURE_BELOW = 0.35
BACK = Option(Line("button-back"), does=ErrandAct("page", "back"))
"""Beside More: to the page before (bot/errands/pages.py)."""
_SOFT = frozenset({SlotName.OCCASION, SlotName.FEATURE})  # searched for, never a limit
_NOTHING_SERVED: Mapping[Intent, Draft] = MappingProxyType({})
_SHOPPING_ON = frozenset({Action.MORE, Action.LESS_LIKE})


Effect = Callable[[Shop], object]
"""What a turn changes in the shop besides its own record. Runs in the database's thread, in the turn's commit."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply before it is recorded: its cards are still a slate without ids. `step` is what it does to the shopper's
    case, `effect` what an errand does, both in the commit of the turn; a `silent` one says nothing, but for the `toast`
    that may answer a tap in the place of a message. One that `seeks` goes on to a page of products for its need. `foot`
    are errands' buttons beside More, on the turn itself; `points_at` the places on the page that a tap was about,
    `stated` what the shopper says for good: it holds for the page that is sought now. After one that
    `clears`, nothing is on screen.
    """

    need: Need
    lines: tuple[Line, ...] = ()
    chips: tuple[Chip, ...] = ()
    options: tuple[Option, ...] = ()
    slate: Slate | None = None
    has_more: bool = False
    edits_turn: int = 0
    step: CaseStep | None = None
    silent: bool = False
    effect: Effect | None = None
    attachments: tuple[Attachment, ...] = ()
    seeks: bool = False
    toast: Line | None = None
    foot: tuple[Option, ...] = ()
    points_at: tuple[int, ...] = ()
    stated: tuple[Preference, ...] = ()
    clears: bool = False

    def then(self, other: Draft) -> Draft:
        """Both of them, this one's words first; what the other one has a page, a need or an edit for, holds."""
        effects = [effect for effect in (self.effect, other.effect) if effect]
        return replace(
            other,
            lines=(*self.lines, *other.lines),
            chips=(*self.chips, *other.chips),
            options=(*self.options, *other.options),
            foot=(*self.foot, *other.foot),
            attachments=(*self.attachments, *other.attachments),
            slate=other.slate or self.slate,
            edits_turn=other.edits_turn or self.edits_turn,
            step=other.step or self.step,
            clears=self.clears or other.clears,
            points_at=other.points_at or self.points_at,
            seeks=self.seeks or other.seeks,
            effect=(lambda shop: [effect(shop) for effect in effects]) if effects else None,
        )

    @property
    def codes(self) -> frozenset[str]:
        """What it says, as codes."""
        return frozenset(line.code for line in self.lines)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page answers: a message or a button (`action` on the card `pick`).

    `way` is set where the message leaned on the prices shown, `rejected` where it disliked the whole page; `seen`
    are the products shown for this need so far, which More would leave out.
    """

    said: Understanding
    action: Action | None = None
    pick: Recommendation | None = None
    way: Direction | None = None
    rejected: bool = False
    seen: frozenset[str] = frozenset()

    @property
    def on(self) -> bool:
        """Whether it goes on with the same wish, past what was shown."""
        return self.said.intent is Intent.MORE or self.rejected or self.action in _SHOPPING_ON


def words_draft(
    said: Understanding,
    need: Need,
    page: tuple[Recommendation, ...],
    language: Language,
    unknown_rate: bool = False,
    served: Mapping[Intent, Draft] = _NOTHING_SERVED,
) -> Draft:
    """The part of the answer that needs no search, a line or more for each request of the message; `served` are the
    drafts of those that errands serve.
    """
    draft = Draft(need=need)
    for intent in dict.fromkeys((said.intent, *said.also)):
        spoken = Draft(need=draft.need, lines=_spoken(intent, said, need, page, language))
        draft = draft.then(served.get(intent) or spoken)
    if unknown_rate and said.price:
        draft = replace(draft, lines=(*draft.lines, Line("unknown-currency", {"currency": said.price.currency})))
    return draft


def _spoken(
    intent: Intent,
    said: Understanding,
    need: Need,
    page: tuple[Recommendation, ...],
    language: Language,
) -> tuple[Line, ...]:
    if intent is said.intent and said.confidence < UNSURE_BELOW and intent not in PAGE_INTENTS:
        return (Line("unsure"),)
    picks = pointed_at(said, page)
    match intent:
        case Intent.LIKE:
            return tuple(Line("liked", {"title": p.product.title_in(language)}) for p in picks) or (missing_item(page),)
        case Intent.DISLIKE:
            pointing = any(slot.name is SlotName.ITEM_REF for slot in said.slots)
            return (Line("disliked" if page else "no-items-shown" if pointing else "sorry-to-hear"),)
        case Intent.COMPARE | Intent.ASK_PRODUCT if not picks:
            return (missing_item(page),)
        case Intent.MORE if need.empty and need.since is None:
            return (Line("need-more"),)
        case _:
            return (Line(WORDS[intent]),) if intent in WORDS else ()


def page_draft(
    need: Need,
    slate: Slate,
    vocabulary: Vocabulary,
    language: Language,
    asked: Asked,
    anchor_title: str,
    rates: Rates,
) -> Draft:
    """The header over a page of cards, or the plain word that there is none, with the chips to change it."""
    chips = (*chips_of(need, vocabulary, language, anchor_title), *exact_chips(need, slate))
    parts = what(need, vocabulary, language, anchor_title)
    if slate.ways:
        lines = [relaxed_header(need, slate, parts, vocabulary, language), *_also_ordered(need, slate)]
    else:
        lines = [_header(need, slate, parts, asked, anchor_title, language)]
    if missing := _not_carried(need, slate, asked.said, vocabulary):
        lines.insert(0, Line("not-carried", {"value": missing}))
    if slate.page and (unsaid := _not_stated(need, slate, asked.said, vocabulary, language)):
        lines.append(Line("not-stated", {"value": unsaid}))
    if slate.page and (allergen := _allergen(need, asked.said, vocabulary, language)):
        lines.append(Line("read-the-label", {"what": allergen}))
    lines += of_some_alone(need, [item.product for item in slate.page], vocabulary)
    if need.best_rated and slate.page and not any(item.product.rating_count for item in slate.page):
        lines.append(Line("nobody-rated"))
    if asked.said.price and need.price_said and need.price and need.price_said.currency not in (None, rates.currency):
        lines.append(_converted(need, rates))
    lines += size_lines(need, asked.said, vocabulary)
    if not slate.page and chips:
        lines.append(Line("relax-hint"))
    has_more = bool(slate.page) and any(i.position == 0 and i.product.id not in asked.seen for i in slate.items)
    foot = (BACK,) if slate.page and asked.seen else ()
    return Draft(need=need, lines=tuple(lines), chips=chips, slate=slate, has_more=has_more, foot=foot)


def _allergen(need: Need, said: Understanding, vocabulary: Vocabulary, language: Language) -> tuple[Line, ...]:
    """What this message refuses that may harm somebody: what the shop's texts leave out, a label may say."""
    refused = [w for w in need.wishes if w.negated and w.text and w.text in said.text]
    return tuple(wish_name(w, vocabulary, language) for w in refused if covered_by(w.value) or covered_by(w.text))


def _not_carried(need: Need, slate: Slate, said: Understanding, vocabulary: Vocabulary) -> str:
    """Brands and kinds of thing that this message asked for and that this shop does not know, as they were said; what
    a card of the page is called by, it does.
    """
    titles = [f"{item.product.title} {item.product.title_zh}".casefold() for item in slate.page]
    unknown = [w for w in unknown_wishes(need, vocabulary) if w.name in (SlotName.BRAND, SlotName.CATEGORY)]
    return ", ".join(
        dict.fromkeys(
            w.text
            for w in unknown
            if w.text and w.text in said.text and not any(w.text.casefold() in t for t in titles)
        )
    )


def _not_stated(
    need: Need, slate: Slate, said: Understanding, vocabulary: Vocabulary, language: Language
) -> tuple[Line, ...]:
    """Properties that this message asked for and that no text of the page mentions."""
    fresh = [w for w in need.wishes if w.name in _SOFT and not w.negated and w.text and w.text in said.text]
    if not fresh:
        return ()
    products = [item.product for item in slate.page]
    return tuple(wish_name(w, vocabulary, language) for w in fresh if not _mentioned(w, need, products, vocabulary))


def _mentioned(wish: Wish, need: Need, products: list[Product], vocabulary: Vocabulary) -> bool:
    return bool(wanted_of(replace(need, wishes=(wish,)), vocabulary).granted(products).any())


def _header(
    need: Need, slate: Slate, parts: tuple[Line, ...], asked: Asked, anchor_title: str, language: Language
) -> Line:
    if not slate.page:
        return _nothing(need, parts, asked)
    if asked.action is Action.CHEAPER and asked.pick:
        product = asked.pick.product
        amount = {"amount": product.price, "currency": product.currency}
        return Line("found-cheaper", {"title": product.title_in(language), **amount})
    if asked.way:
        return Line("found-lower" if asked.way is Direction.CHEAPER else "found-higher", {"what": parts})
    if order := _order_line(need, slate, parts):
        return order
    if asked.on and parts:
        return Line("found-more")
    if asked.pick and need.like_product == asked.pick.product.id:
        return Line("found-like", {"title": anchor_title})
    if not parts:
        return Line("found-inspire")
    return Line("looking-for" if names_a_thing(need) else "looking-within", {"what": parts})


def _also_ordered(need: Need, slate: Slate) -> tuple[Line, ...]:
    """In which order a page stands whose limits gave way; of several ways, each has its own order, and none is said."""
    if len(slate.ways) > 1 or not need.ordered or not slate.page:
        return ()
    if need.cheapest:
        return (Line("ordered-cheapest"),)
    return (Line("ordered-rated"),) if any(item.product.rating_count for item in slate.page) else ()


def _order_line(need: Need, slate: Slate, parts: tuple[Line, ...]) -> Line | None:
    """In which order the page stands, where one was asked for and is kept."""
    products = [item.product for item in slate.page]
    if need.cheapest and parts:
        good = need.best_rated and all(well_rated(product) for product in products)
        return Line("found-cheapest-rated" if good else "found-cheapest", {"what": parts})
    if not need.best_rated or need.cheapest or not any(product.rating_count for product in products):
        return None
    return Line("found-best-rated", {"what": parts}) if parts else Line("found-best-rated-any")


def _nothing(need: Need, parts: tuple[Line, ...], asked: Asked) -> Line:
    if asked.way or asked.action is Action.CHEAPER:
        return Line("nothing-higher" if asked.way is Direction.DEARER else "nothing-lower")
    if asked.on:
        return Line("nothing-left")
    return Line("nothing-found" if names_a_thing(need) else "nothing-within", {"what": parts})


def _converted(need: Need, rates: Rates) -> Line:
    said, shop = need.price_said, need.price
    assert said is not None and shop is not None
    if said.min is not None and said.max is not None:
        ranges = {"said": range_line(said, said.currency), "limit": range_line(shop, shop.currency)}
        return Line("converted", {**ranges, "date": rates.day})
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
