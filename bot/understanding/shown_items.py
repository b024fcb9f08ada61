"""Which shown item a few sure words mean: "the cheaper one", "and the second?", "add both", "3". Pure.

The model finds numbers; which of the items is cheaper, which two were compared and what was asked last stands on the
screen and in the talk.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.cues import cue
from bot.recall import Before
from bot.talk import PAGE_INTENTS
from bot.understanding.clarifying import certainly, guessed, is_question
from bot.understanding.extremes import counted, extreme, names_extreme
from bot.understanding.pointing import places_named
from storage.records import Intent, Product, Recommendation, Slot, SlotName, Understanding

_AT_A_GLANCE = frozenset({SlotName.COLOR, SlotName.BRAND, SlotName.MATERIAL})
_SHORT = 40  # letters: a longer message says more than which one
_KEPT = frozenset({Intent.LIKE, Intent.SAVE, Intent.ASK_PRODUCT, Intent.COMPARE, Intent.REMOVE_FROM_CART})
# "The cheapest" is one of all that is shown; "the cheaper one" is one of two.
_OF_ALL = re.compile(
    r"\b(?:cheapest|dearest|priciest|most expensive|(?:best|highest|top)[- ]rated)\b|最", re.IGNORECASE
)
_RATED = re.compile(
    r"\b(?:best|highest|better|higher|top)[- ](?:rated|reviewed|reviews?|ratings?)\b|评分|评价|口碑", re.IGNORECASE
)
_BOTH = re.compile(
    r"\b(?:both|(?:the|these|those) two)\b"
    r"|(?:这|那|前面|刚才)的?[两俩][个件款双条]?|[两俩][个件款双条]?[都里]|它们俩",
    re.IGNORECASE,
)
_OF_ITEMS = frozenset(
    {Intent.COMPARE, Intent.ASK_PRODUCT, Intent.ADD_TO_CART, Intent.LIKE, Intent.DISLIKE, Intent.SAVE}
)
_OTHER = re.compile(r"\bthe other(?: one)?\b(?! \w+s\b)|另外?一?[个件款双条]", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?:two|three|four|five|six|several|a few|some|all|both|each|[2-9])\b|[两二三四五六七八九几2-9]|都要|各",
    re.IGNORECASE,
)
_WITH_OTHERS = re.compile(r"\b(?:others?|rest|all)\b|其他|其它|别的|另外|全部", re.IGNORECASE)
_PICTURES = re.compile(r"\b(?:photo|pic|picture|image)s?\b|照片|相片|图|实拍", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:the|this|that)\b|[这那]", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<puts>(?:add|take|buy|get|加|买)\s?)?(?:no\.? ?|number |#)?(?P<number>[1-9])(?:号)?"
    r"|(?P<first>(?:the )?(?:first|second|third|last)(?: one)?|第[一二三1-9]个?)",
    re.IGNORECASE,
)
_CHEAP = re.compile(r"\bcheap(?:er|est)\b|便宜", re.IGNORECASE)
_DEAR = re.compile(r"\b(?:dearest|priciest|(?:most|more) expensive|pricier|dearer)\b|贵", re.IGNORECASE)


def asks_for_different(text: str) -> bool:
    """Whether words ask if several can be had in different colours or sizes: no order, and no wish for another."""
    several = _SEVERAL.search(text) and cue("different-ones").search(text)
    return bool(several and cue("asks-whether").search(text))


def read_of_items(said: Understanding, before: Before) -> Understanding | None:
    """The message as it points at what is shown; None where no sure words do."""
    return (
        _pictures_of_one(said, before)
        or _by_figure(said, before)
        or _pointing(said, before)
        or _price_of_one(said, before)
        or _why_its_price(said, before)
        or _comes_in(said, before)
        or _the_other(said, before)
        or _of_the_two(said, before)
        or _and_that_one(said, before)
        or _bare_number(said, before)
        or _your_pick(said, before)
    )


def kind_of_one(said: Understanding) -> tuple[Slot, ...]:
    """What tells one item from the next at a glance."""
    return tuple(slot for slot in said.slots if slot.name in _AT_A_GLANCE)


def names_another_kind(said: Understanding, page: tuple[Recommendation, ...]) -> bool:
    """ "The cheapest coffee maker" is none of the headphones on screen."""
    kinds = set(said.values(SlotName.CATEGORY))
    return bool(kinds) and not any(kinds & set(card.product.values(SlotName.CATEGORY)) for card in page)


def _pointing(said: Understanding, before: Before) -> Understanding | None:
    """ "The cheaper one", 红色的那个: the one shown item that the words fit. To have it in the cart takes a verb."""
    page, text = before.page, said.text
    if said.item_refs or len(page) < 2 or len(text) > _SHORT or not cue("pointed").search(text):
        return None
    if names_another_kind(said, page):
        return None
    among = _side_by_side(said, before)
    place = _meant(said, among)
    if place is None:
        among, place = page, None if _orders(text) else _meant(said, page)
    if place is None:
        return _cheapest_of_another(said, page)
    return _pointed(said, among[place])


def _pointed(said: Understanding, card: Recommendation) -> Understanding:
    pointed = replace(said, item_refs=(card.position,), slots=(), price=None)
    asking = cue("which-is").search(said.text)
    if not asking and (said.intent in _KEPT or cue("putting").search(said.text)):
        return pointed
    return certainly(replace(pointed, text=""), Intent.ASK_PRODUCT)


def _cheapest_of_another(said: Understanding, page: tuple[Recommendation, ...]) -> Understanding | None:
    """ "The cheapest grey one", 灰色里最便宜的是哪个, where none is grey: a wish, in that order."""
    named = kind_of_one(said)
    if not named or not _orders(said.text) or places_named(replace(said, slots=named), [c.product for c in page]):
        return None
    return certainly(replace(said, item_refs=()), Intent.REFINE) if _OF_ALL.search(said.text) else None


def _by_figure(said: Understanding, before: Before) -> Understanding | None:
    """ "The lightest one", 续航最长的那个, by what the shop states of each; where it does not of all, that is told."""
    if len(before.page) < 2 or len(said.item_refs) == 1 or len(said.text) > _SHORT or not names_extreme(said.text):
        return None
    if names_another_kind(said, before.page) or (
        said.intent is Intent.COMPARE and cue("which-is").search(said.text) and not counted(said.text)
    ):
        return None
    among = _side_by_side(said, before)
    place = extreme(said.text, [card.product for card in among])
    if place is None:
        places = tuple(card.position for card in among)
        return certainly(replace(said, item_refs=places, slots=(), price=None), Intent.COMPARE)
    return _pointed(said, among[place])


def _pictures_of_one(said: Understanding, before: Before) -> Understanding | None:
    """ "More pictures", 有实拍图吗: of the item that is named, or was spoken of last, and no further page of items."""
    if not before.page or not cue("pictures").search(said.text) or _asks_beside_it(said):
        return None
    # "Photos" itself may have been read for a kind of thing.
    said = replace(said, slots=tuple(slot for slot in said.slots if not _PICTURES.search(slot.text)))
    of_a_kind = said.values(SlotName.CATEGORY) and not said.item_refs and not _DEFINITE.search(said.text)
    if of_a_kind or names_another_kind(said, before.page):
        return None
    return _asked_of_one(said, before)


def _asks_beside_it(said: Understanding) -> bool:
    """Whether a question about an item stands beside another request: each is then served as it was read."""
    intents = {said.intent, *said.also}
    return Intent.ASK_PRODUCT in intents and bool(intents - PAGE_INTENTS - {Intent.ASK_PRODUCT})


def _price_of_one(said: Understanding, before: Before) -> Understanding | None:
    """ "How much is it?", "how many are left?" with items on screen is a question about one of them."""
    text = said.text.strip(" ?？!.。")
    asked = before.page and (cue("how-much").fullmatch(text) or cue("how-many-left").fullmatch(text))
    return certainly(said, Intent.ASK_PRODUCT) if asked else None


def _asked_of_one(said: Understanding, before: Before) -> Understanding:
    """The message as a question about the item that it points at, or that its words name where they fit one alone."""
    places = places_named(replace(said, slots=kind_of_one(said)), [card.product for card in before.page])
    refs = said.item_refs or ((before.page[places[0]].position,) if len(places) == 1 else ())
    return certainly(replace(said, item_refs=refs, slots=(), price=None), Intent.ASK_PRODUCT)


def _comes_in(said: Understanding, before: Before) -> Understanding | None:
    """ "Is it available in XS?", 这件有黑色的吗, of the item that was spoken of last, where that was a guess."""
    if not before.focus or not guessed(said) or not cue("comes-in").fullmatch(said.text.strip(" ?？!.。")):
        return None
    return certainly(replace(said, item_refs=said.item_refs or (before.focus,)), Intent.ASK_PRODUCT)


def _why_its_price(said: Understanding, before: Before) -> Understanding | None:
    """ "Why is the first so expensive?" asks about a shown item; with no number, about the one that the words name."""
    if not before.page or not cue("why-price").search(said.text):
        return None
    return _asked_of_one(said, before)


def _the_other(said: Understanding, before: Before) -> Understanding | None:
    """ "The other one", 另一个: of the two that stand side by side, the one that was not spoken of last."""
    places = before.together.places or tuple(card.position for card in before.page)
    if said.item_refs or len(places) != 2 or before.focus not in places or said.intent not in _OF_ITEMS:
        return None
    if not _OTHER.search(said.text):
        return None
    return replace(said, item_refs=tuple(place for place in places if place != before.focus))


def _of_the_two(said: Understanding, before: Before) -> Understanding | None:
    """ "Which of the two ...?", 跟第二个比呢, "add both": the items that stand side by side, or the one that is
    spoken of beside another; not all that is on screen.
    """
    places = before.together.places
    everything = len(said.item_refs) in (0, len(before.page))
    again = before.together.compared and not said.item_refs and cue("which-is").search(said.text)
    of_two = _BOTH.search(said.text) or (said.intent is Intent.COMPARE and again)
    if said.intent in _OF_ITEMS and len(before.page) > 2 and everything and of_two:
        if len(places) == 2:
            return replace(said, item_refs=tuple(sorted(places)))
        return replace(said, item_refs=()) if said.item_refs else None
    [other, *more] = said.item_refs or (0,)
    if said.intent is not Intent.COMPARE or not before.focus or more or other in (0, before.focus):
        return None
    return None if _WITH_OTHERS.search(said.text) else replace(said, item_refs=(before.focus, other))


def _and_that_one(said: Understanding, before: Before) -> Understanding | None:
    """ "And the second?", 第二个呢: what was asked last, of another item; all there is of it where nothing was."""
    if not cue("and-that-one").fullmatch(said.text.strip(" ?？!.。,，")) or len(said.item_refs) != 1:
        return None
    if not before.page:
        return None
    asked = before.question or replace(said, text="", slots=())
    return certainly(replace(asked, item_refs=said.item_refs, language=said.language), Intent.ASK_PRODUCT)


def _bare_number(said: Understanding, before: Before) -> Understanding | None:
    """ "3" and, for a guess, "the first" are of those on screen, where no question is open; "add 1" puts in number 1,
    where none was spoken of of which there could be one.
    """
    text = said.text.strip(" .!。")
    number = _NUMBER.fullmatch(text)
    if number is None or is_question(before.need.asked):
        return None
    puts, place = number["puts"], int(number["number"] or 0)
    ordinal = number["first"] and guessed(said) and said.item_refs
    if (puts and before.focus) or not (ordinal or 1 <= place <= len(before.page)):
        return None
    refs = said.item_refs if ordinal else (place,)
    if puts:
        return certainly(replace(said, slots=(), price=None, quantity=None, item_refs=refs), Intent.ADD_TO_CART)
    return certainly(replace(said, text="", slots=(), price=None, quantity=None, item_refs=refs), Intent.ASK_PRODUCT)


def _your_pick(said: Understanding, before: Before) -> Understanding | None:
    """ "What would you pick?" with items on screen: side by side, what speaks for each is seen."""
    if len(before.page) < 2 or said.item_refs or not cue("your-pick").search(said.text):
        return None
    return None if names_another_kind(said, before.page) else certainly(said, Intent.COMPARE)


def _side_by_side(said: Understanding, before: Before) -> tuple[Recommendation, ...]:
    """What "the cheaper one" is one of: the items that were compared, or looked at one after the other."""
    together = before.together
    if not together.places or (_OF_ALL.search(said.text) and not together.compared):
        return before.page
    return tuple(card for card in before.page if card.position in together.places)


def _orders(text: str) -> bool:
    """Whether items are told apart by price or rating: outside of those compared, none of them is meant."""
    return any(words.search(text) for words in (_RATED, _CHEAP, _DEAR))


def _meant(said: Understanding, page: tuple[Recommendation, ...]) -> int | None:
    """The place, from 0, of the only item that fits."""
    named = kind_of_one(said)
    fitting = places_named(replace(said, slots=named), [card.product for card in page]) if named else range(len(page))
    rated = [_standing(card.product) for card in page]
    ways: tuple[tuple[re.Pattern[str], Callable[[int], float | None]], ...] = (
        (_RATED, lambda at: None if rated[at] is None else -(rated[at] or 0.0)),
        (_CHEAP, lambda at: float(page[at].product.price)),
        (_DEAR, lambda at: -float(page[at].product.price)),
    )
    for words, worth in ways:
        if words.search(said.text):
            ranked = {at: value for at in fitting if (value := worth(at)) is not None}
            best = [at for at, value in ranked.items() if value == min(ranked.values())]
            return best[0] if len(best) == 1 else None
    places = places_named(said, [card.product for card in page])
    return places[0] if len(places) == 1 else None


def _standing(product: Product) -> float | None:
    """How well a product is rated; of two that are rated alike, more buyers are worth more. None where nobody rated."""
    if product.rating is None or not product.rating_count:
        return None
    return float(product.rating) + min(product.rating_count, 10**6) * 1e-9
