"""What the shopper wants so far: a pure fold over the turns.

`advance(need, understanding) -> need` has no memory of its own, so a restart rebuilds the need from the transcript and
staff can replay any conversation. Money reaches it already converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from bot.cues import cue
from bot.plain import clean
from bot.understanding.firmness import firm_parts
from bot.understanding.relative import direction
from bot.understanding.release import PRICE, lets_go, names_a_part, released
from bot.understanding.stars import RATING, least_rating, place_of_stars, without_stars
from recommender.relaxing import EVERYTHING
from storage.records import WISHED_SLOTS, Intent, Need, PriceRange, Slot, SlotName, Understanding, Wish

_NEW_NEED = frozenset({Intent.SEARCH, Intent.INSPIRE})
# A thing of one Chinese character that the vocabulary does not know is a torn word.
_TORN = re.compile(r"[\u4e00-\u9fff]")
# What is said of one kind of thing; colour, price, and whom it is for go along to the next.
_OF_A_KIND = frozenset({SlotName.FEATURE, SlotName.MATERIAL, SlotName.SIZE})
_ADDED_UP = frozenset({SlotName.OCCASION, SlotName.FEATURE})
_TO_THE_SHOP = frozenset({Intent.SHIPPING, Intent.PAYMENT, Intent.RETURN_REFUND, Intent.ORDER_STATUS})
_THINGS = frozenset({SlotName.CATEGORY, SlotName.BRAND})
_NAMES = re.compile(r"[^\W_]")  # a sign alone names nothing, and would be a blank button
# "Longer", "a bit bigger", 长一点: how another size would compare, and none itself.
_COMPARED = re.compile(
    r"^(?:a (?:bit|little) |much |slightly )?(?:longer|shorter|wider|narrower|thicker|thinner|bigger|larger|smaller"
    r"|deeper|taller|looser|tighter)(?: ones?| size)?$|^[大小长短宽窄厚薄高低松紧]一?[点些]儿?的?$"
    r"|^too (?:big|small|large|long|short|wide|narrow|tight|loose)$|^(?:太|偏|比较)[大小长短宽窄厚薄高低松紧]的?$",
    re.IGNORECASE,
)
_MODEL = re.compile(r"(?!size|inch)[a-z]{4,}[ -]?\d+\w*", re.IGNORECASE)  # "iphone 15" is no size
_BULK = re.compile(
    r"\b(?:too|so|very|that|not|n['’]?t) (?P<en>big|huge|large|bulky|small|tiny)$|[太很不](?P<zh>[大小])$"
)
_OF_RATINGS = re.compile(r"(?:好评|评价|评分|口碑|reviews?\b|ratings?\b|stars?\b|rated\b)", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_A_STORY, _A_STORY_ZH = 6, 18  # spaces between words, Chinese characters
_CENT = Decimal("0.01")
_SPACES = re.compile(r"[\s,.;:!?，。；：！？、\"'“”‘’()（）]+")


def advance(
    need: Need, understanding: Understanding, price: PriceRange | None = None, now: datetime | None = None
) -> Need:
    """The need after one more message.

    Args:
        need: what was wanted before.
        understanding: what this message said.
        price: its price limit in the shop's currency, None where it said none.
        now: the instant of the turn; a new need begins then.
    """
    intents = {understanding.intent, *understanding.also}
    if intents & _NEW_NEED or (Intent.REFINE in intents and need.empty):
        return begin(understanding, price, now)
    if Intent.REFINE in intents:
        return _refine(need, understanding, price)
    return replace(need, language=understanding.language, asked=None)


def begin(said: Understanding, price: PriceRange | None = None, now: datetime | None = None) -> Need:
    """A new need from one message, whatever was wanted before."""
    need = Need(
        query=_words_sought(said, *(("inspiring",) if said.intent is Intent.INSPIRE else ())),
        language=said.language,
        price=price,
        price_said=said.price and price and said.price,
        since=now,
    )
    wishes = _merged((), _wishes(_readable(said)))
    need = replace(need, wishes=wishes, firm=_firmer(need, firm_parts(said)))
    best, least = by_rating(said.text), least_rating(said.text)
    return replace(need, cheapest=by_price(said.text), best_rated=best, least_rating=least)


def _refine(need: Need, said: Understanding, price: PriceRange | None) -> Need:
    gone, limited = released(said.text, need), need.least_rating is not None
    need, least = _without(need, gone), least_rating(said.text, limited)
    said = without_stars(said, limited)
    fresh = _wishes(slot for slot in _readable(said) if slot.name.value not in gone)
    need = _without_the_last(need, said, fresh)
    if PRICE in gone:
        price = None
    if _names_another(need, fresh):
        kept = tuple(w for w in need.wishes if w.name not in _OF_A_KIND)
        need = replace(
            need, query=_words_sought(said), wishes=kept, like_product="", looks=(), cheapest=False, best_rated=False
        )
    elif not (fresh or price or gone or said.price or least or ranks(said) or direction(said.text) or said.item_refs):
        fresh = _own_words(said)
    return replace(
        need,
        language=said.language,
        wishes=_merged(need.wishes, fresh),
        price=price or need.price,
        price_said=said.price if price else need.price_said,
        asked=None,
        cheapest=by_price(said.text) or (need.cheapest and not by_rating(said.text)),
        best_rated=need.best_rated or by_rating(said.text),
        least_rating=least or need.least_rating,
        firm=_firm_after(need, said, fresh, price),
    )


def _without_the_last(need: Need, said: Understanding, fresh: tuple[Wish, ...]) -> Need:
    """ "Something for the garden instead": in the place of the cooking that was said last, and not beside it."""
    if not fresh or not all(wish.name in _ADDED_UP and not wish.negated for wish in fresh):
        return need
    said_before = [wish for wish in need.wishes if wish.name in _ADDED_UP and not wish.negated]
    if not said_before or not cue("in-its-place").search(said.text):
        return need
    return replace(need, wishes=tuple(wish for wish in need.wishes if wish is not said_before[-1]))


def _firm_after(need: Need, said: Understanding, fresh: tuple[Wish, ...], price: PriceRange | None) -> tuple[str, ...]:
    """Which limits are musts after a change: a limit said anew is as firm as it is said now."""
    anew = {w.name.value for w in fresh if not w.negated} | ({PRICE} if price else set())
    anew |= {RATING} if least_rating(said.text) else set()
    return tuple(sorted({*(part for part in need.firm if part not in anew), *firm_parts(said)}))


def _without(need: Need, gone: frozenset[str]) -> Need:
    """The need without the parts that were let go of."""
    if PRICE in gone:
        need = replace(need, price=None, price_said=None)
    if RATING in gone:
        need = replace(need, least_rating=None, best_rated=False)
    return replace(need, wishes=tuple(w for w in need.wishes if w.name.value not in gone))


def _own_words(said: Understanding) -> tuple[Wish, ...]:
    """ "She likes gardening": a change that no slot holds is kept as it was said, to be searched for and dropped."""
    words = "" if names_a_part(said.text) or cue("similar").search(said.text) else residue(said)
    return (Wish(SlotName.FEATURE, words, words),) if words else ()


def _names_another(need: Need, fresh: tuple[Wish, ...]) -> bool:
    """Whether the kind of thing changes: "boots instead". Its limits stay, what was said of the old kind goes."""
    kinds = {w.value for w in fresh if w.name is SlotName.CATEGORY and not w.negated}
    return bool(kinds) and not kinds & {w.value for w in need.wishes if w.name is SlotName.CATEGORY}


def by_price(text: str) -> bool:
    """Whether the lowest price is what counts: "the cheapest one"."""
    return bool(cue("cheapest").search(text))


def by_rating(text: str) -> bool:
    """Whether good ratings are asked for: "the best rated", "with good reviews", 评价好的."""
    return bool(cue("best-rated").search(text))


def of_ratings(text: str) -> bool:
    """Whether the words are about how well things are rated: which go first, or which will do."""
    return by_rating(text) or least_rating(text) is not None


def ranks(said: Understanding) -> bool:
    """Whether an order of the page is asked for, or a rating."""
    return by_price(said.text) or of_ratings(said.text)


def _wishes(slots: Iterable[Slot]) -> tuple[Wish, ...]:
    named = (
        slot for slot in slots if slot.name in WISHED_SLOTS and _NAMES.search(clean(slot.value)) and not _torn(slot)
    )
    return tuple(Wish(slot.name, slot.value, slot.text, slot.negated) for slot in named)


def _readable(said: Understanding) -> list[Slot]:
    """The slots; as properties what was taken for a price and is none ("256GB"), so that nothing goes unseen, and for
    a size and is none ("longer", 大一点), which must not take the place of one. How well it is rated is none.
    """
    rated = of_ratings(said.text) or lets_go(said.text)
    return [
        replace(slot, name=SlotName.FEATURE, value=slot.text)
        if (slot.name is SlotName.PRICE and not said.price and re.search(r"\d", slot.text))
        or (slot.name is SlotName.SIZE and (_COMPARED.search(slot.text) or _MODEL.fullmatch(slot.text)))
        else slot
        for slot in map(partial(_bulk_in_words, text=said.text), without_stars(said).slots)
        if slot.name is not SlotName.FEATURE or not (by_rating(slot.text) or (rated and _OF_RATINGS.match(slot.text)))
    ]


def _bulk_in_words(slot: Slot, text: str) -> Slot:
    """ "Not huge", 太大了, 不太大: how big a thing may be, and no letter on a label. "Not in large" is one."""
    said = text[: slot.end].casefold()
    found = _BULK.search(said) if slot.name is SlotName.SIZE else None
    if found is None:
        return slot
    words = f"太{found['zh']}" if found["zh"] else f"too {found['en']}"
    return replace(slot, name=SlotName.FEATURE, value=words, text=words, negated=True)


def _torn(slot: Slot) -> bool:
    return slot.name in _THINGS and bool(_TORN.fullmatch(slot.value))


def _merged(old: tuple[Wish, ...], fresh: tuple[Wish, ...]) -> tuple[Wish, ...]:
    """Fresh wishes win: a new colour replaces the old one, "not red" takes red back. Occasions and features add up."""
    replaced = {w.name for w in fresh if not w.negated} - _ADDED_UP
    said = {(w.name, w.value) for w in fresh}
    kept = [w for w in old if (w.name, w.value) not in said and (w.negated or w.name not in replaced)]
    unique = dict.fromkeys((w.name, w.value, w.negated) for w in fresh)
    firsts = {key: next(w for w in fresh if (w.name, w.value, w.negated) == key) for key in unique}
    return (*kept, *firsts.values())


def _words_sought(said: Understanding, *more: str) -> str:
    """The words to search by beside the slots. Where a kind of thing is named and so much is left, the rest tells of
    the shopper, of moving house or of a lift, and names nothing of the thing.
    """
    rest = residue(said, *more)
    named = any(slot.name is SlotName.CATEGORY and not slot.negated for slot in said.slots)
    return "" if named and (rest.count(" ") >= _A_STORY or len(_HAN.findall(rest)) >= _A_STORY_ZH) else rest


def residue(said: Understanding, *more: str) -> str:
    """The shopper's words that no slot covers and that name something: "vertical" of "a vertical mouse under $50".

    `more` names further cue files whose words name nothing here.
    """
    if _TO_THE_SHOP & {said.intent, *said.also}:
        more = (*more, "shop-topics")
    letters = list(said.text)
    for start, end in (*((slot.start, slot.end) for slot in said.slots), place_of_stars(said.text)):
        letters[start:end] = " " * (end - start)
    rest = clean("".join(letters))
    for cues in (*more, "best-rated", "asking-en", "asking-zh"):
        rest = cue(cues).sub(" ", rest)
    rest = re.sub(r"[$€£¥￥]?\d[\d.,]*", " ", rest) if said.price else rest
    words = _SPACES.sub(" ", rest).split()
    # A single Chinese character left between slots ("或", "长") is grammar, not a thing.
    kept = (word for word in words if _NAMES.search(word) and (len(word) > 1 or word.isascii()))
    return " ".join(kept)[:200].strip()


def cheaper_than(need: Need, price: Decimal, currency: str) -> Need:
    """The need with a limit just under `price` (one minor unit); a lower end that was said stays."""
    limit = price - _CENT
    least = need.price.min if need.price and need.price.min is not None and need.price.min <= limit else None
    return replace(need, price=PriceRange(least, limit, currency), price_said=None, firm=_firmer(need, {PRICE}))


def dearer_than(need: Need, price: Decimal, currency: str) -> Need:
    """The need with a limit just over `price`; an upper end that was said stays."""
    limit = price + _CENT
    most = need.price.max if need.price and need.price.max is not None and need.price.max >= limit else None
    return replace(need, price=PriceRange(limit, most, currency), price_said=None, firm=_firmer(need, {PRICE}))


def _firmer(need: Need, parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*need.firm, *parts}))


def like_product(need: Need, product_id: str, now: datetime | None) -> Need:
    """More like this one: the product is the anchor, hard wishes stay."""
    return replace(need, like_product=product_id, looks=(), since=need.since or now)


def drop(need: Need, key: str) -> Need:
    """The need without the part a chip stands for ("price", "rating", "like", "look", "query", "w<i>"); an unknown
    key drops nothing.

    "exact" drops the leave to let limits out where too little fits them all, "inexact" gives it back.
    """
    match key:
        case "exact":
            return replace(need, firm=_firmer(need, {EVERYTHING}))
        case "inexact":
            return replace(need, firm=tuple(part for part in need.firm if part != EVERYTHING))
        case "price":
            return replace(need, price=None, price_said=None, firm=tuple(part for part in need.firm if part != PRICE))
        case "rating":
            return replace(need, least_rating=None, firm=tuple(part for part in need.firm if part != RATING))
        case "like":
            return replace(need, like_product="")
        case "look":
            return replace(need, looks=())
        case "query":
            return replace(need, query="")
        case _ if re.fullmatch(r"w\d{1,2}", key) and int(key[1:]) < len(need.wishes):
            index = int(key[1:])
            return replace(need, wishes=need.wishes[:index] + need.wishes[index + 1 :])
        case _:
            return need
