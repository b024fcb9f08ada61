"""What a message means on this screen: the model's reading, mended by what a few sure words and the page say.

The transcript keeps what the model said; this is what the turn acts on. Only the talk can tell which
card "it" is, that "more like the second one" is a wish of its own, and that "something nicer" or "the grey one" asks
for another page.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cues import cue
from bot.dialogue import by_price, of_ratings
from bot.recall import Before
from bot.talk import PAGE_INTENTS, pointed_at
from bot.understanding.pointing import places_named
from bot.understanding.relative import Direction, direction
from bot.understanding.release import PRICE, released
from bot.understanding.size_charts import with_regions
from nlu.fold import fold
from storage.records import (
    FILTERED_SLOTS,
    WISHED_SLOTS,
    Intent,
    Language,
    Need,
    PriceRange,
    Recommendation,
    Slot,
    SlotName,
    Understanding,
)

# What is said of one item; without a number it is said of the one that was spoken of last.
_OF_ONE = frozenset({Intent.LIKE, Intent.ASK_PRODUCT, Intent.ADD_TO_CART, Intent.SAVE})
_IT = re.compile(r"\b(?:it|this|that)\b|[这那](?:个|件|款|双|条|只|台)|它", re.IGNORECASE)
_LIKING = frozenset({Intent.LIKE, Intent.ASK_PRODUCT, *PAGE_INTENTS})
_CART = re.compile(r"\b(?:cart|basket|trolley)\b|购物车|购物袋|加购", re.IGNORECASE)
_EACH = re.compile(r"^(?:把?它们|这些|那些)?(?:全部?|都)(?!不)|\b(?:all of|both of|all|everything)\b", re.IGNORECASE)
_WORDLESS = re.compile(r"\W+")
_COURTESY = 10  # letters beside "start over": "please", 吧
_CODE = re.compile(r"(?:\d?x{0,3}[sml]|eu|us|uk|cm|kg|gb|usb|led|ok|okay|[a-z])", re.IGNORECASE)
_VAGUE = frozenset({Intent.LIKE, Intent.INSPIRE, Intent.MORE})
_REPLACED = frozenset({Intent.SEARCH, Intent.MORE, Intent.INSPIRE})


def afresh(said: Understanding) -> bool:
    """Whether the whole wish is taken back: "start over", 重新开始."""
    whole = cue("afresh")
    return bool(whole.search(said.text)) and len(_WORDLESS.sub("", whole.sub("", said.text))) <= _COURTESY


def meaning(said: Understanding, before: Before) -> Understanding:
    """The understanding to act on."""
    said = with_regions(said)
    if said.item_refs == () and before.focus and _about_it(said) and not _takes_all(said):
        said = replace(said, item_refs=(before.focus,))
    if (
        said.intent is Intent.ADD_TO_CART
        and before.page
        and not said.item_refs
        and _wishes(said)
        and not (_buys(said, before) or _also_searches(said))
    ):
        return replace(said, intent=Intent.REFINE)  # "the grey one please" names a colour, not an item
    if said.intent is Intent.LIKE and not said.item_refs and _likes_none_of(said, before):
        return replace(said, intent=Intent.REFINE)  # "lovely, the purple ones", where none is purple
    if said.intent in _VAGUE and before.page and not said.item_refs and not _wishes(said) and direction(said.text):
        return replace(said, intent=Intent.REFINE)
    if said.intent is Intent.MORE and not said.item_refs and (new := _new_limits(said, before.need)):
        kind = any(slot.name is SlotName.CATEGORY and not slot.negated for slot in new)
        return replace(said, intent=Intent.SEARCH if kind else Intent.REFINE)  # "bags after all" is no more of the same
    return _more_like_it(said) if _similar(said, before) else said


def _likes_none_of(said: Understanding, before: Before) -> bool:
    seen = tuple(slot for slot in said.slots if slot.name in (SlotName.COLOR, SlotName.MATERIAL) and not slot.negated)
    products = [card.product for card in before.page]
    several = re.search(r"\bones\b|[这那]?些|的$", said.text)
    return bool(products and seen and several and not places_named(replace(said, slots=seen), products))


def _wishes(said: Understanding) -> bool:
    return any(slot.name in WISHED_SLOTS for slot in said.slots)


def _new_limits(said: Understanding, need: Need) -> list[Slot]:
    """What a message names that is not looked for yet, neither by its value nor in its words."""
    known = {(wish.name, wish.value, wish.negated) for wish in need.wishes}
    words = fold(" ".join((need.query, *(wish.text for wish in need.wishes))))
    return [
        slot
        for slot in said.slots
        if slot.name in FILTERED_SLOTS
        and (slot.name, slot.value, slot.negated) not in known
        and (slot.negated or fold(slot.text) not in words)
    ]


def _also_searches(said: Understanding) -> bool:
    """ "Add it, also show me a cable": what is wished is of the search, and which item is meant may be asked."""
    return Intent.SEARCH in said.also and any(slot.name is SlotName.ITEM_REF for slot in said.slots)


def _buys(said: Understanding, before: Before) -> bool:
    """ "I'll take the mug", "the blue one into my cart": words that decide, about something that is on the screen, or
    about the cart itself; which one is meant may then be asked.
    """
    if not cue("putting").search(said.text):
        return False
    named = places_named(said, [card.product for card in before.page])
    return bool(named or (_CART.search(said.text) and not said.values(SlotName.CATEGORY)))


def leans_on(said: Understanding, before: Before) -> Recommendation | None:
    """The shown item that a changed wish starts from: "in blue, like the second one"; None where it names none."""
    if Intent.REFINE not in (said.intent, *said.also) or not said.item_refs:
        return None
    return next(iter(pointed_at(said, before.page)), None)


def language_for(before: Before, said: Understanding) -> Language:
    """/language, else the script of what was said, else the language of the talk, else Telegram's."""
    if before.chosen_language:
        return before.chosen_language
    if any(letter.isalpha() for letter in said.text) and (before.newcomer or not _of_any_language(said)):
        return said.language
    return before.turn.language if before.newcomer else before.need.language


