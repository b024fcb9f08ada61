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

from bot.cues import cue
from bot.plain import clean
from storage.records import Intent, Need, PriceRange, Slot, SlotName, Understanding, Wish

_WISHED = frozenset(
    {
        SlotName.CATEGORY,
        SlotName.BRAND,
        SlotName.COLOR,
        SlotName.MATERIAL,
        SlotName.SIZE,
        SlotName.AUDIENCE,
        SlotName.OCCASION,
        SlotName.FEATURE,
    }
)
_NEW_NEED = frozenset({Intent.SEARCH, Intent.INSPIRE})
_NAMES = re.compile(r"[^\W_]")  # a sign alone names nothing, and would be a blank button
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
        query=residue(said),
        language=said.language,
        price=price,
        price_said=said.price and price and said.price,
        since=now,
    )
    return replace(need, wishes=_merged((), _wishes(said.slots)), cheapest=_superlative(said))


def _refine(need: Need, said: Understanding, price: PriceRange | None) -> Need:
    fresh = _wishes(said.slots)
    if _names_another(need, fresh):
        need = replace(need, query=residue(said), like_product="", cheapest=False)
    return replace(
        need,
        language=said.language,
        wishes=_merged(need.wishes, fresh),
        price=price or need.price,
        price_said=said.price if price else need.price_said,
        asked=None,
        cheapest=need.cheapest or _superlative(said),
    )


def _names_another(need: Need, fresh: tuple[Wish, ...]) -> bool:
    """Whether the kind of thing changes: "boots instead". Its limits stay, what was said of the old kind goes."""
    kinds = {w.value for w in fresh if w.name is SlotName.CATEGORY and not w.negated}
    return bool(kinds) and not kinds & {w.value for w in need.wishes if w.name is SlotName.CATEGORY}


def _superlative(said: Understanding) -> bool:
    """Whether the lowest price is what counts: "the cheapest one"."""
    return bool(cue("cheapest").search(said.text))


def _wishes(slots: Iterable[Slot]) -> tuple[Wish, ...]:
    named = (slot for slot in slots if slot.name in _WISHED and _NAMES.search(clean(slot.value)))
    return tuple(Wish(slot.name, slot.value, slot.text, slot.negated) for slot in named)


def _merged(old: tuple[Wish, ...], fresh: tuple[Wish, ...]) -> tuple[Wish, ...]:
    """Fresh wishes win: a new colour replaces the old one, "not red" takes red back. Occasions and features add up."""
    replaced = {w.name for w in fresh if not w.negated} - {SlotName.OCCASION, SlotName.FEATURE}
    said = {(w.name, w.value) for w in fresh}
    kept = [w for w in old if (w.name, w.value) not in said and (w.negated or w.name not in replaced)]
    unique = dict.fromkeys((w.name, w.value, w.negated) for w in fresh)
    firsts = {key: next(w for w in fresh if (w.name, w.value, w.negated) == key) for key in unique}
    return (*kept, *firsts.values())


def residue(said: Understanding) -> str:
    """The shopper's words that no slot covers and that name something: "vertical" of "a vertical mouse under $50"."""
    letters = list(said.text)
    for slot in said.slots:
        letters[slot.start : slot.end] = " " * (slot.end - slot.start)
    rest = cue("asking-zh").sub(" ", cue("asking-en").sub(" ", clean("".join(letters))))
    rest = re.sub(r"[$€£¥￥]?\d[\d.,]*", " ", rest) if said.price else rest
    words = _SPACES.sub(" ", rest).split()
    # A single Chinese character left between slots ("或", "长") is grammar, not a thing.
    kept = (word for word in words if _NAMES.search(word) and (len(word) > 1 or word.isascii()))
    return " ".join(kept)[:200].strip()


def cheaper_than(need: Need, price: Decimal, currency: str) -> Need:
    """The need with a limit just under `price` (one minor unit)."""
    limit = PriceRange(max=price - Decimal("0.01"), currency=currency)
    return replace(need, price=limit, price_said=None)


def dearer_than(need: Need, price: Decimal, currency: str) -> Need:
    limit = PriceRange(min=price + Decimal("0.01"), currency=currency)
    return replace(need, price=limit, price_said=None)


def like_product(need: Need, product_id: str, now: datetime | None) -> Need:
    """More like this one: the product is the anchor, hard wishes stay."""
    return replace(need, like_product=product_id, since=need.since or now)


def drop(need: Need, key: str) -> Need:
    """The need without the part a chip stands for ("price", "like", "query", "w<i>"); an unknown key drops nothing."""
    match key:
        case "price":
            return replace(need, price=None, price_said=None)
        case "like":
            return replace(need, like_product="")
        case "query":
            return replace(need, query="")
        case _ if re.fullmatch(r"w\d{1,2}", key) and int(key[1:]) < len(need.wishes):
            index = int(key[1:])
            return replace(need, wishes=need.wishes[:index] + need.wishes[index + 1 :])
        case _:
            return need
