"""What a message says of the shopper for good, not of the wish of the moment: "I never want polyester", 我穿42码.

Found by a few sure words (bot/cues/keep-*.txt) and the slots beside them. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.cues import cue
from bot.money import Rates
from bot.understanding.size_charts import with_regions
from storage.preferences import Preference, Stance
from storage.records import Intent, Slot, SlotName, Understanding, Vocabulary

_KEPT = (SlotName.BRAND, SlotName.COLOR, SlotName.MATERIAL, SlotName.SIZE, SlotName.CATEGORY)
_LIKED = tuple(slot for slot in _KEPT if slot is not SlotName.CATEGORY)
_TORN_FROM = ("keep-never", "keep-avoid")
_STATING = (*_TORN_FROM, "keep-like", "keep-usual")
_CENT = Decimal("0.01")


def statements_in(said: Understanding, rates: Rates, vocabulary: Vocabulary) -> tuple[Preference, ...]:
    """The preferences that a message states, in its order; none for a wish of the moment."""
    text, said = said.text, without_cue(with_regions(said))
    if cue("keep-usual").search(text) and said.price and (usual := _usual(said, rates)):
        return (usual,)
    if cue("keep-never").search(text):
        if cue("allergic-other").search(text):
            return ()  # of whom a gift is for
        named = [slot for slot in said.slots if slot.name in _KEPT and not _wished(slot, said)]
        known = [s for s in named if s.name is not SlotName.CATEGORY or (s.name, s.value) in vocabulary.by_value]
        return tuple(_kept(Stance.NEVER, slot) for slot in known)
    if cue("keep-avoid").search(text):
        named = [slot for slot in said.slots if slot.name in _LIKED]
        return tuple(_kept(Stance.AVOID, slot) for slot in named if slot.name is not SlotName.SIZE)
    if cue("keep-like").search(text):
        liked = [slot for slot in said.slots if slot.name in _LIKED and not slot.negated]
        never = [slot for slot in said.slots if slot.name in _LIKED and slot.negated]
        return (
            *(_kept(Stance.LIKE, slot) for slot in liked),
            *(_kept(Stance.NEVER, slot) for slot in never if _for_good(text)),
        )
    return ()


def _for_good(text: str) -> bool:
    """Whether what is hated is never wanted: "I hate polyester, remember that"."""
    return bool(cue("keep-never").search(text) or cue("keep-in-mind").search(text))


def refusing(said: Understanding, stated: tuple[Preference, ...]) -> Understanding:
    """The message with what is never wanted as refused: "I can't wear wool" wishes for no wool."""
    never = {(each.slot, each.value) for each in stated if each.stance is Stance.NEVER}
    slots = tuple(replace(s, negated=True) if (s.name.value, s.value) in never else s for s in said.slots)
    return replace(said, slots=slots)


def without_cue(said: Understanding) -> Understanding:
    """The message without slots that are torn from the words that make it a statement, as 永远 of 永远不要."""
    stands = [found.span() for name in _TORN_FROM if (found := cue(name).search(said.text))]
    kept = tuple(s for s in said.slots if not any(start <= s.start and s.end <= end for start, end in stands))
    return said if kept == said.slots else replace(said, slots=kept)


def wished_beside(said: Understanding, stated: tuple[Preference, ...], vocabulary: Vocabulary) -> Understanding | None:
    """The search that a message begins beside what it states: "women's shoes, I wear a US 7"; None where it begins
    none.
    """
    if Intent.SEARCH not in (said.intent, *said.also):
        return None
    said = refusing(without_cue(with_regions(said)), stated)
    apart = {(each.slot, each.value) for each in stated}
    stating = [found.span() for name in _STATING if (found := cue(name).search(said.text))]
    things = [
        slot
        for slot in said.slots
        if slot.name is SlotName.CATEGORY
        and not slot.negated
        and (slot.name, slot.value) in vocabulary.by_value
        and (slot.name.value, slot.value) not in apart
        and not any(start < slot.end and slot.start < end for start, end in stating)
    ]
    if not things:
        return None
    avoided = {each.value for each in stated if each.stance is Stance.AVOID}  # it moves the page's order only
    usual = any(each.stance is Stance.USUAL for each in stated)
    letters = list(said.text)
    for start, end in stating:
        inside = {at for slot in said.slots for at in range(slot.start, slot.end)}
        letters[start:end] = (letter if at in inside else " " for at, letter in enumerate(letters[start:end], start))
    return replace(
        said,
        text="".join(letters),
        intent=Intent.SEARCH,
        also=(),
        slots=tuple(slot for slot in said.slots if slot.value not in avoided),
        price=None if usual else said.price,
    )


def _wished(slot: Slot, said: Understanding) -> bool:
    """The sofas of "show me sofas, I never want leather", the sweater of 我对羊毛过敏，想要件毛衣."""
    never = cue("keep-never").search(said.text)
    if slot.name is not SlotName.CATEGORY or slot.negated or never is None:
        return False
    searched = Intent.SEARCH in (said.intent, *said.also)
    refused = any(other.name is not SlotName.CATEGORY and other.name in _KEPT and other.negated for other in said.slots)
    return slot.end <= never.start() or (searched and refused)


def named_in(said: Understanding, stance: Stance, slots: tuple[SlotName, ...] = _KEPT) -> tuple[Preference, ...]:
    """What an answer names: "42", "Velmora and Osterlyn"."""
    return tuple(_kept(stance, slot) for slot in said.slots if slot.name in slots)


def _kept(stance: Stance, slot: object) -> Preference:
    name, value, text = (getattr(slot, part) for part in ("name", "value", "text"))
    return Preference(stance, SlotName(name).value, value, text)


def _usual(said: Understanding, rates: Rates) -> Preference | None:
    """About what is spent: the middle of a range, the limit where there is one end only."""
    price = rates.to_shop(said.price) if said.price else None
    if price is None:
        return None
    ends = [end for end in (price.min, price.max) if end is not None]
    amount = (sum(ends, Decimal(0)) / len(ends)).quantize(_CENT)
    return Preference(Stance.USUAL, SlotName.PRICE.value, f"{amount} {rates.currency}", "")