def _of_any_language(said: Understanding) -> bool:
    """Whether a message is written alike in every language: "M", "xl", "ok", the name of a brand."""
    words = [word for word in re.findall(r"\w+", said.text) if not word.isdigit()]
    named = [slot.text.strip() for slot in said.slots if slot.name in (SlotName.SIZE, SlotName.BRAND)]
    return " ".join(words).isascii() and (said.text.strip() in named or all(_CODE.fullmatch(word) for word in words))


def same_wish(need: Need, other: Need) -> bool:
    """Whether two needs look for the same, in whatever language."""
    return replace(need, language=other.language, asked=other.asked) == other


def way_of(said: Understanding, need: Need) -> Direction | None:
    """Which way from the prices shown, where the message asks for that and names no price itself."""
    if said.intent is not Intent.REFINE or said.price or need.cheapest or by_price(said.text):
        return None  # "the cheapest" is an order, and no step from what is shown
    way = None if PRICE in released(said.text, need) else direction(said.text)
    return None if way is Direction.DEARER and of_ratings(said.text) else way  # "better rated" is no "better"


def in_the_money_of_the_talk(price: PriceRange | None, need: Need) -> PriceRange | None:
    """A bare number after "under 200 yuan" is in yuan too."""
    if price is None or price.currency or not need.price_said:
        return price
    return replace(price, currency=need.price_said.currency)


def wants_page(said: Understanding, need: Need) -> bool:
    """Whether the message asks for products; "more" of nothing does not."""
    intents = {said.intent, *said.also}
    if Intent.MORE in intents and need.empty and need.since is None:
        return Intent.INSPIRE in intents
    return bool(intents & PAGE_INTENTS)


def _about_it(said: Understanding) -> bool:
    intents = {said.intent, *said.also}
    if intents & _OF_ONE:
        return True
    if intents & _LIKING and cue("similar").search(said.text):
        return not said.values(SlotName.CATEGORY)
    return Intent.DISLIKE in intents and bool(_IT.search(said.text))


def _takes_all(said: Understanding) -> bool:
    """都加购物车, "add all of them": which of those on screen is to be asked; it is not the last one alone."""
    return said.intent is Intent.ADD_TO_CART and bool(_EACH.search(said.text))


def _similar(said: Understanding, before: Before) -> bool:
    """ "Something like the second one" names a shown item as the pattern of what is wanted."""
    pointing = bool(said.item_refs and pointed_at(said, before.page))
    return pointing and said.intent in _LIKING and bool(cue("similar").search(said.text))


def _more_like_it(said: Understanding) -> Understanding:
    if said.intent is Intent.LIKE:
        return replace(said, also=(*(also for also in said.also if also not in _REPLACED), Intent.REFINE))
    return replace(said, intent=Intent.REFINE)
